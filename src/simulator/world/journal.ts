import type { DecimalString } from '../../domain/decimal-string.js';
import { add, isZero, negate, sum } from '../../ledger/decimal.js';

/*
 * The truth behind every balance: a double-entry journal. An event's legs sum to zero per asset, so that
 * what a wallet holds is the sum of what flowed, and nothing else can change it.
 */

/** What an economic event is; histories (fills, transfers, funding) are read out of the journal by it. */
export type EventKind = 'opening' | 'transfer' | 'trade' | 'borrow' | 'funding' | 'withdrawal';

/** A wallet of an account, or the other side of an event: `@outside`, `@market`, `@fees`, `@loans`. */
export type Book = string;

export interface Leg {
  readonly book: Book;
  readonly asset: string;
  /** What the book gains; negative for what it loses. */
  readonly amount: DecimalString;
}

export interface JournalEvent {
  readonly id: number;
  readonly timestampMs: number;
  readonly kind: EventKind;
  readonly legs: readonly Leg[];
  /** Whatever a history will need to name: order, trade, market, transfer id. */
  readonly reference: Readonly<Record<string, string>>;
}

export class Journal {
  readonly #events: JournalEvent[] = [];
  readonly #balances = new Map<Book, Map<string, DecimalString>>();

  /** Throws when the legs do not sum to zero for every asset. */
  post(event: Omit<JournalEvent, 'id'>): JournalEvent {
    const legs = event.legs.filter((leg) => !isZero(leg.amount));
    for (const asset of new Set(legs.map((leg) => leg.asset))) {
      const total = sum(legs.filter((leg) => leg.asset === asset).map((leg) => leg.amount));
      if (!isZero(total)) throw new Error(`a ${event.kind} of ${asset} is out of balance by ${total}`);
    }
    const posted = { ...event, legs, id: this.#events.length + 1 };
    this.#events.push(posted);
    for (const { book, asset, amount } of legs) {
      const balances = this.#book(book);
      balances.set(asset, add(balances.get(asset) ?? '0', amount));
    }
    return posted;
  }

  /** Moves `amount` of `asset`; both sides are posted. */
  move(
    event: Omit<JournalEvent, 'id' | 'legs'>,
    asset: string,
    amount: DecimalString,
    from: Book,
    to: Book,
  ): JournalEvent {
    const legs = [
      { book: from, asset, amount: negate(amount) },
      { book: to, asset, amount },
    ];
    return this.post({ ...event, legs });
  }

  balance(book: Book, asset: string): DecimalString {
    return this.#balances.get(book)?.get(asset) ?? '0';
  }

  /** Every asset the book ever held, also those of which nothing is left. */
  assets(book: Book): readonly string[] {
    return [...(this.#balances.get(book)?.keys() ?? [])];
  }

  events(): readonly JournalEvent[] {
    return this.#events;
  }

  #book(book: Book): Map<string, DecimalString> {
    const known = this.#balances.get(book);
    if (known !== undefined) return known;
    const balances = new Map<string, DecimalString>();
    this.#balances.set(book, balances);
    return balances;
  }
}
