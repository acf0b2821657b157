import type { AccountRef } from '../domain/account.js';
import type { HistoryDataType } from '../domain/data-type.js';
import type { RejectedHistoryRow, ScopeId } from '../domain/scope-read.js';
import type { TimeRange } from '../domain/time-range.js';
import type { Queryable, Transaction } from './database.js';
import { qualifiedName } from './identifier.js';
import { toJsonContent } from './json-content.js';
import type { RepositoryOptions } from './mirror-repository.js';
import { type HistoryKey, rangeColumns } from './range-table.js';
import { toColumn, toTimestamp } from './table.js';

export interface SetAsideRow extends HistoryKey {
  readonly row: string;
  readonly reason: string;
  readonly timestampMs: number | undefined;
  /** The row as it was read; `null` when it could not be kept. */
  readonly content: unknown;
  readonly firstSeenAtMs: number;
  readonly lastSeenAtMs: number;
}

/** `sync_set_aside`. */
export class SetAsideRepository {
  readonly #target: string;
  readonly #coverage: string;

  constructor({ schema }: RepositoryOptions) {
    this.#target = qualifiedName(schema, 'sync_set_aside');
    this.#coverage = qualifiedName(schema, 'sync_coverage');
  }

  /** Rows that were seen when `within` was read: where they can be, if they don't say when they were. */
  async record(
    transaction: Transaction,
    account: AccountRef,
    dataType: HistoryDataType,
    scope: ScopeId,
    rows: readonly RejectedHistoryRow[],
    within: TimeRange,
  ): Promise<void> {
    const distinct = new Map<string, ReturnType<typeof asideOf>>();
    for (const row of rows) {
      const aside = asideOf(row, within);
      distinct.set(JSON.stringify([aside.name, aside.timestamp]), aside);
    }
    if (distinct.size === 0) return;
    const asides = [...distinct.values()];
    const [from, to] = rangeColumns(asides.map(({ range }) => range));
    await transaction.query(
      `INSERT INTO ${this.#target} AS stored
         (exchange_id, account, data_type, scope, row_name, reason, timestamp, content, from_at, to_at)
       SELECT $1, $2, $3, $4, u.* FROM unnest(
         $5::text[], $6::text[], $7::timestamptz[], $8::jsonb[], $9::timestamptz[], $10::timestamptz[]) AS u
       ON CONFLICT (exchange_id, account, data_type, scope, row_name, coalesce(timestamp, '-infinity')) DO UPDATE
       SET reason = excluded.reason, content = excluded.content,
         from_at = excluded.from_at, to_at = excluded.to_at, last_seen_at = now()`,
      [
        ...owner(account, dataType, scope),
        asides.map(({ name }) => name),
        asides.map(({ reason }) => reason),
        asides.map(({ timestamp }) => timestamp),
        asides.map(({ content }) => content),
        from,
        to,
      ],
    );
  }

  /**
   * Drops the scope's rows of whose time nothing is a gap any more, for they were not seen when it was read
   * again; gives how many. To be called after what was read is written as covered.
   */
  async clear(
    transaction: Transaction,
    account: AccountRef,
    dataType: HistoryDataType,
    scope: ScopeId,
  ): Promise<number> {
    const { rowCount } = await transaction.query(
      `DELETE FROM ${this.#target} AS aside
       WHERE (exchange_id, account, data_type, scope) = ($1, $2, $3, $4)
         AND tstzrange(from_at, to_at) <@ (
           SELECT range_agg(tstzrange(known.from_at, known.to_at)) FROM ${this.#coverage} AS known
           WHERE (known.exchange_id, known.account, known.data_type, known.scope) = ($1, $2, $3, $4)
             AND known.from_at < aside.to_at AND known.to_at > aside.from_at
         )`,
      owner(account, dataType, scope),
    );
    return rowCount;
  }

  /** In order of exchange, account, data type, scope and time. */
  async list(
    queryable: Queryable,
    account: Partial<AccountRef>,
    dataType?: HistoryDataType,
  ): Promise<readonly SetAsideRow[]> {
    const { rows } = await queryable.query<HistoryKey & AsideRow>(
      `SELECT exchange_id AS exchange, account, data_type AS "dataType", scope, row_name AS row, reason,
         timestamp, content, first_seen_at, last_seen_at
       FROM ${this.#target}
       WHERE ${OF_FILTER}
       ORDER BY exchange_id, account, data_type, scope, from_at, row_name`,
      [account.exchange ?? null, account.account ?? null, dataType ?? null],
    );
    return rows.map(({ timestamp, first_seen_at, last_seen_at, ...row }) => ({
      ...row,
      timestampMs: timestamp?.getTime(),
      firstSeenAtMs: first_seen_at.getTime(),
      lastSeenAtMs: last_seen_at.getTime(),
    }));
  }

  /** Where the rows of each scope can be, in order of time. */
  async ranges(
    queryable: Queryable,
    account: AccountRef,
    dataType: HistoryDataType,
  ): Promise<readonly (TimeRange & { readonly scope: ScopeId })[]> {
    const { rows } = await queryable.query<{ scope: ScopeId; from_at: Date; to_at: Date }>(
      `SELECT DISTINCT scope, from_at, to_at FROM ${this.#target}
       WHERE exchange_id = $1 AND account = $2 AND data_type = $3
       ORDER BY from_at`,
      [account.exchange, account.account, dataType],
    );
    return rows.map(({ scope, from_at, to_at }) => ({
      scope,
      fromMs: from_at.getTime(),
      toMs: to_at.getTime(),
    }));
  }

  /** How many rows each scope has that has any. */
  async count(
    queryable: Queryable,
    account: Partial<AccountRef>,
    dataType?: HistoryDataType,
  ): Promise<readonly (HistoryKey & { readonly rows: number })[]> {
    const { rows } = await queryable.query<HistoryKey & { readonly rows: number }>(
      `SELECT exchange_id AS exchange, account, data_type AS "dataType", scope, count(*)::int AS rows
       FROM ${this.#target}
       WHERE ${OF_FILTER}
       GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`,
      [account.exchange ?? null, account.account ?? null, dataType ?? null],
    );
    return rows;
  }
}

const OF_FILTER = `($1::text IS NULL OR exchange_id = $1)
  AND ($2::text IS NULL OR account = $2)
  AND ($3::text IS NULL OR data_type = $3)`;

interface AsideRow {
  readonly row: string;
  readonly reason: string;
  readonly timestamp: Date | null;
  readonly content: unknown;
  readonly first_seen_at: Date;
  readonly last_seen_at: Date;
}

function owner(account: AccountRef, dataType: HistoryDataType, scope: ScopeId): readonly (string | null)[] {
  return [account.exchange, account.account, dataType, toColumn('text', scope)];
}

function asideOf({ row, reason, timestampMs, raw }: RejectedHistoryRow, within: TimeRange) {
  const timestamp = timestampMs === undefined ? null : toTimestamp(timestampMs);
  return {
    name: toColumn('text', row),
    reason: toColumn('text', reason),
    timestamp,
    content: toJsonContent(raw),
    range:
      timestampMs === undefined || timestamp === null
        ? within
        : { fromMs: timestampMs, toMs: timestampMs + 1 },
  };
}
