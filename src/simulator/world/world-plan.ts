import type { DecimalString } from '../../domain/decimal-string.js';
import type { Permission } from './account.js';
import type { MarketSpec } from './market.js';
import type { Condition } from './order.js';

/** How a world begins; presets are functions that give one. */
export interface WorldPlan {
  readonly accounts: readonly AccountPlan[];
  /** Beside the standard ones. */
  readonly markets?: readonly MarketSpec[];
}

export interface AccountPlan {
  readonly exchange: string;
  readonly account: string;
  /** Beyond reading the trading account; all of them by default. */
  readonly permissions?: readonly Permission[];
  readonly holdings: readonly Holding[];
  /** Borrowed to trade spot, and sold at once. */
  readonly borrowed?: readonly (readonly [asset: string, amount: DecimalString])[];
  readonly positions?: readonly PositionPlan[];
  readonly orders?: readonly OrderPlan[];
  /** Assets that are sold completely, one per step, by a market order against USDT. */
  readonly sellOut?: readonly string[];
  /** What happened between the account's opening and now. */
  readonly history?: HistoryPlan;
}

/**
 * A past that is made from the world's seed: deposits at first, then fills, transfers, funding and what else
 * moves a balance. The account is opened with nothing: its holdings, or some money where it has none, are the
 * first deposits, so that what it has now is what flowed.
 */
export interface HistoryPlan {
  /** So many, over the whole time, but for the gaps. */
  readonly fills: number;
  /** Nothing happens in these, in days since the account's opening. */
  readonly gaps?: readonly { readonly fromDay: number; readonly days: number }[];
  /** Fills of one and the same millisecond: `size` of them, `at` fills from the newest. */
  readonly bursts?: readonly { readonly at: number; readonly size: number }[];
  /** Only what the fills need: no funding, interest, rebates, withdrawals or odd amounts. */
  readonly plain?: boolean;
  /** The last deposit and the last withdrawal are not final yet; each step of the world ends one of them. */
  readonly pending?: boolean;
  /** Unified symbols; all that are traded actively by default. */
  readonly symbols?: readonly string[];
  /** So many fills more, which take next to no memory; bybit only. The `plain` deposits come before them. */
  readonly bulkFills?: number;
}

/** `0`: the wallet knows the asset and holds nothing. Negative: a debt in the wallet itself. */
export type Holding = readonly [wallet: string, asset: string, amount: DecimalString];

export interface PositionPlan {
  /** ccxt's unified symbol. */
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly contracts: DecimalString;
  /** In hedge mode, where a market has a long and a short position. */
  readonly hedged?: boolean;
  /** With a margin of its own; binance only. */
  readonly isolated?: boolean;
}

export interface OrderPlan {
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly amount: DecimalString;
  /** Per cent of the market's price, e.g. `90`. */
  readonly priceAt: DecimalString;
  readonly filled?: DecimalString;
  readonly condition?: Condition;
  /** Per cent of the market's price, for conditional orders. */
  readonly triggerAt?: DecimalString;
  readonly reduceOnly?: boolean;
  /** This many alike, each one tick further from the market. */
  readonly count?: number;
}
