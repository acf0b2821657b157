import type { AccountRef } from '../domain/account.js';
import type { DecimalString } from '../domain/decimal-string.js';
import type { Queryable, Transaction } from './database.js';
import { qualifiedName } from './identifier.js';
import { toJsonContent } from './json-content.js';
import type { RepositoryOptions } from './mirror-repository.js';
import { boundedTimestamp } from './table.js';

/** What one complete read of all wallets of an account reported, by the exchange's clock. */
export interface BalanceObservation {
  /** When the first wallet was asked. */
  readonly observedFromMs: number;
  /** When the last wallet had answered. */
  readonly observedToMs: number;
  /** Over all wallets, by asset. */
  readonly quantities: ReadonlyMap<string, DecimalString>;
}

/** `balance_observations`. */
export class ObservationRepository {
  readonly #target: string;

  constructor({ schema }: RepositoryOptions) {
    this.#target = qualifiedName(schema, 'balance_observations');
  }

  /** One that ended in the same millisecond is replaced. */
  async record(
    transaction: Transaction,
    account: AccountRef,
    { observedFromMs, observedToMs, quantities }: BalanceObservation,
  ): Promise<void> {
    await transaction.query(
      `INSERT INTO ${this.#target} (exchange_id, account, observed_from, observed_to, quantities)
       VALUES ($1, $2, $3, $4, $5::jsonb)
       ON CONFLICT (exchange_id, account, observed_to) DO UPDATE
       SET observed_from = excluded.observed_from, quantities = excluded.quantities`,
      [
        account.exchange,
        account.account,
        boundedTimestamp(observedFromMs),
        boundedTimestamp(observedToMs),
        toJsonContent(Object.fromEntries(quantities), Number.POSITIVE_INFINITY),
      ],
    );
  }

  /** The latest that ended before `beforeMs`; absent: the latest of all. */
  async latest(
    queryable: Queryable,
    account: AccountRef,
    beforeMs?: number,
  ): Promise<BalanceObservation | undefined> {
    const { rows } = await queryable.query<ObservationRow>(
      `SELECT observed_from, observed_to, quantities FROM ${this.#target}
       WHERE exchange_id = $1 AND account = $2 AND ($3::timestamptz IS NULL OR observed_to < $3)
       ORDER BY observed_to DESC LIMIT 1`,
      [account.exchange, account.account, beforeMs === undefined ? null : boundedTimestamp(beforeMs)],
    );
    return rows[0] && observation(rows[0]);
  }

  /** All that are kept of the account, the oldest first. */
  async list(queryable: Queryable, account: AccountRef): Promise<readonly BalanceObservation[]> {
    const { rows } = await queryable.query<ObservationRow>(
      `SELECT observed_from, observed_to, quantities FROM ${this.#target}
       WHERE exchange_id = $1 AND account = $2 ORDER BY observed_to`,
      [account.exchange, account.account],
    );
    return rows.map(observation);
  }

  /** The one that openings are inferred from. */
  async baseline(queryable: Queryable, account: AccountRef): Promise<BalanceObservation | undefined> {
    const { rows } = await queryable.query<ObservationRow>(
      `SELECT observed_from, observed_to, quantities FROM ${this.#target}
       WHERE exchange_id = $1 AND account = $2 AND is_baseline`,
      [account.exchange, account.account],
    );
    return rows[0] && observation(rows[0]);
  }

  /** The observation that ended at this time is the baseline from now on, and no other. */
  async makeBaseline(transaction: Transaction, account: AccountRef, observedToMs: number): Promise<void> {
    await transaction.query(
      `UPDATE ${this.#target} SET is_baseline = observed_to = $3
       WHERE exchange_id = $1 AND account = $2 AND is_baseline <> (observed_to = $3)`,
      [account.exchange, account.account, boundedTimestamp(observedToMs)],
    );
  }

  /** Drops those that ended before `beforeMs`, but the baseline; gives how many. */
  async forget(transaction: Transaction, account: AccountRef, beforeMs: number): Promise<number> {
    const { rowCount } = await transaction.query(
      `DELETE FROM ${this.#target}
       WHERE exchange_id = $1 AND account = $2 AND observed_to < $3 AND NOT is_baseline`,
      [account.exchange, account.account, boundedTimestamp(beforeMs)],
    );
    return rowCount;
  }

  /**
   * Of those that history has not caught up with, the oldest and the newest are enough: drops the ones between,
   * but the baseline; gives how many.
   */
  async thin(
    transaction: Transaction,
    account: AccountRef,
    kept: { readonly oldest: number; readonly newest: number },
  ): Promise<number> {
    const { rowCount } = await transaction.query(
      `DELETE FROM ${this.#target} AS stored USING (
         SELECT observed_to, row_number() OVER (ORDER BY observed_to) AS age,
           row_number() OVER (ORDER BY observed_to DESC) AS youth
         FROM ${this.#target} WHERE exchange_id = $1 AND account = $2 AND NOT is_baseline
       ) AS ranked
       WHERE stored.exchange_id = $1 AND stored.account = $2 AND stored.observed_to = ranked.observed_to
         AND ranked.age > $3 AND ranked.youth > $4`,
      [account.exchange, account.account, kept.oldest, kept.newest],
    );
    return rowCount;
  }
}

interface ObservationRow {
  readonly observed_from: Date;
  readonly observed_to: Date;
  readonly quantities: Readonly<Record<string, DecimalString>>;
}

function observation({ observed_from, observed_to, quantities }: ObservationRow): BalanceObservation {
  return {
    observedFromMs: observed_from.getTime(),
    observedToMs: observed_to.getTime(),
    quantities: new Map(Object.entries(quantities)),
  };
}
