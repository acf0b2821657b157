import type { AccountRef } from './account.js';
import type { DecimalString } from './decimal-string.js';

/* Plain JSON: `null` is unknown, times are ISO 8601 in UTC. */

/** The mirror's rows as they are stored: what is held, open and priced now. */
export interface Mirror {
  readonly balances: readonly MirroredBalance[];
  /** Open positions. */
  readonly positions: readonly MirroredPosition[];
  /** Open orders. */
  readonly orders: readonly MirroredOrder[];
  readonly prices: readonly MirroredPrice[];
}

export interface MirroredBalance extends AccountRef {
  readonly wallet: string;
  readonly currency: string;
  readonly available: DecimalString | null;
  readonly locked: DecimalString | null;
  readonly total: DecimalString;
}

export interface MirroredPosition extends AccountRef {
  readonly symbol: string;
  readonly side: string;
  readonly marginMode: string;
  readonly quantity: DecimalString | null;
  readonly contracts: DecimalString;
  readonly entryPrice: DecimalString | null;
  readonly markPrice: DecimalString | null;
  readonly unrealizedPnl: DecimalString | null;
  readonly leverage: DecimalString | null;
  readonly liquidationPrice: DecimalString | null;
  readonly settleCurrency: string | null;
}

export interface MirroredOrder extends AccountRef {
  readonly symbol: string;
  readonly orderId: string;
  readonly orderType: string | null;
  readonly side: string | null;
  readonly price: DecimalString | null;
  readonly triggerPrice: DecimalString | null;
  readonly average: DecimalString | null;
  readonly amount: DecimalString | null;
  readonly filled: DecimalString | null;
  readonly remaining: DecimalString | null;
  readonly status: string;
  readonly rawStatus: string | null;
}

export interface MirroredPrice {
  readonly exchange: string;
  readonly base: string;
  readonly quote: string;
  readonly price: DecimalString;
  readonly source: string;
}
