import type { DecimalString } from '../../domain/decimal-string.js';
import type { PositionSide } from '../../domain/records.js';
import { subtract } from '../../ledger/decimal.js';
import type { Market } from './market.js';

/**
 * `untriggered` and `deactivated` are a conditional order's states before its trigger price was reached;
 * `triggered` ends one that is replaced by an order of its own.
 */
export type OrderState =
  | 'untriggered'
  | 'new'
  | 'partially-filled'
  | 'filled'
  | 'canceled'
  | 'partially-filled-canceled'
  | 'deactivated'
  | 'triggered';

/** Why an order waits for a trigger price. */
export type Condition = 'stop' | 'take-profit' | 'stop-loss';

export interface OrderTerms {
  readonly market: Market;
  readonly side: 'buy' | 'sell';
  readonly type: 'limit' | 'market';
  /** Undefined for market orders. */
  readonly price: DecimalString | undefined;
  /** In the base currency, or contracts. */
  readonly amount: DecimalString;
  readonly condition?: Condition;
  /** Set when there is a condition. */
  readonly triggerPrice?: DecimalString;
  readonly reduceOnly?: boolean;
  /** In hedge mode: which of the market's two positions it is for. */
  readonly positionSide?: PositionSide;
  /** The conditional order that was triggered and ended by placing this one. */
  readonly placedBy?: string;
  /** What it opens has a margin of its own. */
  readonly isIsolated?: boolean;
}

/** An order of an account; its progress is replaced by trading only. */
export interface Order extends OrderTerms {
  readonly id: string;
  readonly clientId: string;
  readonly createdAtMs: number;
  state: OrderState;
  filled: DecimalString;
  /** Price of every fill so far: one order fills at one price here. */
  fillPrice: DecimalString | undefined;
  /** What was filled is worth, in the quote currency (inverse: in the settle currency). */
  filledValue: DecimalString;
  fee: DecimalString;
  feeAsset: string | undefined;
  updatedAtMs: number;
}

const OPEN: ReadonlySet<OrderState> = new Set(['untriggered', 'new', 'partially-filled']);

export function isOpen(order: Order): boolean {
  return OPEN.has(order.state);
}

export function remaining(order: Order): DecimalString {
  return subtract(order.amount, order.filled);
}
