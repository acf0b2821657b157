import type { ErrorCode } from '../../domain/errors.js';
import type { ScopeId } from '../../domain/scope-read.js';
import type { LedgerScopeProfile, TradeScopeProfile, TransferScopeProfile } from './history-scopes.js';
import type { Paging } from './paging.js';
import type { RowConventions } from './row-conventions.js';

/*
 * What differs from exchange to exchange, as data. Code that reads a profile never asks which exchange it
 * is for. Sources are the exchange's own documentation and the installed ccxt.
 */

export interface ExchangeProfile {
  /** ccxt's exchange id. */
  readonly exchange: string;
  /** Merged into ccxt's `options` of every client before its first request: account mode, request window. */
  readonly ccxtOptions: Readonly<Record<string, unknown>>;

  /** An empty list: the exchange does not have that data type. */
  readonly balances: readonly BalanceScopeProfile[];
  readonly positions: readonly ScopeProfile[];
  readonly openOrders: readonly OpenOrderScopeProfile[];
  readonly recentOrders: readonly RecentOrderScopeProfile[];
  readonly prices: readonly PriceScopeProfile[];
  /** Candles of an hour. Absent: by what ccxt says. */
  readonly hourPrices?: HourPricesProfile;
  readonly trades: readonly TradeScopeProfile[];
  readonly transfers: readonly TransferScopeProfile[];
  readonly ledger: readonly LedgerScopeProfile[];
  /** Not every change of a balance is known to be in one of these lists: nothing is proven by them. */
  readonly flowsArePartial?: boolean;
  /** Where money can lie that no scope above reads. Shown to the user, so that nobody takes silence for zero. */
  readonly unseenWallets: readonly UnseenWallet[];

  readonly errors: ErrorTable;
  /**
   * ccxt's implicit method (e.g. `privateGetAccount`) of a signed read that every valid key may make. It decides,
   * while no scope has answered yet, whether an error with `onceAnswered` is about the key or about the scope.
   */
  readonly keyCheck?: string;
  /** Signed requests of one key must arrive in the order of their nonces: one is sent after the other's answer. */
  readonly oneRequestPerKey?: boolean;
  /** How a successful answer looks; absent where the exchange has no rule for it. */
  readonly envelope?: Envelope;
  /** Every request is charged to each budget that applies to it. */
  readonly rateBudgets: readonly RateBudget[];
  readonly rows: RowConventions;
  /** A row created this long before the exchange's server time may still be missing from its lists. */
  readonly settleLagMs: number;
}

/** A unified ccxt method that reads a scope. */
export type ScopeMethod =
  | 'fetchBalance'
  | 'fetchPositions'
  | 'fetchOpenOrders'
  | 'fetchClosedOrders'
  | 'fetchCanceledAndClosedOrders'
  | 'fetchOrders'
  | 'fetchTickers';

export interface ScopeProfile {
  /** Unique within its data type. */
  readonly id: ScopeId;
  readonly method: ScopeMethod;
  /** ccxt's `params`: what makes the call read exactly this scope. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly paging: Paging;
  /**
   * The markets that it covers; absent: any. A row of another one means that ccxt does not know the row's
   * own market yet, and took the one that has the same id.
   */
  readonly markets?: MarketFilter;
  /** The exchange lists rows of other markets as well, which belong to another scope. */
  readonly isMixed?: boolean;
}

export interface BalanceScopeProfile extends ScopeProfile {
  readonly method: 'fetchBalance';
  /** The exchange's own name of the wallet. */
  readonly wallet: string;
  /** Where the exchange's own rows are in `info`; an answer without them is a bad response. */
  readonly rows?: BalanceRows;
}

export interface BalanceRows {
  /** Keys that lead to the list; lists on the way are flattened. `[]`: the answer is the list. */
  readonly path: readonly string[];
  /** Absent: there is no list but an object, whose keys are the currencies. */
  readonly currencyField?: string;
  /** The wallet's balance, where ccxt's `total` is another figure; available is then what is not locked of it. */
  readonly totalField?: string;
  /** Unrealised profit that the total contains; it is mirrored with the positions. */
  readonly profit?: ContainedProfit;
  /** Where ccxt's `free` and `used` are figures of its own. First one that is said counts. */
  readonly availableFields?: readonly string[];
  readonly lockedFields?: readonly string[];
  /** Borrowed coins that the total still contains; what is owned is less by these. */
  readonly borrowedField?: string;
  readonly holdings?: HoldingNames;
}

/**
 * An exchange that computes in doubles leaves its rounding in total and profit, so that their difference moves
 * with the market. Where the parts add up to it but for that, the sum of the parts is the balance.
 */
export interface ContainedProfit {
  readonly field: string;
  readonly parts: readonly string[];
  /** What the parts contain too much. */
  readonly less: readonly string[];
}

/**
 * Where a currency's code says in which product it lies, e.g. kraken's `XBT.F`: it is recorded as that currency
 * in a wallet of its own (`spot.F`), and so has that currency's price.
 */
export interface HoldingNames {
  /** What may stand behind the point. A code with another ending stays as it is. */
  readonly suffixes: readonly string[];
  /** Days of a bonding term before the point, as in `DOT28.S`. */
  readonly termDigits: number;
}

