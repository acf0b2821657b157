import type { CostBasisOptions } from '#src/ledger/cost-basis.js';
import type { CostBasisEvent } from '#src/ledger/cost-basis-events.js';
import { type Rational, rational, roundHalfEven } from './rational.js';

/*
 * The slow and obviously right cost basis: fractions of integers, one list of units per account and asset, no
 * case distinguished from another for speed. What is rounded, and where, is in `Rounding`; without
 * rounding it is the cost basis as it would be with endless digits.
 */

export interface Rounding {
  /** Of a part of a cost, or of a value. */
  readonly cost: (value: Rational) => Rational;
  /** Of the known share of units that leave. */
  readonly quantity: (value: Rational) => Rational;
}

export const AS_THE_LEDGER: Rounding = {
  cost: (value) => roundHalfEven(value, 34),
  quantity: (value) => roundToPlaces(roundHalfEven(value, 34), 18),
};

export const NOT_AT_ALL: Rounding = { cost: (value) => value, quantity: (value) => value };

/** Some units; `cost` is undefined where it isn't known. */
interface Units {
  readonly quantity: Rational;
  readonly cost: Rational | undefined;
}

interface Book {
  units: Units[];
  realized: Rational;
  unknownResult: Rational;
  anchored: boolean;
}

interface Sent {
  readonly account: string;
  readonly asset: string;
  readonly amount: Rational;
  readonly id: string | undefined;
  readonly atMs: number;
  readonly units: Units[];
}

const ZERO = rational('0');
const DAY = 86_400_000;

export class ReferenceBasis {
  readonly #options: CostBasisOptions;
  readonly #rounding: Rounding;
  readonly books = new Map<string, Book>();
  #sent: Sent[] = [];

  constructor(options: CostBasisOptions, rounding: Rounding) {
    this.#options = options;
    this.#rounding = rounding;
  }

