import type { DecimalString } from '../../domain/decimal-string.js';
import { divide, isNegative, multiply, negate } from '../../ledger/decimal.js';

/** Digits after the point. */
export function decimalsOf(value: DecimalString): number {
  return value.split('.')[1]?.length ?? 0;
}

/** `value` with exactly `decimals` digits after the point, as exchanges write it; throws when digits would be lost. */
export function padded(value: DecimalString, decimals: number): DecimalString {
  const [integer = '0', fraction = ''] = value.split('.');
  const kept = fraction.replace(/0+$/, '');
  if (kept.length > decimals) throw new RangeError(`${value} has more than ${decimals} decimals`);
  return decimals === 0 ? integer : `${integer}.${kept.padEnd(decimals, '0')}`;
}

/** Towards zero. */
export function truncated(value: DecimalString, decimals: number): DecimalString {
  const [integer = '0', fraction = ''] = value.split('.');
  const kept = fraction.slice(0, decimals).replace(/0+$/, '');
  const cut = kept === '' ? integer : `${integer}.${kept}`;
  return /^-0(\.0*)?$/.test(cut) ? '0' : cut;
}

/** The largest multiple of `step` that is not further from zero than `value`. */
export function floorToStep(value: DecimalString, step: DecimalString): DecimalString {
  return multiply(truncated(divide(value, step), 0), step);
}

export function absolute(value: DecimalString): DecimalString {
  return isNegative(value) ? negate(value) : value;
}

export function isPositive(value: DecimalString): boolean {
  return isNegative(negate(value));
}
