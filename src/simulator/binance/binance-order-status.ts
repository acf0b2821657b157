import type { Order, OrderState } from '../world/order.js';

/** binance's words (docs: "ENUM definitions", order status and algo status). */
const STATUSES: Readonly<Record<OrderState, string>> = {
  untriggered: 'NEW',
  new: 'NEW',
  'partially-filled': 'PARTIALLY_FILLED',
  filled: 'FILLED',
  canceled: 'CANCELED',
  'partially-filled-canceled': 'CANCELED',
  deactivated: 'CANCELED',
  triggered: 'TRIGGERED',
};

export function binanceOrderStatus({ state }: Order): string {
  return STATUSES[state];
}

/** Conditional orders of futures live in lists of their own. */
export function isAlgoOrder({ market, condition }: Order): boolean {
  return condition !== undefined && market.kind !== 'spot';
}
