import { WHOLE_EXCHANGE } from '../domain/account.js';
import type { DecimalString } from '../domain/decimal-string.js';
import type { TimeRange } from '../domain/time-range.js';
import type { Queryable, Transaction } from './database.js';
import { noteHistoryChange } from './history-changes.js';
import { qualifiedName } from './identifier.js';
import type { RepositoryOptions } from './mirror-repository.js';
import { boundedTimestamp, toColumn } from './table.js';

/** A spot market. */
export interface Pair {
  readonly base: string;
  readonly quote: string;
}

/** The price that counts for what happened in an hour. */
export interface HourPrice {
  readonly hourMs: number;
  /** Undefined: the exchange has none. */
  readonly price: DecimalString | undefined;
}

export type StoredHourPrice = Pair & HourPrice;

/** `price_history`. */
export class PriceHistoryRepository {
  readonly #schema: string;
  readonly #target: string;

  constructor({ schema }: RepositoryOptions) {
    this.#schema = schema;
    this.#target = qualifiedName(schema, 'price_history');
  }

  async list(
    queryable: Queryable,
    exchange: string,
    { fromMs, toMs }: TimeRange,
  ): Promise<readonly StoredHourPrice[]> {
    const { rows } = await queryable.query<Pair & { time: Date; price: string | null }>(
      `SELECT base, quote, time, price FROM ${this.#target}
       WHERE exchange_id = $1 AND time >= $2 AND time < $3 ORDER BY base, quote, time`,
      [exchange, boundedTimestamp(fromMs), boundedTimestamp(toMs)],
    );
    return rows.map(({ base, quote, time, price }) => ({
      ...{ base, quote, hourMs: time.getTime() },
      price: price ?? undefined,
    }));
  }

  /** What is stored stays: the past has one price. */
  async add(
    transaction: Transaction,
    exchange: string,
    { base, quote }: Pair,
    prices: readonly HourPrice[],
  ): Promise<void> {
    const [first] = prices;
    if (first === undefined) return;
    // Several accounts of an exchange may read at once, and their changes must be numbered one after the other.
    await transaction.query('SELECT pg_advisory_xact_lock(hashtext($1))', [
      `exchange-sync price_history ${this.#schema} ${exchange}`,
    ]);
    await transaction.query(
      `INSERT INTO ${this.#target} (exchange_id, base, quote, time, price, source)
       SELECT $1, $2, $3, u.time, u.price, 'hour-open'
       FROM unnest($4::timestamptz[], $5::numeric[]) AS u (time, price)
       ON CONFLICT DO NOTHING`,
      [
        exchange,
        toColumn('text', base),
        toColumn('text', quote),
        prices.map(({ hourMs }) => boundedTimestamp(hourMs)),
        prices.map(({ price }) => toColumn('numeric', price)),
      ],
    );
    const earliestMs = prices.reduce((least, { hourMs }) => Math.min(least, hourMs), first.hourMs);
    const owner = { exchange, account: WHOLE_EXCHANGE };
    await noteHistoryChange(transaction, this.#schema, owner, earliestMs);
  }
}
