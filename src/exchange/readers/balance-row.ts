import { z } from 'zod';
import { decimal, decimalOrUnknown, text } from './row-fields.js';

/** One currency of a wallet, before borrowed coins are taken off. */
export const balanceRow = z.object({
  currency: text,
  available: decimalOrUnknown,
  locked: decimalOrUnknown,
  total: decimal,
  /** What the total contains and is owed. */
  borrowed: decimalOrUnknown,
});

/** Every field has to be named, said by the exchange or not. */
export type BalanceCandidate = z.input<typeof balanceRow>;
