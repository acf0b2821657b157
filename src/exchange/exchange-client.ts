import type { AccountRef } from '../domain/account.js';
import type { HistoryDataType } from '../domain/data-type.js';
import type { DecimalString } from '../domain/decimal-string.js';
import type { HistoryRecords } from '../domain/history-records.js';
import type { BalanceRecord, OrderRecord, PositionRecord, PriceRecord } from '../domain/records.js';
import type { RejectedHistoryRow, ScopeId, ScopeRead } from '../domain/scope-read.js';
import type { TimeRange } from '../domain/time-range.js';
import type { GuardSnapshot } from './guard/guard-state.js';

/*
 * What sync/ sees of an exchange. Every read is guarded (retries, circuit breaker, deadline, limiter),
 * follows every page and validates every row. It resolves only when the scope was read completely, and
 * rejects with an ExchangeSyncError otherwise.
 */

/** What a read belongs to. */
export interface ReadContext {
  /** Aborting it ends the read, also in the middle of a body or of a wait for the limiter. */
  readonly signal: AbortSignal;
  /** Counts each HTTP request that is sent on behalf of this run. */
  readonly meter: RequestMeter;
  /** A person waits for a trigger; a schedule does not. The limiter serves triggers first. */
  readonly priority: 'trigger' | 'schedule';
  /** A person wants to know whether the key is good by now: it is asked although it is suspended. */
  readonly despiteSuspension?: boolean;
}

export interface RequestMeter {
  requests: number;
}

/** Orders come from two kinds of list: those that are open, and those that ended recently. */
export interface OrderScope {
  readonly id: ScopeId;
  /** The recent orders in which an order that vanished from this list can be found, if the exchange has them. */
  readonly recent?: ScopeId;
  /** The recent list needs a symbol per request (binance). */
  readonly recentNeedsSymbols: boolean;
  /** For how long an order that ends is sure to be in that list. */
  readonly recentKeptMs?: number;
  /** Whether one order can be asked for by its id. */
  readonly canReadOrder: boolean;
}

/** One list of an account's history, and what the exchange gives of it. */
export interface HistoryScope {
  readonly id: ScopeId;
  /** It can't be read without a symbol: each symbol is a scope of its own, `<id>:<symbol>`. */
  readonly needsSymbol: boolean;
  /** What is older is no longer served; absent: everything is. */
  readonly retentionMs?: number;
  /** Before this the exchange, or the list, did not exist. */
  readonly servedFromMs: number;
  /** Rows younger than this may still be missing from the list. */
  readonly settleLagMs: number;
  /** Rows may appear this long after their time: so much is read again at each sync. */
  readonly lateMs: number;
  /**
   * None of its rows moves a balance, since another list counts those events, or nothing can be proven by them. What
   * it lacks is no hole in a proof.
   */
  readonly countsNothing?: boolean;
}

/** A market whose rows a list gives only when it is asked for that market. */
export interface HistorySymbol {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  /** Of a contract: what profit and loss are paid in. */
  readonly settle?: string;
}

export interface HistoryRequest {
  /** The id of a HistoryScope. */
  readonly scope: ScopeId;
  /** Where the scope needs one. */
  readonly symbol?: string;
  readonly range: TimeRange;
}

export interface HistoryPage<Row> {
  /** Of the asked range; each id once, within this page. */
  readonly records: readonly Row[];
  readonly rejected: readonly RejectedHistoryRow[];
  /**
   * What is known completely with this page and those before it, of the asked range: every row that the exchange
   * serves in there was given. Without the milliseconds of rows that are set aside; empty when nothing is added.
   */
  readonly covered: readonly TimeRange[];
}

/** One account at one exchange. */
export interface AccountClient {
  readonly account: AccountRef;

  balanceScopes(): readonly ScopeId[];
  positionScopes(): readonly ScopeId[];
  orderScopes(): readonly OrderScope[];

  readBalances(scope: ScopeId, context: ReadContext): Promise<ScopeRead<BalanceRecord>>;
  readPositions(scope: ScopeId, context: ReadContext): Promise<ScopeRead<PositionRecord>>;
  readOpenOrders(scope: ScopeId, context: ReadContext): Promise<ScopeRead<OrderRecord>>;
  /** Orders of the last 24 hours (or the retention, where that is shorter) that are no longer open. */
  readRecentOrders(
    recentScope: ScopeId,
    symbols: readonly string[],
    context: ReadContext,
  ): Promise<ScopeRead<OrderRecord>>;
  /** The exchange's time now, by what is known of its clock. */
  exchangeTimeMs(): number;
  historyScopes(dataType: HistoryDataType): readonly HistoryScope[];
  /** Every market that a list which needs a symbol can be asked for. */
  historySymbols(dataType: HistoryDataType, scope: ScopeId): readonly HistorySymbol[];
  /**
   * Walks the range, newest windows first where the exchange has windows, one request per page. Who stops
   * iterating stops the walk. Rejects with the first page that fails; what was covered before stays covered.
   */
  readHistory<Type extends HistoryDataType>(
    dataType: Type,
    request: HistoryRequest,
    context: ReadContext,
  ): AsyncIterable<HistoryPage<HistoryRecords[Type]>>;
  /** `undefined`: the exchange does not know the order any more. */
  readOrder(
    scope: ScopeId,
    symbol: string,
    orderId: string,
    context: ReadContext,
  ): Promise<OrderRecord | undefined>;
}

/** The public side of one exchange; needs no key. */
export interface MarketDataClient {
  readonly exchange: string;
  priceScopes(): readonly ScopeId[];
  /** One whole ticker list; markets without any price are left out. */
  readPrices(scope: ScopeId, context: ReadContext): Promise<ScopeRead<PriceRecord>>;
  /**
   * What a spot market's hours opened at, of as many hours from `fromMs` (a full one) on as one request gives. Hours
   * without a price are not in it; an exchange that has no past prices has none.
   */
  readHourPrices(
    market: { readonly base: string; readonly quote: string },
    fromMs: number,
    context: ReadContext,
  ): Promise<HourPricesRead>;
}

export interface HourPricesRead {
  readonly prices: readonly { readonly hourMs: number; readonly price: DecimalString }[];
  /** Of how many hours that is all there is; 0 where the answer is none that could be trusted. */
  readonly hours: number;
}

/** Factory and cache of clients. */
export interface ExchangeClients {
  /** Resolves credentials anew; a client is rebuilt when they changed. Rejects with CREDENTIALS_MISSING. */
  account(account: AccountRef, context: ReadContext): Promise<AccountClient>;
  marketData(exchange: string, context: ReadContext): Promise<MarketDataClient>;
  /** Ends every suspension of the account. */
  resume(account: AccountRef): void;
  /** What the guards know of exchanges and keys that are to be left alone; plain data. */
  guardSnapshot(): GuardSnapshot;
  /** Gives the guards what is stored, by earlier processes and others; `before`: as it was at the last call. */
  mergeGuard(stored: GuardSnapshot, before: GuardSnapshot): void;
  /** Ends every request under way and closes the sockets. */
  close(): Promise<void>;
}
