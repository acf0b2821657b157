import type { DecimalString } from '../../domain/decimal-string.js';
import { compare, isNegative, multiply, negate, subtract, sum } from '../../ledger/decimal.js';
import type { ContainedProfit } from '../profiles/profile.js';
import type { Dictionary } from './answer.js';
import { decimalOrUnknown } from './row-fields.js';

/** Doubles are right to about 16 digits, and a sum of some of them to a little less. */
const ROUNDING = '0.000000000001';

/** What the total is without unrealised profit. Undefined: it cannot be told. */
export function withoutProfit(
  row: Dictionary,
  contained: ContainedProfit | undefined,
  total: unknown,
): unknown {
  if (contained === undefined || isUnsaid(row[contained.field])) return total;
  const [whole, profit] = [amount(total), amount(row[contained.field])];
  if (whole === undefined || profit === undefined) return undefined;
  const balance = subtract(whole, profit);
  const exact = sumOfParts(row, contained);
  return exact !== undefined && isRounded(subtract(balance, exact), [whole, profit]) ? exact : balance;
}

/** Undefined: one of the parts is no amount. Where an account cannot have a part, the exchange does not say it. */
function sumOfParts(row: Dictionary, { parts, less }: ContainedProfit): DecimalString | undefined {
  const said = (field: string) => (isUnsaid(row[field]) ? '0' : amount(row[field]));
  const terms = [...parts.map(said), ...less.map((field) => negated(said(field)))];
  return terms.every((term) => term !== undefined) ? sum(terms) : undefined;
}

function isRounded(difference: DecimalString, terms: readonly DecimalString[]): boolean {
  return terms.some((term) => compare(absolute(difference), multiply(absolute(term), ROUNDING)) <= 0);
}

function amount(value: unknown): DecimalString | undefined {
  return decimalOrUnknown.safeParse(value).data;
}

function negated(value: DecimalString | undefined): DecimalString | undefined {
  return value === undefined ? undefined : negate(value);
}

function absolute(value: DecimalString): DecimalString {
  return isNegative(value) ? negate(value) : value;
}

function isUnsaid(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}