  apply(event: CostBasisEvent): void {
    const priceOf = (asset: string): Rational | undefined => {
      if (asset === this.#options.quoteCurrency) return rational('1');
      const found = this.#options.priceAt(event.exchange, asset, event.atMs);
      return 'price' in found ? rational(found.price) : undefined;
    };
    const account = `${event.exchange}/${event.account}`;
    const book = (asset: string) => this.#book(account, asset);

    if (event.type === 'trade') {
      const { base, quote, fee } = event;
      const direction = event.side === 'buy' ? 1n : -1n;
      const feePaid = (asset: string) => (fee?.asset === asset ? rational(fee.amount) : ZERO);
      const baseMove = minus(scale(rational(event.amount), direction), feePaid(base));
      const quoteMove = minus(scale(rational(event.cost), -direction), feePaid(quote));
      const byQuote = product(negative(quoteMove), priceOf(quote));
      const byBase = product(baseMove, priceOf(base));
      const value = base === this.#options.quoteCurrency ? byBase : (byQuote ?? byBase);
      const isThird = fee !== undefined && fee.asset !== base && fee.asset !== quote;
      const feeValue = isThird ? product(rational(fee.amount), priceOf(fee.asset)) : ZERO;
      const bearsFee = base === this.#options.quoteCurrency ? quote : base;
      const opposite = value === undefined ? undefined : negative(value);
      this.#move(book(quote), quote, quoteMove, bearsFee === quote ? total(opposite, feeValue) : opposite);
      this.#move(book(base), base, baseMove, bearsFee === base ? total(value, feeValue) : value);
      if (isThird) {
        const paid = feeValue === undefined ? undefined : negative(feeValue);
        this.#move(book(fee.asset), fee.asset, negative(rational(fee.amount)), paid);
      }
    } else if (event.type === 'income') {
      this.#income(book(event.asset), event.asset, rational(event.amount), priceOf(event.asset));
    } else if (event.type === 'transfer') {
      this.#transfer(event, account, book(event.asset));
    } else if (event.type === 'opening') {
      if (event.asset === this.#options.quoteCurrency) return;
      const opened = book(event.asset);
      opened.units = [{ quantity: rational(event.quantity), cost: undefined }];
      opened.anchored = true;
      this.#tidy(opened);
    } else {
      throw new Error('conversions are checked by examples');
    }
  }

  #move(book: Book, asset: string, quantity: Rational, value: Rational | undefined): void {
    if (asset === this.#options.quoteCurrency) {
      if (value !== undefined) book.realized = sum(book.realized, minus(quantity, value));
      return;
    }
    if (isZero(quantity)) {
      if (value !== undefined) book.realized = minus(book.realized, value);
      return;
    }
    const held = quantityOf(book.units);
    const closing = sign(held) * sign(quantity) < 0 ? smaller(size(quantity), size(held)) : ZERO;
    const closingValue = value === undefined ? undefined : this.#part(value, closing, size(quantity));
    if (!isZero(closing)) {
      for (const units of [this.#take(book, closing)]) {
        const known = units.filter(({ cost }) => cost !== undefined);
        const knownQuantity = size(quantityOf(known));
        if (closingValue === undefined) {
          book.unknownResult = sum(book.unknownResult, closing);
          continue;
        }
        const proceeds = negative(this.#part(closingValue, knownQuantity, closing));
        book.realized = sum(book.realized, minus(proceeds, costOf(known)));
        book.unknownResult = sum(book.unknownResult, minus(closing, knownQuantity));
      }
    }
    const rest = minus(size(quantity), closing);
    if (isZero(rest)) return;
    if (sign(quantity) < 0 && !book.anchored) {
      book.unknownResult = sum(book.unknownResult, rest);
      return;
    }
    const cost = value === undefined || closingValue === undefined ? undefined : minus(value, closingValue);
    book.units.push({ quantity: scale(rest, BigInt(sign(quantity))), cost });
    this.#tidy(book);
  }

  #income(book: Book, asset: string, amount: Rational, price: Rational | undefined): void {
    if (asset === this.#options.quoteCurrency) {
      book.realized = sum(book.realized, amount);
      return;
    }
    if (sign(amount) >= 0) {
      const value = product(amount, price);
      const before = book.unknownResult;
      this.#move(book, asset, amount, value);
      if (value !== undefined) book.realized = sum(book.realized, value);
      else book.unknownResult = sum(before, amount);
      return;
    }
    // Worth v is lost, and the units are disposed of for v: what they cost is lost.
    const paid = size(amount);
    const taken = this.#take(book, smaller(paid, positive(quantityOf(book.units))));
    book.realized = minus(book.realized, costOf(taken));
    book.unknownResult = sum(book.unknownResult, quantityOf(taken.filter(({ cost }) => cost === undefined)));
    const rest = minus(paid, quantityOf(taken));
    if (isZero(rest)) return;
    const value = product(rest, price);
    if (!book.anchored || value === undefined) book.unknownResult = sum(book.unknownResult, rest);
    else book.realized = minus(book.realized, value);
    if (!book.anchored) return;
    book.units.push({ quantity: negative(rest), cost: value === undefined ? undefined : negative(value) });
    this.#tidy(book);
  }

  #transfer(event: Extract<CostBasisEvent, { type: 'transfer' }>, account: string, book: Book): void {
    const { asset, atMs } = event;
    const change = rational(event.change);
    const amount = rational(event.amount);
    if (sign(change) < 0) {
      const sent = smaller(amount, size(change));
      if (asset !== this.#options.quoteCurrency) {
        const units = this.#take(book, smaller(sent, positive(quantityOf(book.units))));
        const missing = minus(sent, quantityOf(units));
        if (!isZero(missing)) {
          units.push({ quantity: missing, cost: undefined });
          if (book.anchored) book.units.push({ quantity: negative(missing), cost: undefined });
          this.#tidy(book);
        }
        this.#sent.push({ account, asset, amount: sent, id: event.transactionId, atMs, units });
      }
      // A fee is paid out of what is held; there is no price that it would need.
      const fee = minus(size(change), sent);
      if (!isZero(fee)) {
        const found = this.#options.priceAt(event.exchange, asset, atMs);
        const price = 'price' in found ? rational(found.price) : undefined;
        this.#income(book, asset, negative(fee), price);
      }
      return;
    }
    if (asset === this.#options.quoteCurrency || isZero(change)) return;
    const candidates = this.#sent.filter((one) => one.asset === asset && one.atMs <= atMs);
    const sameId = candidates
      .filter(
        ({ id, atMs: leftAtMs }) =>
          id !== undefined && id === event.transactionId && atMs - leftAtMs < 30 * DAY,
      )
      .filter((one) => sign(minus(one.amount, amount)) >= 0)
      .sort((left, right) => sign(minus(left.amount, right.amount)) || left.atMs - right.atMs);
    const sameAmount = candidates.filter(
      (one) =>
        one.account !== account &&
        atMs - one.atMs <= DAY &&
        (one.id === undefined || event.transactionId === undefined) &&
        isZero(minus(one.amount, amount)),
    );
    const origin = sameId[0] ?? sameAmount[0];
    this.#sent = this.#sent.filter((one) => one !== origin);
    const parcel: Book = {
      units: [...(origin?.units ?? [])],
      realized: ZERO,
      unknownResult: ZERO,
      anchored: true,
    };
    const arrived = this.#take(parcel, smaller(change, quantityOf(parcel.units)));
    const rest = minus(change, quantityOf(arrived));
    const lost = parcel.units;
    parcel.units = [...arrived, { quantity: rest, cost: undefined }];
    this.#tidy(parcel);
    const owed = smaller(positive(negative(quantityOf(book.units))), quantityOf(parcel.units));
    for (const { quantity, cost } of withUnknownTogether(this.#take(parcel, owed))) {
      this.#move(book, asset, quantity, cost);
    }
    book.units.push(...parcel.units);
    this.#tidy(book);
    book.realized = minus(book.realized, costOf(lost));
  }

  /** Units leave in proportion, or the oldest first; `quantity` is without sign and not more than there is. */
  #take(book: Book, quantity: Rational): Units[] {
    const direction = BigInt(sign(quantityOf(book.units)) || 1);
    const isAverage = this.#options.method === 'average';
    const known = size(quantityOf(book.units.filter(({ cost }) => cost !== undefined)));
    const all = size(quantityOf(book.units));
    let share = ZERO;
    if (isAverage && !isZero(all)) {
      const exact = divided(times(quantity, known), all);
      const rounded =
        sign(minus(quantity, all)) === 0 || isZero(minus(known, all))
          ? exact
          : this.#rounding.quantity(exact);
      const least = minus(quantity, minus(all, known));
      const most = smaller(quantity, known);
      share = sign(minus(rounded, most)) > 0 ? most : sign(minus(rounded, least)) < 0 ? least : rounded;
    }
    let knownWanted = isAverage ? share : quantity;
    let unknownWanted = isAverage ? minus(quantity, share) : quantity;
    const taken: Units[] = [];
    const left: Units[] = [];
    for (const one of book.units) {
      const isKnown = one.cost !== undefined;
      const wanted = isKnown ? knownWanted : unknownWanted;
      const part = smaller(wanted, size(one.quantity));
      const signed = scale(part, direction);
      const cost = one.cost === undefined ? undefined : this.#part(one.cost, part, size(one.quantity));
      taken.push({ quantity: signed, cost });
      const restCost = one.cost === undefined || cost === undefined ? undefined : minus(one.cost, cost);
      left.push({ quantity: minus(one.quantity, signed), cost: restCost });
      if (isKnown || !isAverage) knownWanted = minus(knownWanted, part);
      if (!isKnown || !isAverage) unknownWanted = minus(unknownWanted, part);
    }
    book.units = left;
    this.#tidy(book);
    return taken.filter((units) => !isZero(units.quantity));
  }

  #tidy(book: Book): void {
    const units = book.units.filter(({ quantity }) => !isZero(quantity));
    if (this.#options.method === 'fifo') {
      book.units = units;
      return;
    }
    const known = units.filter(({ cost }) => cost !== undefined);
    const unknown = units.filter(({ cost }) => cost === undefined);
    book.units = [
      { quantity: quantityOf(known), cost: costOf(known) },
      { quantity: quantityOf(unknown), cost: undefined },
    ].filter(({ quantity }) => !isZero(quantity));
  }

  #part(value: Rational, part: Rational, whole: Rational): Rational {
    if (isZero(minus(part, whole))) return value;
    return this.#rounding.cost(divided(times(value, part), whole));
  }

