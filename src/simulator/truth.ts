import type { DecimalString } from '../domain/decimal-string.js';
import type { LedgerRecord, TradeRecord, TransferRecord } from '../domain/history-records.js';
import type { BalanceRecord, OrderRecord, PositionRecord, PriceRecord } from '../domain/records.js';
import type { TimeRange } from '../domain/time-range.js';
import type { EventKind } from './world/journal.js';
import type { MarketKind } from './world/market.js';

/*
 * What `GET /control/truth` answers: plain JSON, amounts as decimal strings, times in milliseconds. A field
 * that JSON leaves out is undefined: there is no such value. Digits are those of the world, not of the wire:
 * compare amounts as numbers, since `1.50` and `1.5` are the same.
 */

export interface Truth {
  readonly seed: string;
  /** How often the market was moved since the world began to be watched. */
  readonly steps: number;
  readonly timestampMs: number;
  readonly exchanges: Readonly<Record<string, ExchangeTruth>>;
}

export interface ExchangeTruth {
  /** Of the spot markets that have a price: last, or mid where nobody has traded. */
  readonly prices: readonly PriceRecord[];
  readonly accounts: Readonly<Record<string, AccountTruth>>;
}

export interface AccountTruth {
  /** Assets that a wallet holds or once held; what is not listed is zero. */
  readonly balances: readonly BalanceTruth[];
  /** Those that are open. */
  readonly positions: readonly PositionTruth[];
  readonly openOrders: readonly OrderTruth[];
  /** Those that ended, newest first. */
  readonly endedOrders: readonly OrderTruth[];
  /** Wallets that the account's key may not read; they are listed all the same. */
  readonly unreadableWallets: readonly string[];
  readonly openedAtMs: number;
  /** How many rows there are of each; the rows themselves are `HistoryTruth`. */
  readonly happened: { readonly fills: number; readonly transfers: number; readonly ledger: number };
  /** By the path of each list of what happened: what the exchange serves of it now, both ends included. */
  readonly served: Readonly<Record<string, TimeRange>>;
}

/**
 * What happened in an account, whether it is served or not: oldest first within a kind of market, a kind of
 * transfer, or a wallet. `Simulator.history()` gives it, and `GET /control/history` as one JSON text per line.
 */
export interface HistoryTruth {
  fills(): Iterable<FillTruth>;
  transfers(): Iterable<TransferTruth>;
  ledger(): Iterable<LedgerTruth>;
}

export const HISTORY_LISTS = ['fills', 'transfers', 'ledger'] as const;
export type HistoryList = (typeof HISTORY_LISTS)[number];

/** `cost` is undefined for inverse contracts, which are paid in the base coin. */
export interface FillTruth extends Omit<TradeRecord, 'flow'> {
  readonly marketId: string;
  readonly marketKind: MarketKind;
  /** By asset: what it changes, its fee included, without what does not change. */
  readonly changes: Readonly<Record<string, DecimalString>>;
}

/** `change` counts the wallets that the account's key may read. */
export interface TransferTruth extends Omit<TransferRecord, 'rawStatus'> {
  readonly betweenAccounts: boolean;
  readonly updatedAtMs: number;
}

/** One change of one asset in one wallet: every change of a balance is exactly one of these. */
export interface LedgerTruth extends Omit<LedgerRecord, 'counts' | 'rawKind'> {
  readonly event: EventKind;
  /** `amount` less `feeCost`. */
  readonly change: DecimalString;
}

/**
 * `total` is what is owned: the wallet's balance less `borrowed`. `locked` is held back for open orders and
 * positions, `available` the wallet's balance less that. Unrealised profit is in neither, but for okx, whose
 * available balance has it.
 */
export interface BalanceTruth extends BalanceRecord {
  readonly borrowed: DecimalString;
}

/**
 * `quantity` is undefined for inverse contracts, whose base quantity moves with the price; `leverage` where the
 * exchange's list of positions leaves it out; `timestampMs` is one of the two times, whichever the lists tell.
 */
export interface PositionTruth extends PositionRecord {
  /** The exchange's own name of the market. */
  readonly marketId: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** `filled` and `remaining` are undefined where the exchange's list of waiting orders leaves them out. */
export interface OrderTruth extends OrderRecord {
  readonly marketId: string;
  readonly conditional: boolean;
  readonly updatedAtMs: number;
}
