import type { UpstreamRequest } from './upstream-request.js';

/** What goes back over the wire. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One exchange's HTTP API. */
export interface ExchangeApi {
  /** The account whose key signed the request, as far as the key is known; for counting and faults. */
  accountOf(request: UpstreamRequest): string | undefined;
  handle(request: UpstreamRequest): Reply;
  /** An error as this exchange writes it. */
  errorReply(code: string, message: string, status?: number): Reply;
}

/** Marks a string that is written as a number; JSON.stringify escapes its first character. */
const INTEGER = '\u0000integer:';
const INTEGER_LITERAL = /"\\u0000integer:(-?\d+)"/g;

/** A JSON number of any size: order numbers beyond 2^53 are numbers at some exchanges. */
export function integer(digits: string): string {
  return INTEGER + digits;
}

export function jsonReply(status: number, body: unknown, headers: Reply['headers'] = {}): Reply {
  const text = JSON.stringify(body).replace(INTEGER_LITERAL, '$1');
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body: text };
}
