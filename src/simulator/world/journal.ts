import type { DecimalString } from '../../domain/decimal-string.js';
import { add, isZero, negate, sum } from '../../ledger/decimal.js';
import type { EventSubject } from './history/statement.js';

/*
 * The truth behind every balance: a double-entry journal. An event's legs sum to zero per asset, so that
 * what a wallet holds is the sum of what flowed, and nothing else can change it.
 */

/**
 * What an economic event is. `opening`: held before there is any history. `bulk`: the sum of very many, which
 * are told one by one elsewhere.
 */
export type EventKind =
  | 'opening'
  | 'bulk'
  | 'deposit'
  | 'withdrawal'
  | 'transfer'
  | 'trade'
  | 'funding'
  | 'borrow'
  | 'repay'
  | 'interest'
  | 'rebate'
  | 'reward'
  | 'conversion';

/** A wallet of an account, or the other side of an event: `@outside`, `@market`, `@fees`, `@loans`. */
export type Book = string;

export interface Leg {
  readonly book: Book;
  readonly asset: string;
  /** What the book gains; negative for what it loses. */
  readonly amount: DecimalString;
  /** What is paid for the event beside what flows in it. */
  readonly isFee?: boolean;
}

export interface JournalEvent {
  readonly id: number;
  readonly timestampMs: number;
  readonly kind: EventKind;
  readonly legs: readonly Leg[];
  readonly reference: Readonly<Record<string, string>>;
  readonly subject?: EventSubject;
}

/** What an event changed of one asset in one book. */
export interface Posting {
  readonly event: JournalEvent;
  readonly asset: string;
  /** Without the fee. */
  readonly flow: DecimalString;
  /** What was paid; negative for a rebate. */
  readonly fee: DecimalString;
  readonly balanceAfter: DecimalString;
}

export class Journal {
  readonly #events: JournalEvent[] = [];
  readonly #balances = new Map<Book, Map<string, DecimalString>>();
  readonly #watchers = new Map<Book, (posting: Posting) => void>();

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
    this.#tell({ ...posted, legs: event.legs });
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

  /** From now on `watcher` is told of everything that changes the book. */
  watch(book: Book, watcher: (posting: Posting) => void): void {
    this.#watchers.set(book, watcher);
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

  #tell(event: JournalEvent): void {
    const books = new Set(event.legs.map(({ book }) => book));
    for (const book of books) {
      const watcher = this.#watchers.get(book);
      if (watcher === undefined) continue;
      const own = event.legs.filter((leg) => leg.book === book);
      for (const asset of new Set(own.map((leg) => leg.asset))) {
        const legs = own.filter((leg) => leg.asset === asset);
        // A fee of nothing is no row; a fill that realises nothing is one.
        if (legs.every(({ amount, isFee }) => isFee && isZero(amount))) continue;
        const total = sum(legs.map(({ amount }) => amount));
        const fee = negate(sum(legs.filter(({ isFee }) => isFee).map(({ amount }) => amount)));
        watcher({ event, asset, flow: add(total, fee), fee, balanceAfter: this.balance(book, asset) });
      }
    }
  }

  #book(book: Book): Map<string, DecimalString> {
    const known = this.#balances.get(book);
    if (known !== undefined) return known;
    const balances = new Map<string, DecimalString>();
    this.#balances.set(book, balances);
    return balances;
  }
}
