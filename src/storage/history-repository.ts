import type { AccountRef } from '../domain/account.js';
import type { ScopeId } from '../domain/scope-read.js';
import type { Queryable, Transaction } from './database.js';
import { noteHistoryChange } from './history-changes.js';
import type { HistoryTable } from './history-tables.js';
import { qualifiedName, quoteIdentifier } from './identifier.js';
import { insertHistoryStatement } from './insert-history.js';
import type { RepositoryOptions } from './mirror-repository.js';
import { boundedTimestamp, type Column, recordOf, toColumn } from './table.js';

/** What became of a page's rows; those that are stored as they are count nowhere. */
export interface AddedRows<Row> {
  readonly inserted: number;
  /** Rows that were stored, and of which more is known now. */
  readonly changed: number;
  /** Rows that say something else than what is stored under their key. They are not written. */
  readonly contradicted: readonly Row[];
}

export interface ScopedRow<Row> {
  readonly scope: ScopeId;
  readonly record: Row;
}

export interface StreamOptions {
  /** Absent: from the first row on. */
  readonly fromMs?: number;
  /** Rows before this; absent: to the last. */
  readonly toMs?: number;
  readonly batchSize?: number;
}

interface StoredRow extends Record<string, unknown> {
  readonly scope: ScopeId;
  readonly timestamp: Date;
}

/** One of `exchange_trades`, `exchange_transfers`, `exchange_ledger`. */
export class HistoryRepository<Row> {
  readonly #schema: string;
  readonly #table: HistoryTable<Row>;
  readonly #target: string;
  readonly #insert: string;

  constructor(table: HistoryTable<Row>, { schema }: RepositoryOptions) {
    this.#schema = schema;
    this.#table = table;
    this.#target = qualifiedName(schema, table.name);
    this.#insert = insertHistoryStatement(schema, table);
  }

  /** Adds a page's rows. A row that two scopes list belongs to the first of them. */
  async add(
    transaction: Transaction,
    account: AccountRef,
    scope: ScopeId,
    rows: readonly Row[],
  ): Promise<AddedRows<Row>> {
    let inserted = 0;
    let changed = 0;
    const contradicted: Row[] = [];
    for (const distinct of this.#withoutRepetition(rows)) {
      const result = await transaction.query<{ inserted: number; changed: number; contradicted: number[] }>(
        this.#insert,
        [
          account.exchange,
          account.account,
          toColumn('text', scope),
          ...this.#columns().map(({ type, field }) =>
            distinct.map((row) => toColumn(type, field === undefined ? undefined : row[field])),
          ),
        ],
      );
      for (const written of result.rows) {
        inserted += written.inserted;
        changed += written.changed;
        contradicted.push(...distinct.filter((_, index) => written.contradicted.includes(index + 1)));
      }
    }
    if (inserted + changed > 0) {
      await noteHistoryChange(transaction, this.#schema, account, this.#earliest(rows));
    }
    return { inserted, changed, contradicted };
  }

  /** The times of the scope's rows that may still change, in milliseconds, ascending. */
  async nonFinal(queryable: Queryable, account: AccountRef, scope: ScopeId): Promise<readonly number[]> {
    if (this.#table.changing === undefined) return [];
    const { rows } = await queryable.query<{ timestamp: Date }>(
      `SELECT DISTINCT timestamp FROM ${this.#target} AS stored
       WHERE exchange_id = $1 AND account = $2 AND scope = $3 AND ${this.#table.changing.pending}
       ORDER BY timestamp`,
      [account.exchange, account.account, toColumn('text', scope)],
    );
    return rows.map(({ timestamp }) => timestamp.getTime());
  }

  /** How many rows the account has, of one scope or of all. */
  async count(queryable: Queryable, account: AccountRef, scope?: ScopeId): Promise<number> {
    const { rows } = await queryable.query<{ count: string }>(
      `SELECT count(*) AS count FROM ${this.#target}
       WHERE exchange_id = $1 AND account = $2 AND ($3::text IS NULL OR scope = $3)`,
      [account.exchange, account.account, toColumn('text', scope)],
    );
    return Number(rows[0]?.count);
  }

  /**
   * The account's rows of a time, in order of it and then of their ids, in batches: each is asked for when the one
   * before is used up, so that no more than one of them is in memory.
   */
  async *stream(
    queryable: Queryable,
    account: AccountRef,
    { fromMs = 0, toMs, batchSize = 1000 }: StreamOptions = {},
  ): AsyncGenerator<readonly ScopedRow<Row>[]> {
    const { order } = this.#table;
    let after: StoredRow | undefined;
    for (;;) {
      const { rows }: { rows: readonly StoredRow[] } = await queryable.query<StoredRow>(
        this.#streamStatement(after !== undefined),
        [
          account.exchange,
          account.account,
          boundedTimestamp(after?.timestamp.getTime() ?? fromMs),
          toMs === undefined ? null : boundedTimestamp(toMs),
          batchSize,
          ...(after === undefined ? [] : order.map((name) => after?.[name])),
        ],
      );
      if (rows.length > 0) {
        yield rows.map((row) => ({ scope: row.scope, record: recordOf(this.#table, row) }));
      }
      if (rows.length < batchSize) return;
      after = rows.at(-1);
    }
  }

  /** Ids are compared without regard to the database's language, and shorter ones first: most of them are numbers. */
  #streamStatement(goesOn: boolean): string {
    const columns = new Set(['scope', ...this.#columns().map(({ name }) => name)].map(quoteIdentifier));
    const order = this.#table.order.map(quoteIdentifier);
    const keys = (name: string) => [`length(${name})`, `${name} COLLATE "C"`];
    const after = order.map((_, index) => `$${index + 6}::text`);
    const last = `(timestamp, ${order.flatMap(keys).join(', ')}) > ($3, ${after.flatMap(keys).join(', ')})`;
    return `
      SELECT ${[...columns].join(', ')} FROM ${this.#target}
      WHERE exchange_id = $1 AND account = $2 AND timestamp >= $3 AND ($4::timestamptz IS NULL OR timestamp < $4)
        ${goesOn ? `AND ${last}` : ''}
      ORDER BY timestamp, ${order.flatMap(keys).join(', ')}
      LIMIT $5`;
  }

  #earliest(rows: readonly Row[]): number {
    const field = this.#table.columns.find(({ name }) => name === 'timestamp')?.field;
    const times = rows.map((row) => (field === undefined ? 0 : Number(row[field])));
    return times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  }

  /** Rows in lists none of which has a key twice: one statement can't judge a row by another of its own. */
  #withoutRepetition(rows: readonly Row[]): readonly (readonly Row[])[] {
    const lists: Row[][] = [];
    const seen = new Map<string, number>();
    for (const row of rows) {
      const key = JSON.stringify(this.#table.key.map(({ type, field }) => toColumn(type, row[field])));
      const times = seen.get(key) ?? 0;
      seen.set(key, times + 1);
      const list = lists[times] ?? [];
      list.push(row);
      lists[times] = list;
    }
    return lists;
  }

  #columns(): readonly Column<Row>[] {
    return [...this.#table.key, ...this.#table.columns];
  }
}
