import type { AccountRef } from '../domain/account.js';
import type { Transaction } from './database.js';
import { qualifiedName } from './identifier.js';
import type { RepositoryOptions } from './mirror-repository.js';
import { boundedTimestamp } from './table.js';

export interface SnapshotRetention {
  /** Everything is kept for so many days. */
  readonly fullDays: number;
  /** One an hour is kept for so many days; later one a day, for ever. */
  readonly hourlyDays: number;
}

/** `portfolio_snapshots`: the equity curve. */
export class SnapshotRepository {
  readonly #target: string;
  readonly #items: string;

  constructor({ schema }: RepositoryOptions) {
    this.#target = qualifiedName(schema, 'portfolio_snapshots');
    this.#items = qualifiedName(schema, 'portfolio_items');
  }

  /**
   * What the account holds now, as of `atMs`. Of an asset that is no longer held one row says so, and then none.
   * Gives how many rows were written; a snapshot of the same millisecond stays.
   */
  async take(transaction: Transaction, account: AccountRef, atMs: number): Promise<number> {
    const { rowCount } = await transaction.query(
      `INSERT INTO ${this.#target} (exchange_id, account, asset, quote_currency, taken_at, quantity, price, value)
       SELECT exchange_id, account, asset, quote_currency, $3::timestamptz, quantity, current_price, value
       FROM ${this.#items} AS item
       WHERE exchange_id = $1 AND account = $2 AND (
         quantity <> 0 OR (
           SELECT quantity FROM ${this.#target} AS last
           WHERE last.exchange_id = $1 AND last.account = $2 AND last.quote_currency = item.quote_currency
             AND last.asset = item.asset AND last.taken_at = (
               SELECT max(taken_at) FROM ${this.#target} AS latest
               WHERE latest.exchange_id = $1 AND latest.account = $2
                 AND latest.quote_currency = item.quote_currency AND latest.taken_at < $3::timestamptz
             )
         ) <> 0
       )
       ORDER BY asset
       ON CONFLICT DO NOTHING`,
      [account.exchange, account.account, boundedTimestamp(atMs)],
    );
    return rowCount;
  }

  /**
   * Keeps, of what is older than `fullDays`, the account's last snapshot of each hour, and of what is older than
   * `hourlyDays` the last of each day; hours and days are of UTC. Gives how many rows it deleted.
   */
  async thin(
    transaction: Transaction,
    account: AccountRef,
    { fullDays, hourlyDays }: SnapshotRetention,
    atMs: number,
  ): Promise<number> {
    const { rowCount } = await transaction.query(
      `WITH old AS MATERIALIZED (
         SELECT DISTINCT quote_currency, taken_at FROM ${this.#target}
         WHERE exchange_id = $1 AND account = $2 AND taken_at < $3::timestamptz - $4 * INTERVAL '24 hours'
       ), spared AS (
         SELECT quote_currency, max(taken_at) AS taken_at FROM old
         GROUP BY quote_currency, date_trunc(
           CASE WHEN taken_at < $3::timestamptz - $5 * INTERVAL '24 hours' THEN 'day' ELSE 'hour' END, taken_at, 'UTC')
       ), surplus AS (
         SELECT quote_currency, taken_at FROM old EXCEPT SELECT quote_currency, taken_at FROM spared
       )
       DELETE FROM ${this.#target} AS stored USING surplus
       WHERE exchange_id = $1 AND account = $2
         AND (stored.quote_currency, stored.taken_at) = (surplus.quote_currency, surplus.taken_at)`,
      [account.exchange, account.account, boundedTimestamp(atMs), fullDays, hourlyDays],
    );
    return rowCount;
  }
}
