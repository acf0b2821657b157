import type { DecimalString } from '../../../domain/decimal-string.js';
import type { TradeKind } from '../../../domain/history-records.js';
import type { Market } from '../market.js';
import type { Place } from './row-list.js';

/** One fill, with everything that an exchange's list of fills says of it. */
export interface Fill extends Place {
  readonly id: string;
  readonly market: Market;
  readonly side: 'buy' | 'sell';
  readonly kind: TradeKind;
  readonly price: DecimalString;
  /** In the base currency, or contracts. */
  readonly amount: DecimalString;
  /** In the quote currency, inverse ones in the settle currency; without the fee. */
  readonly value: DecimalString;
  /** What was paid; negative for a rebate. */
  readonly fee: DecimalString;
  readonly feeAsset: string;
  readonly feeRate: DecimalString;
  readonly role: 'maker' | 'taker';
  /** In the settle currency, without the fee; undefined for spot. */
  readonly realizedPnl: DecimalString | undefined;
  /** How many contracts of a position it closed. */
  readonly closed: DecimalString;
  /** What is held after it, negative for a short position; undefined for spot. */
  readonly sizeAfter: DecimalString | undefined;
  readonly positionSide: 'long' | 'short' | undefined;
  readonly orderId: string;
  readonly orderType: 'limit' | 'market';
  readonly orderPrice: DecimalString | undefined;
  readonly orderAmount: DecimalString;
  /** What of the order was left open. */
  readonly leaves: DecimalString;
}

/** What a position paid or received at one of the market's funding times. */
export interface FundingPayment extends Place {
  readonly id: string;
  /** Exchanges write one here too. */
  readonly fundingOrderId: string;
  readonly market: Market;
  readonly positionSide: 'long' | 'short';
  readonly size: DecimalString;
  readonly price: DecimalString;
  readonly value: DecimalString;
  readonly rate: DecimalString;
  /** In the settle currency; positive for what was received. */
  readonly amount: DecimalString;
}
