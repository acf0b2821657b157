import { compare, isNegative } from '../../../ledger/decimal.js';
import { decimal, decimalOrUnknown } from '../row-fields.js';

/* Amounts of rows of histories, where more than the sign can be impossible. */

export const positive = decimal.refine((value) => compare(value, '0') > 0, { error: 'it is not above 0' });

export const notNegative = decimal.refine((value) => !isNegative(value), { error: 'it is negative' });

export const notNegativeOrUnknown = decimalOrUnknown.refine(
  (value) => value === undefined || !isNegative(value),
  { error: 'it is negative' },
);
