import { jsonReply, type Reply } from '../http/reply.js';

/** binance's codes with their HTTP status and sentence (docs: spot, USD-M and COIN-M "Error Codes"). */
// biome-ignore format: a table
export const BINANCE_ERRORS = {
  '-1003': [429, 'Too much request weight used; please use WebSocket Streams for live updates to avoid polling the API.'],
  '-1021': [400, 'Timestamp for this request is outside of the recvWindow.'],
  '-1022': [400, 'Signature for this request is not valid.'],
  '-1102': [400, 'Mandatory parameter was not sent, was empty/null, or malformed.'],
  '-1120': [400, 'Invalid interval.'],
  '-1121': [400, 'Invalid symbol.'],
  '-1127': [400, 'More than 24 hours between startTime and endTime.'],
  '-1128': [400, 'Combination of optional parameters invalid.'],
  '-1131': [400, 'recvWindow must be less than 60000.'],
  '-2013': [400, 'Order does not exist.'],
  '-2014': [401, 'API-key format invalid.'],
  '-2015': [401, 'Invalid API-key, IP, or permissions for action.'],
  '-4165': [400, 'Maximum time interval is 7 days.'],
} as const;

export type BinanceErrorCode = keyof typeof BINANCE_ERRORS;

/** Refuses a request as binance does: an HTTP status, a code and a sentence. */
export class BinanceError extends Error {
  override readonly name = 'BinanceError';
  readonly code: BinanceErrorCode;

  constructor(code: BinanceErrorCode, message: string = BINANCE_ERRORS[code][1]) {
    super(message);
    this.code = code;
  }
}

export function missingParameter(name: string): BinanceError {
  return new BinanceError(
    '-1102',
    `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`,
  );
}

/** `status` where it is not the usual one of the code; 400 for codes that are not in the table. */
export function binanceErrorReply(
  code: string,
  message: string,
  { status, headers = {} }: { status?: number | undefined; headers?: Reply['headers'] } = {},
): Reply {
  const known = Object.entries(BINANCE_ERRORS).find(([one]) => one === code)?.[1];
  return jsonReply(status ?? known?.[0] ?? 400, { code: Number(code), msg: message }, headers);
}
