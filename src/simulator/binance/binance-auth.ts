import { createHmac, timingSafeEqual } from 'node:crypto';
import type { UpstreamRequest } from '../http/upstream-request.js';
import type { SimulatedAccount } from '../world/account.js';
import type { World } from '../world/world.js';
import { BinanceError, missingParameter } from './binance-errors.js';

const DEFAULT_RECV_WINDOW_MS = 5_000;
const LONGEST_RECV_WINDOW_MS = 60_000;
/** A request may come from this far in the server's future. */
const AHEAD_MS = 1_000;

export function binanceApiKey({ headers }: UpstreamRequest): string | undefined {
  const key = headers['x-mbx-apikey'];
  return typeof key === 'string' ? key : undefined;
}

/** Query and form body together, as binance reads them. */
export function binanceParameters(request: UpstreamRequest): URLSearchParams {
  return new URLSearchParams([request.rawQuery, request.body].filter((part) => part !== '').join('&'));
}

/**
 * The account that signed: HMAC-SHA256 over query and body as sent, without the signature itself (docs:
 * "SIGNED Endpoint security"). Throws what binance answers to each thing that is wrong.
 */
export function authenticateBinance(request: UpstreamRequest, world: World): SimulatedAccount {
  const apiKey = binanceApiKey(request) ?? '';
  if (!/^[A-Za-z0-9]{64}$/.test(apiKey)) throw new BinanceError('-2014');
  const account = world.accountByKey('binance', apiKey);
  if (account === undefined || account.keyState !== 'valid') throw new BinanceError('-2015');
  checkTime(binanceParameters(request), world.now());
  const signed = request.rawQuery + request.body;
  const [, payload = '', signature = ''] = /^(.*?)&?signature=([^&]*)$/s.exec(signed) ?? [];
  if (signature === '') throw missingParameter('signature');
  const expected = createHmac('sha256', account.identity.secret).update(payload).digest();
  const given = Buffer.from(signature, 'hex');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new BinanceError('-1022');
  }
  return account;
}

function checkTime(parameters: URLSearchParams, nowMs: number): void {
  const timestampMs = Number(parameters.get('timestamp') ?? Number.NaN);
  if (!Number.isSafeInteger(timestampMs)) throw missingParameter('timestamp');
  const windowMs = Number(parameters.get('recvWindow') ?? DEFAULT_RECV_WINDOW_MS);
  if (!(windowMs <= LONGEST_RECV_WINDOW_MS)) throw new BinanceError('-1131');
  if (timestampMs >= nowMs + AHEAD_MS) {
    throw new BinanceError('-1021', "Timestamp for this request was 1000ms ahead of the server's time.");
  }
  if (nowMs - timestampMs > windowMs) throw new BinanceError('-1021');
}
