import type { CostBasisMethod } from '../domain/cost-basis-method.js';
import type { DecimalString } from '../domain/decimal-string.js';
import {
  addLot,
  costOf,
  isKnown,
  type Lot,
  magnitude,
  quantityOf,
  shareOf,
  smaller,
  takeLots,
} from './cost-basis-lots.js';
import type { HoldingState } from './cost-basis-state.js';
import { add, isNegative, isZero, negate, subtract } from './decimal.js';

/** What units are worth in the quote currency, or why that can't be known. */
export type Worth =
  | { readonly value: DecimalString }
  | { readonly reason: string; readonly notYet?: boolean };

/** One asset of one account, while events change it. */
export class Holding {
  readonly #method: CostBasisMethod;
  readonly #lots: Lot[];
  #total: DecimalString;
  #realized: DecimalString;
  #unknownResult: DecimalString;
  #anchored: boolean;

  constructor(method: CostBasisMethod, state?: HoldingState) {
    this.#method = method;
    this.#lots = [...(state?.lots ?? [])];
    this.#total = quantityOf(this.#lots);
    this.#realized = state?.realized ?? '0';
    this.#unknownResult = state?.unknownResult ?? '0';
    this.#anchored = state?.anchored ?? false;
  }

  state(): HoldingState {
    return {
      lots: [...this.#lots],
      realized: this.#realized,
      unknownResult: this.#unknownResult,
      anchored: this.#anchored,
    };
  }

  /** Everything that is here is of unknown cost, and nothing else is owed or held. */
  open(quantity: DecimalString, reason: string, atMs: number): void {
    this.#lots.length = 0;
    this.#total = '0';
    this.#anchored = true;
    this.#add({ quantity, reason, sinceMs: atMs, untilMs: atMs });
  }

  /**
   * Bought (both positive) or sold (both negative): what was owed or held before is closed first and realises,
   * the rest is held or owed at its share of the worth.
   */
  exchange(quantity: DecimalString, worth: Worth, atMs: number): void {
    if (isZero(quantity)) {
      // Paid for nothing: a fee took all of it.
      if ('value' in worth) this.#realized = subtract(this.#realized, worth.value);
      return;
    }
    const whole = magnitude(quantity);
    const closing =
      isNegative(quantity) === isNegative(this.#total) ? '0' : smaller(whole, magnitude(this.#total));
    if (!isZero(closing)) this.#close(closing, shareOfWorth(worth, closing, whole));
    const rest = isNegative(quantity) ? negate(subtract(whole, closing)) : subtract(whole, closing);
    if (isZero(rest)) return;
    if (isNegative(rest) && !this.#anchored) {
      // It was here before history tells of it, at a cost that history doesn't tell.
      this.#unknownResult = add(this.#unknownResult, negate(rest));
      return;
    }
    if ('reason' in worth) this.#add({ quantity: rest, reason: worth.reason, sinceMs: atMs, untilMs: atMs });
    else {
      const closed = isZero(closing) ? '0' : shareOf(worth.value, closing, whole);
      this.#add({ quantity: rest, cost: subtract(worth.value, closed) });
    }
  }

  /** Received for nothing: its worth is what it costs, and a profit. */
  earn(quantity: DecimalString, worth: Worth, atMs: number): void {
    const unknownBefore = this.#unknownResult;
    this.exchange(quantity, worth, atMs);
    if ('value' in worth) this.#realized = add(this.#realized, worth.value);
    else this.#unknownResult = add(unknownBefore, quantity);
  }

  /**
   * Paid for nothing, `quantity` without sign: what it cost is a loss, whatever it is worth by then. Only what is
   * owed from then on needs its worth.
   */
  pay(quantity: DecimalString, worthOf: (rest: DecimalString) => Worth, atMs: number): void {
    const taken = this.take(quantity);
    this.#realized = subtract(this.#realized, costOf(taken));
    this.#unknownResult = add(this.#unknownResult, quantityOf(taken.filter((lot) => !isKnown(lot))));
    const rest = subtract(quantity, quantityOf(taken));
    if (isZero(rest)) return;
    if (!this.#anchored) {
      this.#unknownResult = add(this.#unknownResult, rest);
      return;
    }
    const worth = worthOf(rest);
    if ('value' in worth) {
      this.#add({ quantity: negate(rest), cost: negate(worth.value) });
      this.#realized = subtract(this.#realized, worth.value);
    } else {
      this.#add({ quantity: negate(rest), reason: worth.reason, sinceMs: atMs, untilMs: atMs });
      this.#unknownResult = add(this.#unknownResult, rest);
    }
  }

  /** A profit or loss that moves no units of this asset. */
  realize(profit: DecimalString): void {
    this.#realized = add(this.#realized, profit);
  }

  /** Of what is held, at most as much as there is; realises nothing. */
  take(quantity: DecimalString): readonly Lot[] {
    if (isNegative(this.#total) || isZero(this.#total)) return [];
    const taken = takeLots(this.#lots, smaller(quantity, this.#total), this.#method);
    this.#total = subtract(this.#total, quantityOf(taken));
    return taken;
  }

  /** Owes what was sent away without being held. */
  owe(quantity: DecimalString, reason: string, atMs: number): void {
    if (this.#anchored) this.#add({ quantity: negate(quantity), reason, sinceMs: atMs, untilMs: atMs });
  }

  /** Lots of what was held elsewhere, with their costs; they pay back first what is owed here. */
  receive(lots: readonly Lot[]): void {
    const staying = [...lots];
    if (isNegative(this.#total)) {
      const closing = takeLots(staying, smaller(quantityOf(staying), negate(this.#total)), this.#method);
      for (const lot of withoutReasons(closing)) {
        this.#close(lot.quantity, isKnown(lot) ? { value: lot.cost } : lot);
      }
    }
    for (const lot of staying) this.#add(lot);
  }

  #close(quantity: DecimalString, worth: Worth): void {
    const taken = takeLots(this.#lots, quantity, this.#method);
    this.#total = subtract(this.#total, quantityOf(taken));
    if ('reason' in worth) {
      this.#unknownResult = add(this.#unknownResult, quantity);
      return;
    }
    const known = magnitude(quantityOf(taken.filter(isKnown)));
    const spent = add(shareOf(worth.value, known, quantity), costOf(taken));
    this.#realized = subtract(this.#realized, spent);
    this.#unknownResult = add(this.#unknownResult, subtract(quantity, known));
  }

  #add(lot: Lot): void {
    addLot(this.#lots, lot, this.#method);
    this.#total = add(this.#total, lot.quantity);
  }
}

function shareOfWorth(worth: Worth, part: DecimalString, whole: DecimalString): Worth {
  return 'value' in worth ? { value: shareOf(worth.value, part, whole) } : worth;
}

/** Unknown units in a row as one lot: their reasons must not make a difference to what is rounded. */
function withoutReasons(lots: readonly Lot[]): readonly Lot[] {
  const merged: Lot[] = [];
  for (const lot of lots) addLot(merged, isKnown(lot) ? lot : { ...lot, reason: '' }, 'fifo');
  return merged;
}
