import { Decimal } from 'decimal.js';
import { type DecimalString, isDecimalString } from '../domain/decimal-string.js';
import { ExchangeSyncError } from '../domain/errors.js';

/*
 * Arithmetic on decimal strings. Nothing is ever a float, and nothing but `divide` rounds. Results have
 * no superfluous zeros and no `-0`.
 */

/** Bounds time and memory whatever an exchange sends; real results have a tenth of it, NUMERIC takes eight times. */
const MAX_LENGTH = 2048;

const PLAIN_DECIMAL = /^-?\d+(?:\.\d+)?$/;

/** Holds every digit of a sum or product of two operands of `MAX_LENGTH`. */
const Exact = Decimal.clone({ defaults: true, precision: 3 * MAX_LENGTH });

const Quotient = Decimal.clone({ defaults: true, precision: 34, rounding: Decimal.ROUND_HALF_EVEN });

export function add(left: DecimalString, right: DecimalString): DecimalString {
  return written(exact(left).plus(exact(right)));
}

export function subtract(left: DecimalString, right: DecimalString): DecimalString {
  return written(exact(left).minus(exact(right)));
}

export function multiply(left: DecimalString, right: DecimalString): DecimalString {
  return written(exact(left).times(exact(right)));
}

/** To 34 significant digits, ties to even. Throws `INTERNAL` when the divisor is zero. */
export function divide(dividend: DecimalString, divisor: DecimalString): DecimalString {
  if (isZero(divisor)) throw new ExchangeSyncError('INTERNAL', `cannot divide ${dividend} by zero`);
  return written(new Quotient(operand(dividend)).dividedBy(operand(divisor)));
}

export function negate(value: DecimalString): DecimalString {
  return written(exact(value).negated());
}

/** The sum of no values is `'0'`. */
export function sum(values: Iterable<DecimalString>): DecimalString {
  let total = new Exact(0);
  for (const value of values) total = total.plus(exact(value));
  return written(total);
}

/** -1, 0 or 1, as `Array.prototype.sort` takes it; `'1.0'` and `'1'` are equal. */
export function compare(left: DecimalString, right: DecimalString): -1 | 0 | 1 {
  return exact(left).comparedTo(exact(right)) as -1 | 0 | 1;
}

/** To a number of fraction digits, ties to even: for showing, never for storing. */
export function roundToPlaces(value: DecimalString, fractionDigits: number): DecimalString {
  return exact(value).toDecimalPlaces(fractionDigits, Decimal.ROUND_HALF_EVEN).toFixed(fractionDigits);
}

/** To a number of significant digits, ties to even: for showing, never for storing. */
export function roundToDigits(value: DecimalString, significantDigits: number): DecimalString {
  return written(exact(value).toSignificantDigits(significantDigits, Decimal.ROUND_HALF_EVEN));
}

export function isZero(value: DecimalString): boolean {
  return exact(value).isZero();
}

export function isNegative(value: DecimalString): boolean {
  return compare(value, '0') < 0;
}

const ANY_DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?$/;

/**
 * A number as exchanges write it (`1E-10`, `.5`, `+3`, `007.50`) in plain notation and with every digit
 * it was written with: `0.0000000001`, `0.5`, `3`, `7.50`. Undefined when it isn't a number, or one too
 * long for an amount.
 */
export function normalise(text: string): DecimalString | undefined {
  // Before the expression sees it: what is longer was never an amount.
  if (text.length > MAX_LENGTH) return undefined;
  const match = ANY_DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign = '', integer = '', fraction = '', exponent = '0'] = match;
  const digits = integer + fraction;
  if (digits === '') return undefined;
  const isNought = /^0+$/.test(digits);
  const plain = shiftPoint(digits, integer.length + Number(exponent));
  // A zero has no digits to lose, whatever its exponent.
  if (plain === undefined || !isDecimalString(plain)) return isNought ? '0' : undefined;
  const signed = sign === '-' && !isNought ? `-${plain}` : plain;
  return isDecimalString(signed) ? signed : undefined;
}

/** `digits` with the decimal point before the digit at `point`, which may lie outside of them. */
function shiftPoint(digits: string, point: number): string | undefined {
  if (Math.abs(point) > MAX_LENGTH) return undefined;
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0');
  const split = Math.max(point, 1);
  const integer = padded.slice(0, split).replace(/^0+(?=\d)/, '');
  const fraction = padded.slice(split);
  return fraction === '' ? integer : `${integer}.${fraction}`;
}

function exact(value: DecimalString): Decimal {
  return new Exact(operand(value));
}

function operand(value: DecimalString): DecimalString {
  if (value.length <= MAX_LENGTH && PLAIN_DECIMAL.test(value)) return value;
  throw new ExchangeSyncError(
    'INTERNAL',
    `not a decimal number of at most ${MAX_LENGTH} characters in plain notation: ${JSON.stringify(value.slice(0, 40))}`,
  );
}

function written(value: Decimal): DecimalString {
  return operand(value.toFixed());
}
