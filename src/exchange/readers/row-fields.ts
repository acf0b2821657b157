import { z } from 'zod';
import type { DecimalString } from '../../domain/decimal-string.js';
import { compare, isZero, normalise } from '../../ledger/decimal.js';

/*
 * The fields that rows are made of. Exchanges write nothing as `undefined`, `null` or `''`; all three are
 * "not said" and stay apart from zero.
 */

/** An exact decimal or undefined; anything that is said and is not a number is a problem. */
export const decimalOrUnknown = z.unknown().transform((value, context): DecimalString | undefined => {
  if (isUnsaid(value)) return undefined;
  const decimal = toDecimal(value);
  if (decimal !== undefined) return decimal;
  context.issues.push({ code: 'custom', input: value, message: `${shown(value)} is not a decimal number` });
  return z.NEVER;
});

export const decimal = decimalOrUnknown.transform((value, context): DecimalString => {
  if (value !== undefined) return value;
  context.issues.push({ code: 'custom', input: value, message: 'the exchange did not say it' });
  return z.NEVER;
});

/** Where zero is an exchange's way to say nothing: prices of market orders, sizes given in another unit. */
export const decimalOrNone = decimalOrUnknown.transform((value) =>
  value !== undefined && isZero(value) ? undefined : value,
);

/** Halves of a character: stored, they would be another name, which is then missing from every read. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Ids, symbols, currencies: what PostgreSQL can store and an index can hold. */
export const text = z.unknown().transform((value, context): string => {
  if (typeof value === 'string' && value.trim() !== '' && value.length <= 200) {
    if (!value.includes('\0') && !LONE_SURROGATE.test(value)) return value;
  }
  context.issues.push({
    code: 'custom',
    input: value,
    message: `${shown(value)} is not a text of 1 to 200 characters`,
  });
  return z.NEVER;
});

export const textOrUnknown = z
  .unknown()
  .transform((value) => (isUnsaid(value) ? undefined : value))
  .pipe(z.union([z.undefined(), text]));

const FIRST_EXCHANGE_MS = Date.UTC(2009, 0, 1);
const LAST_MS = Date.UTC(2100, 0, 1);

/** Milliseconds since the epoch; seconds and microseconds fall outside of the range. Zero is not said. */
export const timestampOrUnknown = z.unknown().transform((value, context): number | undefined => {
  if (isUnsaid(value) || value === 0 || value === '0') return undefined;
  const timestampMs = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  if (Number.isInteger(timestampMs)) {
    const whole = timestampMs as number;
    if (whole >= FIRST_EXCHANGE_MS && whole < LAST_MS) return whole;
  }
  context.issues.push({
    code: 'custom',
    input: value,
    message: `${shown(value)} is not a time in milliseconds`,
  });
  return z.NEVER;
});

/** Whether it is above zero; unknown is not. */
export function isPositive(value: DecimalString | undefined): value is DecimalString {
  return value !== undefined && compare(value, '0') > 0;
}

/** For messages: whatever an exchange sent, cut to what fits a line. */
export function shown(value: unknown): string {
  const written = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return written.length > 60 ? `${written.slice(0, 60)}…` : written;
}

function isUnsaid(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/** A float has already lost what it lost; whole numbers below 2^53 are exact. */
function toDecimal(value: unknown): DecimalString | undefined {
  if (typeof value === 'string') return normalise(value);
  return Number.isSafeInteger(value) ? String(value) : undefined;
}
