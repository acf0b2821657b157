/*
 * The slow and obviously right arithmetic that the ledger is tested against: fractions of integers.
 */

export interface Rational {
  readonly numerator: bigint;
  /** Greater than 0. */
  readonly denominator: bigint;
}

export function rational(plain: string): Rational {
  const [integer = '', fraction = ''] = plain.split('.');
  return { numerator: BigInt(integer + fraction), denominator: 10n ** BigInt(fraction.length) };
}

export function plus(left: Rational, right: Rational): Rational {
  return {
    numerator: left.numerator * right.denominator + right.numerator * left.denominator,
    denominator: left.denominator * right.denominator,
  };
}

export function times(left: Rational, right: Rational): Rational {
  return {
    numerator: left.numerator * right.numerator,
    denominator: left.denominator * right.denominator,
  };
}

export function inverse({ numerator, denominator }: Rational): Rational {
  return numerator < 0n
    ? { numerator: -denominator, denominator: -numerator }
    : { numerator: denominator, denominator: numerator };
}

export function equal(left: Rational, right: Rational): boolean {
  return left.numerator * right.denominator === right.numerator * left.denominator;
}

export function compareRationals(left: Rational, right: Rational): number {
  const difference = left.numerator * right.denominator - right.numerator * left.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Rounds to `digits` significant digits, ties to even, and gives it as `integer x 10^exponent`. */
export function roundHalfEven({ numerator, denominator }: Rational, digits: number): Rational {
  if (numerator === 0n) return { numerator: 0n, denominator: 1n };
  const negative = numerator < 0n;
  const magnitude = negative ? -numerator : numerator;
  const lowest = 10n ** BigInt(digits - 1);
  // The scale is found by trying, not by logarithms.
  let scale = 0;
  const scaled = () =>
    scale >= 0
      ? { over: magnitude * 10n ** BigInt(scale), under: denominator }
      : { over: magnitude, under: denominator * 10n ** BigInt(-scale) };
  while (scaled().over / scaled().under < lowest) scale += 1;
  while (scaled().over / scaled().under >= lowest * 10n) scale -= 1;
  const { over, under } = scaled();
  let quotient = over / under;
  const twiceRest = (over % under) * 2n;
  if (twiceRest > under || (twiceRest === under && quotient % 2n === 1n)) quotient += 1n;
  const signed = negative ? -quotient : quotient;
  return scale >= 0
    ? { numerator: signed, denominator: 10n ** BigInt(scale) }
    : { numerator: signed * 10n ** BigInt(-scale), denominator: 1n };
}
