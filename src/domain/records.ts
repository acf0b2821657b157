import type { DecimalString } from './decimal-string.js';

/*
 * What a validated read of an exchange gives. `undefined` is "the exchange did not say": it is stored as
 * NULL and is never the same as '0'. Times are milliseconds since the epoch, by the exchange's clock.
 */

export interface BalanceRecord {
  /** The exchange's own wallet name, e.g. `UNIFIED`, `FUND`, `spot`. */
  readonly wallet: string;
  /** ccxt's unified currency code, e.g. `BTC`. */
  readonly currency: string;
  readonly available: DecimalString | undefined;
  readonly locked: DecimalString | undefined;
  /** Negative for debt. */
  readonly total: DecimalString;
}

export type PositionSide = 'long' | 'short';
export type MarginMode = 'cross' | 'isolated' | 'unknown';

export interface PositionRecord {
  /** ccxt's unified symbol, e.g. `BTC/USDT:USDT`. */
  readonly symbol: string;
  readonly side: PositionSide;
  readonly marginMode: MarginMode;
  /** In the base currency; `contracts` times the contract's size for linear contracts. */
  readonly quantity: DecimalString | undefined;
  /** As many contracts as the exchange counts, never 0: an empty slot is not a position. */
  readonly contracts: DecimalString;
  readonly entryPrice: DecimalString | undefined;
  readonly markPrice: DecimalString | undefined;
  readonly unrealizedPnl: DecimalString | undefined;
  readonly leverage: DecimalString | undefined;
  readonly liquidationPrice: DecimalString | undefined;
  readonly settleCurrency: string | undefined;
  readonly timestampMs: number | undefined;
}

/** `unknown`: it vanished from the open orders and no terminal record of it could be read. */
export const ORDER_STATUSES = ['open', 'closed', 'canceled', 'expired', 'rejected', 'unknown'] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

export interface OrderRecord {
  readonly symbol: string;
  readonly orderId: string;
  /** `limit`, `market` or whatever else the exchange calls it. */
  readonly orderType: string | undefined;
  readonly side: 'buy' | 'sell' | undefined;
  readonly price: DecimalString | undefined;
  /** Of conditional orders: the price that activates them. */
  readonly triggerPrice: DecimalString | undefined;
  /** Average price of what was filled. */
  readonly average: DecimalString | undefined;
  /** This and the next two: in the base currency, or in contracts where the exchange counts orders in them. */
  readonly amount: DecimalString | undefined;
  readonly filled: DecimalString | undefined;
  readonly remaining: DecimalString | undefined;
  readonly status: OrderStatus;
  /** The exchange's own word, e.g. bybit's `PartiallyFilledCanceled`, which ccxt folds into `closed`. */
  readonly rawStatus: string | undefined;
  /** When the order was created. */
  readonly timestampMs: number | undefined;
}

/** `last`: the last trade; `mid`: between best bid and ask, where there was no trade. */
export type PriceSource = 'last' | 'mid';

/** The price of one unit of `base` in `quote`, on one spot market. */
export interface PriceRecord {
  readonly base: string;
  readonly quote: string;
  readonly price: DecimalString;
  readonly source: PriceSource;
  readonly timestampMs: number | undefined;
}

/** What an account holds of one asset, over all its wallets, and what that is worth. */
export interface PortfolioItemRecord {
  readonly asset: string;
  /** Debt subtracts, so that it may be negative. */
  readonly quantity: DecimalString;
  /** Of one unit, in `quoteCurrency`; undefined when no market leads there, or none had a price. */
  readonly price: DecimalString | undefined;
  /** How the price was found, e.g. `BTC/USDT last` or `XYZ/BTC mid x BTC/USDT last`. */
  readonly priceSource: string | undefined;
  /** The oldest of the prices that it is made of. */
  readonly pricedAtMs: number | undefined;
  /** `quantity` times `price`. */
  readonly value: DecimalString | undefined;
  readonly quoteCurrency: string;
  /** Of the known quantity, fees included. */
  readonly avgEntryPrice: DecimalString | undefined;
  /** How much of the quantity is of known cost, and how much is not; undefined while fills are not mirrored. */
  readonly basisKnownQuantity: DecimalString | undefined;
  readonly basisUnknownQuantity: DecimalString | undefined;
  /** Why there is no average entry price, or what it covers. */
  readonly basisNote: string | undefined;
  /** Of what was sold, earned and paid. */
  readonly realizedPnl: DecimalString | undefined;
  /** The oldest and newest complete read of the wallets that the quantity is summed over, by this machine's clock. */
  readonly observedFromMs: number;
  readonly observedToMs: number;
}
