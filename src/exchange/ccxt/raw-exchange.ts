import type { CcxtExchange } from '../exchange-session.js';

/*
 * The slice of ccxt 4.5.84's base class that this folder constructs, overrides or calls. It is not a public
 * interface of ccxt's: the version is pinned exactly, and a test fails when one of these is gone.
 */

export interface RawExchangeClass {
  readonly ccxtVersion: string;
  new (config: Readonly<Record<string, unknown>>): RawExchange;
}

/** ccxt's name of an API section: `private`, or a path of names such as `['v5', 'private']`. */
export type ApiSection = string | readonly string[];

export interface RawRequestParams {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string | Buffer | undefined;
}

/** What handleRestResponse reads of a response. */
export interface RawResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  text(): Promise<string>;
  arrayBuffer(): Promise<Buffer>;
}

export interface RawExchange extends CcxtExchange {
  // Replaced on each instance.
  undiciRequest(url: string, params: RawRequestParams): Promise<RawResponse>;
  handleErrors(
    status: number,
    statusText: string,
    url: string,
    method: string,
    headers: Readonly<Record<string, string>>,
    body: string,
    json: unknown,
    requestHeaders: unknown,
    requestBody: unknown,
  ): unknown;
  fetch2(
    path: string,
    api: ApiSection,
    method: string,
    params: object,
    headers: unknown,
    body: unknown,
    config: object,
  ): Promise<unknown>;
  throttle(cost?: number): Promise<void>;
  sign(...request: unknown[]): unknown;
  parseJson(text: string): unknown;
  parseNumber(value: unknown, fallback?: unknown): unknown;
  loadMarkets(reload?: boolean): Promise<unknown>;
  milliseconds(): number;
  nonce(): number;

  // Called or read.
  handleHttpStatusCode(status: number, statusText: string, url: string, method: string, body: string): void;
  setMarketsFromExchange(source: RawExchange): void;
  setMarkets(markets: readonly unknown[], currencies: unknown): unknown;
  readonly currencies: unknown;
  setSandboxMode(enabled: boolean): void;
  fetchTime(): Promise<unknown>;
  marketsLoading: Promise<unknown> | undefined;
  readonly urls: Readonly<Record<string, unknown>>;
  readonly rateLimit: number;
}

/** Everything above that the hardening replaces or relies on. */
export const CCXT_INTERNALS = [
  'undiciRequest',
  'handleRestResponse',
  'handleErrors',
  'handleHttpStatusCode',
  'fetch2',
  'throttle',
  'sign',
  'parseJson',
  'parseNumber',
  'loadMarkets',
  'loadMarketsHelper',
  'milliseconds',
  'nonce',
  'setMarkets',
  'setMarketsFromExchange',
  'setSandboxMode',
] as const;