interface OrderListProfile extends ScopeProfile {
  /** Rows whose own field has one of these values belong to another scope. */
  readonly without?: { readonly field: string; readonly values: readonly string[] };
  /** The rows' own field of the id that this list goes by, where a row has more than one. */
  readonly idField?: string;
  /** Where this list's rows differ from `rows.orders.fields`. */
  readonly fields?: RowConventions['orders']['fields'];
}

export interface OpenOrderScopeProfile extends OrderListProfile {
  readonly method: 'fetchOpenOrders';
  /** The recent list in which an order that vanished from here can be found. */
  readonly recent?: ScopeId;
  /** Absent: one order cannot be asked for. */
  readonly readOrder?: ReadOrderProfile;
}

export interface ReadOrderProfile {
  /** ccxt's `params` of fetchOrder. */
  readonly params: Readonly<Record<string, unknown>>;
  /** The exchange's codes for "no such order", where ccxt does not take them for OrderNotFound. */
  readonly notFoundCodes?: readonly string[];
  /** Where else it may be when fetchOrder does not find it: a list that takes its id as this parameter. */
  readonly past?: { readonly method: RecentOrderScopeProfile['method']; readonly idParam: string };
}

export interface RecentOrderScopeProfile extends OrderListProfile {
  readonly method: 'fetchClosedOrders' | 'fetchCanceledAndClosedOrders' | 'fetchOrders';
  /** One call per symbol of its markets; the list cannot be read without. */
  readonly needsSymbol: boolean;
  /** The longest time range that one request may span; absent: any. */
  readonly windowMs?: number;
  /** What the exchange still serves of ended orders; what is asked for is no older than a day. */
  readonly retentionMs?: number;
  /** How long those stay that fall off first, where that is shorter. */
  readonly cancelledRetentionMs?: number;
  /**
   * The exchange's own parameter for the start of the range. Absent: ccxt's `since`, which also drops rows
   * on this side that were created earlier, e.g. an old order that was cancelled today.
   */
  readonly sinceParam?: string;
  /** Absent: milliseconds. */
  readonly sinceUnit?: 'seconds';
}

export interface PriceScopeProfile extends ScopeProfile {
  readonly method: 'fetchTickers';
  /** The markets that give prices. */
  readonly markets: MarketFilter;
}

export interface HourPricesProfile {
  /** The most that one request gives. */
  readonly limit: number;
  /** Whether ccxt translates `until`, so that nothing but the asked hours comes. */
  readonly takesUntil: boolean;
}

/** Markets of which every named property has this value. */
export type MarketFilter = Readonly<
  Partial<Record<'spot' | 'swap' | 'future' | 'option' | 'linear' | 'inverse', boolean>>
>;

export interface UnseenWallet {
  readonly wallet: string;
  readonly reason: string;
}

/** What an answer of the exchange means. Where no row matches, ccxt's error class decides. */
export interface ErrorTable {
  /** By the exchange's own error code, written as a string, e.g. `'10003'`. */
  readonly codes: Readonly<Record<string, ErrorMeaning>>;
  /** By HTTP status, where no code in the body says more. */
  readonly statuses: Readonly<Record<number, ErrorMeaning>>;
  /** The body's fields that may hold the code, in this order. */
  readonly codeFields: readonly string[];
}

export interface ErrorMeaning {
  readonly error: ErrorCode;
  /** What is left alone from now on. */
  readonly suspends: 'account' | 'scope' | 'nothing';
  /** Whose requests wait after RATE_LIMITED or BANNED; absent: all from this IP address. */
  readonly holds?: 'ip' | 'key';
  /**
   * What a person should do, where the error's code does not say it already: one sentence. `{ID}` stands for the
   * beginning of the account's variables, e.g. `OKX_SUB1`.
   */
  readonly remedy?: string;
  /** Takes the place of this row once the key has been answered by any scope: then the key itself is good. */
  readonly onceAnswered?: Omit<ErrorMeaning, 'onceAnswered'>;
}

/** What a body with status 2xx must be to count as an answer. Anything else is a bad response. */
export interface Envelope {
  /** The exchange's own word for success: a field and its value, compared as strings. Some have none. */
  readonly successField?: string;
  readonly successValue?: string;
  /** Bodies that must hold a list: ccxt takes a missing one for an empty one. */
  readonly lists: readonly RequiredList[];
  /** Bodies that must hold an object, likewise. */
  readonly objects?: readonly RequiredList[];
}

export interface RequiredList {
  /** ccxt's path of the endpoint, e.g. `v5/order/realtime`. */
  readonly endpoint: string;
  /** Keys that lead to it, `0` for the first of a list; none: the body itself. */
  readonly path: readonly string[];
}

/** A published limit: at most `limit` of weight in any `windowMs`. */
export interface RateBudget {
  /** For logs and status, e.g. `requests per IP`. */
  readonly name: string;
  readonly per: 'ip' | 'key';
  readonly windowMs: number;
  readonly limit: number;
  /** Which requests it counts: ccxt's API section and endpoint path start with one of these; absent: all. */
  readonly sections?: readonly string[];
  readonly endpoints?: readonly string[];
  /** A request weighs ccxt's cost times this; absent: every request weighs 1. */
  readonly weightPerCost?: number;
  /** Response headers (lower case) by which the exchange tells how much is used. */
  readonly headers?: {
    readonly used?: string;
    readonly remaining?: string;
    readonly limit?: string;
    /** When the window starts anew, in milliseconds since the epoch. */
    readonly resetAtMs?: string;
  };
}
