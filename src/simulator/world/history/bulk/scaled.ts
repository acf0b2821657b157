import type { DecimalString } from '../../../../domain/decimal-string.js';

/** Amounts of big histories are whole billionths: every product of a tick and a step here is one. */
export const SCALE = 9;

/** Throws when digits would be lost. */
export function toScaled(value: DecimalString): bigint {
  const [integer = '0', fraction = ''] = value.replace('-', '').split('.');
  if (fraction.length > SCALE && /[1-9]/.test(fraction.slice(SCALE))) {
    throw new RangeError(`${value} has more than ${SCALE} decimals`);
  }
  const digits = BigInt(integer + fraction.slice(0, SCALE).padEnd(SCALE, '0'));
  return value.startsWith('-') ? -digits : digits;
}

export function fromScaled(scaled: bigint): DecimalString {
  const digits = String(scaled < 0n ? -scaled : scaled).padStart(SCALE + 1, '0');
  const integer = digits.slice(0, -SCALE);
  const fraction = digits.slice(-SCALE).replace(/0+$/, '');
  const text = fraction === '' ? integer : `${integer}.${fraction}`;
  return scaled < 0n ? `-${text}` : text;
}

/** Towards zero, to eight decimals, as exchanges cut fees and profits. */
export function cut(scaled: bigint): bigint {
  return (scaled / 10n) * 10n;
}
