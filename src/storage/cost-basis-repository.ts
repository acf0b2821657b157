import { type AccountRef, accountId, WHOLE_EXCHANGE } from '../domain/account.js';
import type { CostBasisMethod } from '../domain/cost-basis-method.js';
import type { CostBasisState } from '../ledger/cost-basis-state.js';
import type { Queryable, Transaction } from './database.js';
import { qualifiedName } from './identifier.js';
import type { RepositoryOptions } from './mirror-repository.js';
import type { Pair } from './price-history-repository.js';
import { boundedTimestamp } from './table.js';

/** By which rules something was worked out. */
export interface CostBasisRules {
  readonly method: CostBasisMethod;
  readonly quoteCurrency: string;
  readonly version: number;
}

/** By account, the number of the last change of its history that is known. */
export type KnownChanges = Readonly<Record<string, number>>;

/** What is kept of a fold: its state, and what it depends on beside the rows before it. */
export interface CheckpointContent {
  readonly basis: CostBasisState;
  /** The openings before it, in one text. */
  readonly openings: string;
  /** Assets (`bybit/XYZ`) for which no market led to the quote currency. */
  readonly unpriced: readonly string[];
  /** Past prices without which some of it is unknown. */
  readonly wanted: readonly HoursOfMarket[];
}

/** A page of a market's past hours, from this one on. */
export interface HoursOfMarket extends Pair {
  readonly exchange: string;
  readonly fromMs: number;
}

export interface CostBasisCheckpoint {
  /** Every row before this moment is in it. */
  readonly atMs: number;
  readonly events: number;
  readonly content: CheckpointContent;
}

interface CheckpointRow {
  readonly at: Date;
  readonly events: string;
  readonly state: CheckpointContent;
}

/** `cost_basis_checkpoints`, and which of them still hold. */
export class CostBasisRepository {
  readonly #checkpoints: string;
  readonly #changes: string;
  readonly #accounts: string;
  readonly #coverage: string;
  readonly #trades: string;

  constructor({ schema }: RepositoryOptions) {
    this.#checkpoints = qualifiedName(schema, 'cost_basis_checkpoints');
    this.#changes = qualifiedName(schema, 'history_changes');
    this.#accounts = qualifiedName(schema, 'sync_accounts');
    this.#coverage = qualifiedName(schema, 'sync_coverage');
    this.#trades = qualifiedName(schema, 'exchange_trades');
  }

  /** Every account that has or had a history, those that are retired included. */
  async accounts(queryable: Queryable): Promise<readonly AccountRef[]> {
    const { rows } = await queryable.query<AccountRef>(
      `SELECT exchange_id AS exchange, account FROM ${this.#accounts}
       UNION
       SELECT exchange_id, account FROM ${this.#changes} WHERE account <> $1
       ORDER BY exchange, account`,
      [WHOLE_EXCHANGE],
    );
    return rows;
  }

  /** Whether anything is known of the account's fills. */
  async hasTrades(queryable: Queryable, { exchange, account }: AccountRef): Promise<boolean> {
    const { rows } = await queryable.query<{ known: boolean }>(
      `SELECT EXISTS (SELECT FROM ${this.#coverage} WHERE exchange_id = $1 AND account = $2
           AND data_type = 'trades' AND state = 'complete')
         OR EXISTS (SELECT FROM ${this.#trades} WHERE exchange_id = $1 AND account = $2) AS known`,
      [exchange, account],
    );
    return rows[0]?.known === true;
  }

  async changes(queryable: Queryable): Promise<KnownChanges> {
    const { rows } = await queryable.query<AccountRef & { number: string }>(
      `SELECT exchange_id AS exchange, account, max(number) AS number FROM ${this.#changes} GROUP BY 1, 2`,
    );
    return Object.fromEntries(rows.map((row) => [accountId(row), Number(row.number)]));
  }

  /**
   * The checkpoints up to that moment that are still true, newest first: no row before them was written since, as far
   * as the log of changes tells. Ask in the snapshot in which the rows are read.
   */
  async valid(
    queryable: Queryable,
    rules: CostBasisRules,
    untilMs: number,
  ): Promise<readonly CostBasisCheckpoint[]> {
    const { rows } = await queryable.query<CheckpointRow>(
      `SELECT k.at, k.events, k.state FROM ${this.#checkpoints} k
       WHERE k.method = $1 AND k.quote_currency = $2 AND k.version = $3 AND k.at <= $4
         AND NOT EXISTS (
           SELECT FROM ${this.#changes} c WHERE c.number > ${knownNumber('c')} AND c.earliest_at < k.at)
         AND NOT EXISTS (
           SELECT FROM (SELECT exchange_id, account, min(number) AS first FROM ${this.#changes} GROUP BY 1, 2) c
           WHERE c.first > ${knownNumber('c')} + 1)
       ORDER BY k.at DESC`,
      [rules.method, rules.quoteCurrency, rules.version, boundedTimestamp(untilMs)],
    );
    return rows.map(({ at, events, state }) => ({
      atMs: at.getTime(),
      events: Number(events),
      content: state,
    }));
  }

  /**
   * Makes these all the checkpoints of these rules, each as true as `changes`: what was read or worked out in that
   * snapshot. Changes that no checkpoint has to hear of are forgotten, but for the last of each account.
   */
  async replace(
    transaction: Transaction,
    { method, quoteCurrency, version }: CostBasisRules,
    changes: KnownChanges,
    checkpoints: readonly CostBasisCheckpoint[],
  ): Promise<void> {
    await transaction.query(`DELETE FROM ${this.#checkpoints} WHERE method = $1 AND quote_currency = $2`, [
      method,
      quoteCurrency,
    ]);
    const known = JSON.stringify(changes);
    for (const { atMs, events, content } of checkpoints) {
      await transaction.query(
        `INSERT INTO ${this.#checkpoints} (method, quote_currency, at, version, events, changes, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (method, quote_currency, at) DO UPDATE SET version = excluded.version,
           events = excluded.events, changes = excluded.changes, state = excluded.state, recorded_at = now()`,
        [method, quoteCurrency, boundedTimestamp(atMs), version, events, known, JSON.stringify(content)],
      );
    }
    await transaction.query(
      `DELETE FROM ${this.#changes} c
       WHERE c.number < (SELECT max(number) FROM ${this.#changes} l
           WHERE l.exchange_id = c.exchange_id AND l.account = c.account)
         AND NOT EXISTS (SELECT FROM ${this.#checkpoints} k WHERE ${knownNumber('c')} < c.number)`,
    );
  }
}

/** Of a checkpoint `k`, the number of the account's last change that it knows. */
function knownNumber(changed: string): string {
  return `coalesce((k.changes ->> (${changed}.exchange_id || '/' || ${changed}.account))::bigint, 0)`;
}
