import { z } from 'zod';
import type { DecimalString } from '../../domain/decimal-string.js';
import type { PriceSource } from '../../domain/records.js';
import { add, multiply } from '../../ledger/decimal.js';
import { decimalOrUnknown, isPositive, text, timestampOrUnknown } from './row-fields.js';

/** One market's ticker. */
export const priceRow = z.object({
  base: text,
  quote: text,
  last: decimalOrUnknown,
  bid: decimalOrUnknown,
  ask: decimalOrUnknown,
  timestampMs: timestampOrUnknown,
});

export type PriceRow = z.infer<typeof priceRow>;

/** The last trade's price; where there was none, the middle between best bid and ask. */
export function priceOf({ last, bid, ask }: PriceRow): [DecimalString, PriceSource] | undefined {
  if (isPositive(last)) return [last, 'last'];
  // Half of a sum has a finite decimal form, so that nothing is rounded.
  return isPositive(bid) && isPositive(ask) ? [multiply(add(bid, ask), '0.5'), 'mid'] : undefined;
}
