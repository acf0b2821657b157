import { createHmac, timingSafeEqual } from 'node:crypto';
import type { UpstreamRequest } from '../http/upstream-request.js';
import type { SimulatedAccount } from '../world/account.js';
import type { World } from '../world/world.js';
import { OkxError, type OkxErrorCode } from './okx-errors.js';

/** A request may be this far from the server's time. */
const WINDOW_MS = 30_000;

const REQUIRED: readonly (readonly [header: string, missing: OkxErrorCode])[] = [
  ['ok-access-key', 50103],
  ['ok-access-passphrase', 50104],
  ['ok-access-sign', 50106],
  ['ok-access-timestamp', 50107],
];

const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/;

export function okxApiKey({ headers }: UpstreamRequest): string | undefined {
  const key = headers['ok-access-key'];
  return typeof key === 'string' ? key : undefined;
}

/**
 * The account that signed: HMAC-SHA256 over time, method, path with query, and body, in Base64 (docs: "REST
 * Authentication"). Throws what okx answers to each thing that is wrong.
 */
export function authenticateOkx(request: UpstreamRequest, world: World): SimulatedAccount {
  const header = (name: string) => String(request.headers[name] ?? '');
  for (const [name, missing] of REQUIRED) if (header(name) === '') throw new OkxError(missing);
  const timestamp = header('ok-access-timestamp');
  checkTime(timestamp, world.now());
  const apiKey = header('ok-access-key');
  const account = world.accountByKey('okx', apiKey);
  if (account === undefined) throw new OkxError(isKnownOnce(world, apiKey) ? 50119 : 50111);
  if (account.keyState === 'expired') throw new OkxError(50119);
  // There are no keys of demo trading here.
  if (header('x-simulated-trading') === '1') throw new OkxError(50101);
  const query = request.rawQuery === '' ? '' : `?${request.rawQuery}`;
  const payload = `${timestamp}${request.method}${request.path}${query}${request.body}`;
  const expected = createHmac('sha256', account.identity.secret).update(payload).digest();
  const signature = Buffer.from(header('ok-access-sign'), 'base64');
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected))
    throw new OkxError(50113);
  if (header('ok-access-passphrase') !== account.identity.passphrase) throw new OkxError(50105);
  return account;
}

/** One that was deleted. */
function isKnownOnce({ accounts }: World, apiKey: string): boolean {
  return accounts.some(({ identity }) => identity.exchange === 'okx' && identity.apiKey === apiKey);
}

function checkTime(timestamp: string, nowMs: number): void {
  if (!ISO_TIME.test(timestamp)) throw new OkxError(50112);
  if (Math.abs(Date.parse(timestamp) - nowMs) > WINDOW_MS) throw new OkxError(50102);
}
