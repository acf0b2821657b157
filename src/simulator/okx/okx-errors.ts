import { jsonReply, type Reply } from '../http/reply.js';

/** okx's own codes with HTTP status and sentence (docs: "Error Code", REST API). */
// biome-ignore format: a table
export const OKX_ERRORS = {
  50001: [503, 'Service temporarily unavailable. Try again later'],
  50011: [429, 'Too Many Requests'],
  50014: [400, 'Parameter {param0} cannot be empty.'],
  50101: [401, 'APIKey does not match current environment.'],
  50102: [401, 'Timestamp request expired'],
  50103: [401, 'Request header OK-ACCESS-KEY can not be empty.'],
  50104: [401, 'Request header OK-ACCESS-PASSPHRASE can not be empty.'],
  50105: [401, 'Request header OK-ACCESS-PASSPHRASE incorrect.'],
  50106: [401, 'Request header OK-ACCESS-SIGN can not be empty.'],
  50107: [401, 'Request header OK-ACCESS-TIMESTAMP can not be empty.'],
  50111: [401, 'Invalid OK-ACCESS-KEY'],
  50112: [401, 'Invalid OK-ACCESS-TIMESTAMP'],
  50113: [401, 'Invalid Sign'],
  50119: [401, "API key doesn't exist"],
  50120: [401, "This API key doesn't have permission to use this function"],
  51000: [400, 'Parameter {param0} error'],
  51603: [200, 'Order does not exist'],
} as const;

export type OkxErrorCode = keyof typeof OKX_ERRORS;

/** Refuses a request in okx's envelope. */
export class OkxError extends Error {
  override readonly name = 'OkxError';
  readonly code: OkxErrorCode;

  constructor(code: OkxErrorCode, parameter = '') {
    super(OKX_ERRORS[code][1].replace('{param0}', parameter));
    this.code = code;
  }
}

export function okxReply(data: readonly unknown[]): Reply {
  return jsonReply(200, { code: '0', data, msg: '' });
}

export function okxErrorReply(code: string, message: string, status?: number): Reply {
  const known = (OKX_ERRORS as Readonly<Record<string, readonly [number, string]>>)[code];
  return jsonReply(status ?? known?.[0] ?? 200, { code, data: [], msg: message });
}
