import { jsonReply, type Reply } from '../http/reply.js';

/** bybit's own codes with its sentences (docs: v5 "Error Codes"). Most come with HTTP status 200. */
// biome-ignore format: a table
export const BYBIT_ERRORS = {
  10001: 'Request parameter error.',
  10002: 'invalid request, please check your server timestamp or recv_window param.',
  10003: 'API key is invalid.',
  10004: 'error sign!',
  10005: 'Permission denied, please check your API key permissions.',
  10006: 'Too many visits. Exceeded the API Rate Limit.',
  10010: "Unmatched IP, please check your API key's bound IP addresses.",
  10016: 'Server error.',
  33004: 'Your api key has expired.',
} as const;

export type BybitErrorCode = keyof typeof BYBIT_ERRORS;

/** Refuses a request in bybit's envelope. */
export class BybitError extends Error {
  override readonly name = 'BybitError';
  readonly code: BybitErrorCode;

  constructor(code: BybitErrorCode, message: string = BYBIT_ERRORS[code]) {
    super(message);
    this.code = code;
  }
}

export function bybitReply(nowMs: number, result: unknown, headers: Reply['headers'] = {}): Reply {
  return jsonReply(200, { retCode: 0, retMsg: 'OK', result, retExtInfo: {}, time: nowMs }, headers);
}

export function bybitErrorReply(
  nowMs: number,
  code: number,
  message: string,
  { status = 200, headers = {} }: { status?: number; headers?: Reply['headers'] } = {},
): Reply {
  const body = { retCode: code, retMsg: message, result: {}, retExtInfo: {}, time: nowMs };
  return jsonReply(status, body, headers);
}
