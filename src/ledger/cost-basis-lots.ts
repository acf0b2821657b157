import type { CostBasisMethod } from '../domain/cost-basis-method.js';
import type { DecimalString } from '../domain/decimal-string.js';
import {
  add,
  compare,
  divide,
  isNegative,
  isZero,
  multiply,
  negate,
  roundToPlaces,
  subtract,
} from './decimal.js';

/** Units of an asset that have one cost. Of what is owed (sold short), quantity and cost are negative. */
export interface KnownLot {
  readonly quantity: DecimalString;
  /** Of all of it, fees included, in the quote currency; of what is owed, what it was sold for. */
  readonly cost: DecimalString;
}

/** Units of an asset whose cost can't be known. */
export interface UnknownLot {
  readonly quantity: DecimalString;
  /** e.g. `deposited from outside`. */
  readonly reason: string;
  /** When the first and the last of them came. */
  readonly sinceMs: number;
  readonly untilMs: number;
}

export type Lot = KnownLot | UnknownLot;

/** Finer than any exchange counts. A share of known units is rounded to it, so that quantities don't grow digits. */
const QUANTITY_PLACES = 18;

export function isKnown(lot: Lot): lot is KnownLot {
  return 'cost' in lot;
}

export function quantityOf(lots: readonly Lot[]): DecimalString {
  let total = '0';
  for (const { quantity } of lots) total = add(total, quantity);
  return total;
}

/** Known ones only. */
export function costOf(lots: readonly Lot[]): DecimalString {
  let total = '0';
  for (const lot of lots) if (isKnown(lot)) total = add(total, lot.cost);
  return total;
}

/**
 * Adds units of the same direction. `average` has one known lot, first, and one unknown lot per reason; `fifo`
 * keeps the order in which they came.
 */
export function addLot(lots: Lot[], lot: Lot, method: CostBasisMethod): void {
  if (isZero(lot.quantity)) return;
  const from = method === 'average' ? 0 : Math.max(lots.length - 1, 0);
  for (let index = from; index < lots.length; index += 1) {
    const merged = mergedLot(lots[index], lot, method);
    if (merged === undefined) continue;
    lots[index] = merged;
    return;
  }
  if (method === 'average' && isKnown(lot)) lots.unshift(lot);
  else lots.push(lot);
}

function mergedLot(left: Lot | undefined, right: Lot, method: CostBasisMethod): Lot | undefined {
  if (left === undefined) return undefined;
  const quantity = add(left.quantity, right.quantity);
  if (isKnown(left)) {
    if (!isKnown(right) || method === 'fifo') return undefined;
    return { quantity, cost: add(left.cost, right.cost) };
  }
  if (isKnown(right) || left.reason !== right.reason) return undefined;
  const sinceMs = Math.min(left.sinceMs, right.sinceMs);
  return { quantity, reason: left.reason, sinceMs, untilMs: Math.max(left.untilMs, right.untilMs) };
}

/**
 * Takes units out of lots of one direction, at most as many as there are; `quantity` is without sign.
 *
 * `fifo`: the oldest first, known or not. `average`: units can't be told apart, so that known and unknown ones
 * leave in proportion, rounded to 18 fraction digits half-even; of the unknown ones the oldest reason first.
 * The cost of a part of a lot is `cost x part / quantity` to 34 significant digits, half-even; what stays has
 * the rest, so that nothing is lost between the two.
 */
export function takeLots(lots: Lot[], quantity: DecimalString, method: CostBasisMethod): Lot[] {
  if (method === 'fifo') return takeInOrder(lots, quantity);
  const known = lots.findIndex(isKnown);
  const lot = lots[known];
  if (lot === undefined || lots.length === 1) return takeInOrder(lots, quantity);
  const total = magnitude(quantityOf(lots));
  if (compare(quantity, total) >= 0) return lots.splice(0);
  const part = knownShare(quantity, magnitude(lot.quantity), total);
  lots.splice(known, 1);
  const taken = takeInOrder(lots, subtract(quantity, part));
  const [leaving, staying] = split(lot, part);
  if (staying !== undefined) lots.unshift(staying);
  return leaving === undefined ? taken : [leaving, ...taken];
}

function knownShare(quantity: DecimalString, known: DecimalString, total: DecimalString): DecimalString {
  const share = roundToPlaces(divide(multiply(quantity, known), total), QUANTITY_PLACES);
  // Where amounts are finer than the rounding, it could leave more than there is on one side.
  const least = subtract(quantity, subtract(total, known));
  return smaller(larger(share, least), smaller(quantity, known));
}

function takeInOrder(lots: Lot[], quantity: DecimalString): Lot[] {
  const taken: Lot[] = [];
  let wanted = quantity;
  let used = 0;
  while (used < lots.length && !isZero(wanted)) {
    const lot = lots[used] as Lot;
    const [leaving, staying] = split(lot, wanted);
    if (leaving !== undefined) {
      taken.push(leaving);
      wanted = subtract(wanted, magnitude(leaving.quantity));
    }
    if (staying !== undefined) {
      lots[used] = staying;
      break;
    }
    used += 1;
  }
  lots.splice(0, used);
  return taken;
}

/** `part` is without sign and may be more than there is. */
function split(lot: Lot, part: DecimalString): readonly [Lot | undefined, Lot | undefined] {
  if (isZero(part)) return [undefined, lot];
  if (compare(part, magnitude(lot.quantity)) >= 0) return [lot, undefined];
  const quantity = isNegative(lot.quantity) ? negate(part) : part;
  const rest = subtract(lot.quantity, quantity);
  if (!isKnown(lot))
    return [
      { ...lot, quantity },
      { ...lot, quantity: rest },
    ];
  const cost = shareOf(lot.cost, quantity, lot.quantity);
  return [
    { quantity, cost },
    { quantity: rest, cost: subtract(lot.cost, cost) },
  ];
}

/** `value x part / whole`; of the whole, the value as it is. */
export function shareOf(value: DecimalString, part: DecimalString, whole: DecimalString): DecimalString {
  return compare(part, whole) === 0 ? value : divide(multiply(value, part), whole);
}

export function magnitude(value: DecimalString): DecimalString {
  return isNegative(value) ? negate(value) : value;
}

export function smaller(left: DecimalString, right: DecimalString): DecimalString {
  return compare(left, right) <= 0 ? left : right;
}

function larger(left: DecimalString, right: DecimalString): DecimalString {
  return compare(left, right) >= 0 ? left : right;
}
