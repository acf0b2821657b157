import type { Order, OrderState } from '../world/order.js';

/** bybit's words (docs: v5 "Enums Definitions", orderStatus). */
const STATUSES: Readonly<Record<OrderState, string>> = {
  untriggered: 'Untriggered',
  new: 'New',
  'partially-filled': 'PartiallyFilled',
  filled: 'Filled',
  canceled: 'Cancelled',
  'partially-filled-canceled': 'PartiallyFilledCanceled',
  deactivated: 'Deactivated',
  triggered: 'Triggered',
};

/** Only spot tells a partly filled order that was cancelled apart. */
export function bybitOrderStatus({ state, market }: Order): string {
  if (state === 'partially-filled-canceled' && market.kind !== 'spot') return STATUSES.canceled;
  return STATUSES[state];
}
