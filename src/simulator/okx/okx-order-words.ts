import type { Order, OrderState } from '../world/order.js';

/** okx's words: `state` of an order (docs: "Get order details") and of an algo order ("Get algo order details"). */
const STATES: Readonly<Record<OrderState, string>> = {
  untriggered: 'live',
  new: 'live',
  'partially-filled': 'partially_filled',
  filled: 'filled',
  canceled: 'canceled',
  // Only what is filled of it tells it apart.
  'partially-filled-canceled': 'canceled',
  deactivated: 'canceled',
  triggered: 'effective',
};

export function okxOrderState({ state }: Order): string {
  return STATES[state];
}

const ALGO_TYPES = { stop: 'trigger', 'take-profit': 'conditional', 'stop-loss': 'conditional' } as const;

/** `limit` and `market`, and of an algo order the list that it is in. */
export function okxOrderType({ type, condition }: Order): string {
  return condition === undefined ? type : ALGO_TYPES[condition];
}
