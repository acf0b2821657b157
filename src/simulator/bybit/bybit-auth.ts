import { createHmac, timingSafeEqual } from 'node:crypto';
import type { UpstreamRequest } from '../http/upstream-request.js';
import type { SimulatedAccount } from '../world/account.js';
import type { World } from '../world/world.js';
import { BybitError } from './bybit-errors.js';

const DEFAULT_RECV_WINDOW_MS = 5_000;
/** A request may come from this far in the server's future. */
const AHEAD_MS = 1_000;

export function bybitApiKey({ headers }: UpstreamRequest): string | undefined {
  const key = headers['x-bapi-api-key'];
  return typeof key === 'string' ? key : undefined;
}

/**
 * The account that signed: HMAC-SHA256 over timestamp, key, window and query (or body), hexadecimal (docs:
 * v5 "Integration Guidance"). Throws what bybit answers to each thing that is wrong.
 */
export function authenticateBybit(request: UpstreamRequest, world: World): SimulatedAccount {
  const { headers } = request;
  const apiKey = bybitApiKey(request) ?? '';
  const account = world.accountByKey('bybit', apiKey);
  if (account === undefined) throw new BybitError(10003);
  const timestamp = String(headers['x-bapi-timestamp'] ?? '');
  const window = String(headers['x-bapi-recv-window'] ?? '');
  checkTime(Number(timestamp), window === '' ? DEFAULT_RECV_WINDOW_MS : Number(window), world.now());
  const payload = timestamp + apiKey + window + (request.method === 'GET' ? request.rawQuery : request.body);
  const expected = createHmac('sha256', account.identity.secret).update(payload).digest();
  const signature = Buffer.from(String(headers['x-bapi-sign'] ?? ''), 'hex');
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
    throw new BybitError(10004, `error sign! origin_string[${payload}]`);
  }
  if (account.keyState === 'expired') throw new BybitError(33004);
  return account;
}

function checkTime(timestampMs: number, windowMs: number, nowMs: number): void {
  if (timestampMs >= nowMs - windowMs && timestampMs < nowMs + AHEAD_MS) return;
  throw new BybitError(
    10002,
    'invalid request, please check your server timestamp or recv_window param. ' +
      `req_timestamp[${timestampMs}],server_timestamp[${nowMs}],recv_window[${windowMs}]`,
  );
}
