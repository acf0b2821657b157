/**
 * An exact decimal in plain notation, e.g. `'-0.00012300'`: no exponent, no leading `+`, no thousands
 * separator. Amounts and prices have this form from the exchange's answer to NUMERIC and back.
 */
export type DecimalString = string;

const PLAIN_DECIMAL = /^-?\d+(?:\.\d+)?$/;

/** Far above any real amount, far below where PostgreSQL's NUMERIC (131,072 and 16,383 digits) ends. */
const MAX_LENGTH = 256;

export function isDecimalString(value: unknown): value is DecimalString {
  return typeof value === 'string' && value.length <= MAX_LENGTH && PLAIN_DECIMAL.test(value);
}
