import type { AccountRef } from './account.js';
import type { DecimalString } from './decimal-string.js';

/* Plain JSON: `null` is unknown, times are ISO 8601 in UTC. */

export interface PortfolioFilter {
  readonly exchange?: string;
  readonly account?: string;
}

export interface PortfolioItem extends AccountRef {
  readonly asset: string;
  readonly quantity: DecimalString;
  readonly currentPrice: DecimalString | null;
  readonly quoteCurrency: string;
  /** How the price was found, e.g. `BTC/USDT last` or `XYZ/BTC last x BTC/USDT last`. */
  readonly priceSource: string | null;
  readonly pricedAt: string | null;
  readonly value: DecimalString | null;
  /** Of `basisKnownQuantity`, fees included. */
  readonly avgEntryPrice: DecimalString | null;
  /** How much of `quantity` is of known cost, and how much is not; null while it is not worked out. */
  readonly basisKnownQuantity: DecimalString | null;
  readonly basisUnknownQuantity: DecimalString | null;
  /** Why there is no average entry price, or what it covers. */
  readonly basisNote: string | null;
  /** Of `basisKnownQuantity`: its value less what it cost. */
  readonly unrealizedPnl: DecimalString | null;
  /** Of what was sold, and what was earned and paid otherwise. */
  readonly realizedPnl: DecimalString | null;
  /** The oldest and newest complete read of the wallets that the quantity is summed over. */
  readonly observedFrom: string;
  readonly observedTo: string;
}

/** What the priced part is worth, and how much is not priced: never one number that hides the other. */
export interface PortfolioValue {
  readonly quoteCurrency: string;
  /** Of the assets that have a price. */
  readonly value: DecimalString;
  /** Assets with a quantity other than 0: with a price, and without one. */
  readonly pricedAssets: number;
  readonly unpricedAssets: number;
  /** `pricedAssets` of all, 0 to 1; null when there is none. */
  readonly pricedShare: DecimalString | null;
  /** The oldest observation that the sum rests on. */
  readonly oldestObservation: string | null;
  /** Accounts (`bybit/main`) that have something whose last complete read is older than twice its interval. */
  readonly staleAccounts: readonly string[];
  /** Of open positions, in their settle currencies' own units valued in the quote currency; apart from `value`. */
  readonly unrealizedPnl: DecimalString | null;
  /** Of what is held and of known cost: value less cost; null unless it is known of all. */
  readonly holdingsUnrealizedPnl: DecimalString | null;
  /** Of what was sold, earned and paid. */
  readonly realizedPnl: DecimalString | null;
}

export interface Portfolio {
  readonly items: readonly PortfolioItem[];
  readonly values: readonly PortfolioValue[];
}
