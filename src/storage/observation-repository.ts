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

  /** Drops those that ended before `beforeMs`; gives how many. */
  async forget(transaction: Transaction, account: AccountRef, beforeMs: number): Promise<number> {
    const { rowCount } = await transaction.query(
      `DELETE FROM ${this.#target} WHERE exchange_id = $1 AND account = $2 AND observed_to < $3`,
      [account.exchange, account.account, boundedTimestamp(beforeMs)],
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