  #book(account: string, asset: string): Book {
    const key = `${account} ${asset}`;
    const known = this.books.get(key) ?? { units: [], realized: ZERO, unknownResult: ZERO, anchored: false };
    this.books.set(key, known);
    return known;
  }
}

function withUnknownTogether(units: readonly Units[]): readonly Units[] {
  const together: Units[] = [];
  for (const one of units) {
    const last = together.at(-1);
    if (last === undefined || last.cost !== undefined || one.cost !== undefined) together.push(one);
    else together[together.length - 1] = { quantity: sum(last.quantity, one.quantity), cost: undefined };
  }
  return together;
}

export function quantityOf(units: readonly Units[]): Rational {
  return units.reduce((all, { quantity }) => sum(all, quantity), ZERO);
}

export function costOf(units: readonly Units[]): Rational {
  return units.reduce((all, { cost }) => (cost === undefined ? all : sum(all, cost)), ZERO);
}

/** With the smallest common denominator, so that long histories stay fast. */
function sum(left: Rational, right: Rational): Rational {
  if (left.denominator % right.denominator === 0n) {
    const factor = left.denominator / right.denominator;
    return { numerator: left.numerator + right.numerator * factor, denominator: left.denominator };
  }
  if (right.denominator % left.denominator === 0n) return sum(right, left);
  return reduced({
    numerator: left.numerator * right.denominator + right.numerator * left.denominator,
    denominator: left.denominator * right.denominator,
  });
}

