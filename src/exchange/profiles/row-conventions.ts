import type { OrderStatus } from '../../domain/records.js';

/** Where a row's own fields (ccxt's `info`) say more than ccxt's unified ones. */
export interface RowConventions {
  readonly positions: {
    /** Read from these fields only, first present wins. ccxt turns bybit's zero PnL into nothing. */
    readonly fields: RawFields<'unrealizedPnl'>;
    /** A signed size: negative is short, where nothing else says so. */
    readonly signedSizeField?: string;
    /** In what the market's contracts count, where not in the usual: fields of ccxt's `market.info`. */
    readonly contractUnit?: ContractUnit;
    /** The currency that the size is in; a size in another one than the base is not a quantity. */
    readonly sizeCurrencyField?: string;
    /** Tells two positions of one market, side and margin mode apart, of which only one can be mirrored. */
    readonly idField?: string;
  };
  readonly orders: {
    readonly fields: RawFields<
      'price' | 'triggerPrice' | 'average' | 'cost' | 'amount' | 'filled' | 'remaining'
    >;
    /** What the exchange writes for a price where there is none. */
    readonly noPrices?: readonly string[];
    /** ccxt's fields that hold the trigger price where its `triggerPrice` does not. */
    readonly triggers?: readonly ('stopLossPrice' | 'takeProfitPrice')[];
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

/** One contract is worth its size times this multiplier of that currency. */
export interface ContractUnit {
  readonly currencyField: string;
  readonly multiplierField: string;
}

/** Spot market orders, by the field that names their unit. */
export interface QuoteSizedOrders {
  readonly unitField: string;
  /** The field's value, or one of its values where they stand in a list with commas. */
  readonly quoteUnit: string;
  /** Market orders of this side are sized in the quote currency where the field is empty. */
  readonly sideWithoutUnit?: 'buy' | 'sell';
  /** The field is there for orders of other types too, e.g. for conditional ones that become market orders. */
  readonly ofAnyType?: boolean;
}
