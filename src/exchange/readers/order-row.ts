import { z } from 'zod';
import { ORDER_STATUSES, type OrderStatus } from '../../domain/records.js';
import {
  decimalOrNone,
  decimalOrUnknown,
  shown,
  text,
  textOrUnknown,
  timestampOrUnknown,
} from './row-fields.js';

const side = z
  .unknown()
  .transform((value): 'buy' | 'sell' | undefined =>
    value === 'buy' || value === 'sell' ? value : undefined,
  );

/** ccxt's words for an order that is still there. */
const STILL_OPEN = new Set<unknown>(['canceling', 'pending']);

const status = z.unknown().transform((value, context): OrderStatus => {
  const known = ORDER_STATUSES.find((candidate) => candidate === value && candidate !== 'unknown');
  if (known !== undefined) return known;
  if (STILL_OPEN.has(value)) return 'open';
  context.issues.push({ code: 'custom', input: value, message: `${shown(value)} is no order status` });
  return z.NEVER;
});

export const orderRow = z.object({
  symbol: text,
  orderId: text,
  orderType: textOrUnknown,
  side,
  price: decimalOrNone,
  triggerPrice: decimalOrNone,
  average: decimalOrNone,
  /** Of what was filled, in the quote currency. */
  cost: decimalOrNone,
  amount: decimalOrNone,
  filled: decimalOrUnknown,
  remaining: decimalOrUnknown,
  status,
  rawStatus: textOrUnknown,
  timestampMs: timestampOrUnknown,
  updatedAtMs: timestampOrUnknown,
});

export type OrderRow = z.infer<typeof orderRow>;
/** Every field has to be named, said by the exchange or not. */
export type OrderCandidate = z.input<typeof orderRow>;