function times(left: Rational, right: Rational): Rational {
  return { numerator: left.numerator * right.numerator, denominator: left.denominator * right.denominator };
}

function divided(left: Rational, right: Rational): Rational {
  const direction = right.numerator < 0n ? -1n : 1n;
  return reduced({
    numerator: left.numerator * right.denominator * direction,
    denominator: left.denominator * right.numerator * direction,
  });
}

function reduced({ numerator, denominator }: Rational): Rational {
  let [left, right] = [numerator < 0n ? -numerator : numerator, denominator];
  while (right !== 0n) [left, right] = [right, left % right];
  return left <= 1n
    ? { numerator, denominator }
    : { numerator: numerator / left, denominator: denominator / left };
}

function minus(left: Rational, right: Rational): Rational {
  return sum(left, negative(right));
}

function negative(value: Rational): Rational {
  return scale(value, -1n);
}

function scale({ numerator, denominator }: Rational, factor: bigint): Rational {
  return { numerator: numerator * factor, denominator };
}

function sign({ numerator }: Rational): number {
  return numerator < 0n ? -1 : numerator > 0n ? 1 : 0;
}

function size(value: Rational): Rational {
  return sign(value) < 0 ? negative(value) : value;
}

function positive(value: Rational): Rational {
  return sign(value) < 0 ? ZERO : value;
}

function smaller(left: Rational, right: Rational): Rational {
  return sign(minus(left, right)) <= 0 ? left : right;
}

function isZero({ numerator }: Rational): boolean {
  return numerator === 0n;
}

function product(amount: Rational, price: Rational | undefined): Rational | undefined {
  if (isZero(amount)) return ZERO;
  return price === undefined ? undefined : times(amount, price);
}

function total(left: Rational | undefined, right: Rational | undefined): Rational | undefined {
  return left === undefined || right === undefined ? undefined : sum(left, right);
}

function roundToPlaces({ numerator, denominator }: Rational, places: number): Rational {
  const over = (numerator < 0n ? -numerator : numerator) * 10n ** BigInt(places);
  let quotient = over / denominator;
  const twiceRest = (over % denominator) * 2n;
  if (twiceRest > denominator || (twiceRest === denominator && quotient % 2n === 1n)) quotient += 1n;
  return { numerator: numerator < 0n ? -quotient : quotient, denominator: 10n ** BigInt(places) };
}
