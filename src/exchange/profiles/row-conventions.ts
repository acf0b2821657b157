import type { OrderStatus } from '../../domain/records.js';

/** Where a row's own fields (ccxt's `info`) say more than ccxt's unified ones. */
export interface RowConventions {
  readonly positions: {
    /** Read from these fields only, first present wins. ccxt turns bybit's zero PnL into nothing. */
    readonly fields: RawFields<'unrealizedPnl'>;
    /** A signed size: negative is short, where nothing else says so. */
    readonly signedSizeField?: string;
  };
  readonly orders: {
    readonly fields: RawFields<
      'price' | 'triggerPrice' | 'average' | 'cost' | 'amount' | 'filled' | 'remaining'
    >;
    /** Read before ccxt's own translation of the status. */
    readonly statusFields: readonly string[];
    /** By the exchange's own word; where it is not listed, ccxt's translation counts. */
    readonly statuses: Readonly<Record<string, OrderStatus>>;
    /** Orders that are sized in the quote currency: their amount in the base currency is not known. */
    readonly quoteSized?: QuoteSizedOrders;
  };
}

/** An empty list: ccxt's value is its own invention and nothing takes its place. */
export type RawFields<Field extends string> = Readonly<Partial<Record<Field, readonly string[]>>>;

/** Spot market orders, by the field that names their unit. */
export interface QuoteSizedOrders {
  readonly unitField: string;
  readonly quoteUnit: string;
  /** The side that is sized in the quote currency where the field is empty. */
  readonly sideWithoutUnit: 'buy' | 'sell';
}
