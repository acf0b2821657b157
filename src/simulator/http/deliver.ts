import type { ServerResponse } from 'node:http';
import type { Clock } from '../../domain/clock.js';
import type { FaultEffect } from './faults.js';
import type { ExchangeApi, Reply } from './reply.js';

const MAINTENANCE_PAGE =
  '<!DOCTYPE html><html><head><title>Maintenance</title></head><body><h1>We will be back soon</h1></body></html>';

interface Delivery {
  readonly api: ExchangeApi;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The true answer; asked for only when it is sent, at least in part. */
  readonly truth: () => Reply;
}

/** Sends the true answer, or what the fault makes of it. Resolves with the status that was sent, 0 for none. */
export async function deliver(
  response: ServerResponse,
  effect: FaultEffect | undefined,
  { api, clock, signal, truth }: Delivery,
): Promise<number> {
  switch (effect?.kind) {
    case 'reset':
      if (effect.during === 'body') await sendPart(response, truth());
      response.socket?.resetAndDestroy();
      return 0;
    case 'stall':
      return await sendPart(response, truth());
    case 'delay':
      await clock.sleep(effect.delayMs, signal);
      return send(response, truth());
    default:
      return send(response, effect === undefined ? truth() : substitute(effect, api, truth));
  }
}

function substitute(
  effect: Exclude<FaultEffect, { kind: 'reset' | 'stall' | 'delay' }>,
  api: ExchangeApi,
  truth: () => Reply,
): Reply {
  if (effect.kind === 'code') return api.errorReply(effect.code, effect.message ?? 'fault', effect.status);
  if (effect.kind === 'respond') {
    const { status, headers = {}, body = '' } = effect;
    return { status, headers: { 'content-type': 'application/json', ...headers }, body };
  }
  if (effect.kind === 'html') {
    return { status: 200, headers: { 'content-type': 'text/html' }, body: MAINTENANCE_PAGE };
  }
  const whole = truth();
  return { ...whole, body: effect.kind === 'empty' ? '' : whole.body.slice(0, whole.body.length / 2) };
}

function send(response: ServerResponse, { status, headers, body }: Reply): number {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
  return status;
}

/** Announces the whole body and sends half of it, on the wire before this resolves. */
async function sendPart(response: ServerResponse, { status, headers, body }: Reply): Promise<number> {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  const half = body.slice(0, Math.ceil(body.length / 2));
  // The callback also comes, with an error, when the client has gone away meanwhile.
  await new Promise<void>((written) => response.write(half, () => written()));
  return status;
}
