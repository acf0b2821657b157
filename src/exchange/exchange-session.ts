import type { ScopeId } from '../domain/scope-read.js';
import type { ReadContext } from './exchange-client.js';

/**
 * The slice of a ccxt exchange that readers use. Markets are loaded, `number` is String, the transport is
 * hardened. Unified methods are called as `exchange.fetchBalance(params)`.
 */
export interface CcxtExchange {
  readonly id: string;
  readonly has: Readonly<Record<string, boolean | 'emulated' | undefined>>;
  readonly features: Readonly<Record<string, unknown>> | undefined;
  readonly markets: Readonly<Record<string, CcxtMarket>>;
  /** An id can stand for a market of each kind. */
  readonly markets_by_id: Readonly<Record<string, readonly CcxtMarket[]>> | undefined;
  readonly options: Record<string, unknown>;
  readonly requiredCredentials: Readonly<Record<string, boolean>>;
  fetchBalance(params?: object): Promise<unknown>;
  fetchPositions(symbols?: readonly string[], params?: object): Promise<unknown>;
  fetchOpenOrders(symbol?: string, since?: number, limit?: number, params?: object): Promise<unknown>;
  fetchClosedOrders(symbol?: string, since?: number, limit?: number, params?: object): Promise<unknown>;
  fetchCanceledAndClosedOrders(
    symbol?: string,
    since?: number,
    limit?: number,
    params?: object,
  ): Promise<unknown>;
  fetchOrders(symbol?: string, since?: number, limit?: number, params?: object): Promise<unknown>;
  fetchOrder(id: string, symbol?: string, params?: object): Promise<unknown>;
  fetchTickers(symbols?: readonly string[], params?: object): Promise<unknown>;
  fetchOHLCV(
    symbol: string,
    timeframe: string,
    since: number,
    limit: number,
    params?: object,
  ): Promise<unknown>;
  /** The implicit, unparsed endpoints, e.g. `privateGetV5OrderRealtime`. */
  readonly [implicit: string]: unknown;
}

export interface CcxtMarket {
  readonly id: string;
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly settle?: string;
  readonly type: string;
  readonly spot?: boolean;
  readonly swap?: boolean;
  readonly future?: boolean;
  readonly option?: boolean;
  readonly linear?: boolean;
  readonly inverse?: boolean;
  readonly active?: boolean;
  readonly contractSize?: string | number;
  /** The exchange's own name of the base currency. */
  readonly baseId?: string;
  /** The exchange's own terms. */
  readonly info?: unknown;
}

/** What one guarded call is for. */
export interface CallPurpose {
  readonly context: ReadContext;
  /** For messages and for suspending what the key may not read. */
  readonly scope: ScopeId;
  /** `fetchBalance`, for messages. */
  readonly method: string;
}

/** One ccxt client behind limiter, retries, circuit breaker and deadline. */
export interface ExchangeSession {
  readonly exchange: string;
  /** For what needs no request: markets, options, capabilities. */
  readonly ccxt: CcxtExchange;
  /**
   * Runs `work` (one unified or implicit call, one page) under the guard. Rejects with an
   * ExchangeSyncError whose code says what happened.
   */
  call<T>(purpose: CallPurpose, work: (ccxt: CcxtExchange) => Promise<T>): Promise<T>;
}
