import type { AccountRef } from '../domain/account.js';
import type { HistoryDataType } from '../domain/data-type.js';
import type { ScopeId } from '../domain/scope-read.js';
import type { TimeRange } from '../domain/time-range.js';
import type { Queryable, Transaction } from './database.js';
import { qualifiedName } from './identifier.js';
import type { RepositoryOptions } from './mirror-repository.js';
import { changeRanges, type HistoryKey, type RangeTable } from './range-table.js';

/** What is known of a range; of what no range says anything, nothing is. */
export type CoveredRange = HistoryKey &
  TimeRange &
  ({ readonly state: 'complete' } | { readonly state: 'lost'; readonly reason: string });

/** `sync_coverage`. */
export class CoverageRepository {
  readonly #table: RangeTable;

  constructor({ schema }: RepositoryOptions) {
    this.#table = {
      target: qualifiedName(schema, 'sync_coverage'),
      label: ['state', 'reason'],
      writtenAt: 'recorded_at',
    };
  }

  /** In order of exchange, account, data type, scope and time. */
  async list(
    queryable: Queryable,
    account: Partial<AccountRef>,
    dataType?: HistoryDataType,
  ): Promise<readonly CoveredRange[]> {
    const { rows } = await queryable.query<HistoryKey & RangeRow>(
      `SELECT exchange_id AS exchange, account, data_type AS "dataType", scope, from_at, to_at, state, reason
       FROM ${this.#table.target}
       WHERE ($1::text IS NULL OR exchange_id = $1)
         AND ($2::text IS NULL OR account = $2)
         AND ($3::text IS NULL OR data_type = $3)
       ORDER BY exchange_id, account, data_type, scope, from_at`,
      [account.exchange ?? null, account.account ?? null, dataType ?? null],
    );
    return rows.map(({ from_at, to_at, state, reason, ...key }) => ({
      ...key,
      fromMs: from_at.getTime(),
      toMs: to_at.getTime(),
      ...(state === 'lost' ? { state, reason: reason ?? '' } : { state }),
    }));
  }

  /** The ranges were read completely, also where they were called lost. */
  cover(
    transaction: Transaction,
    account: AccountRef,
    dataType: HistoryDataType,
    scope: ScopeId,
    ranges: readonly TimeRange[],
  ): Promise<void> {
    const label = { state: 'complete', reason: null };
    return changeRanges(transaction, this.#table, { ...account, dataType, scope }, ranges, {
      kind: 'replace',
      label,
    });
  }

  /** The range can't be read any more, for this reason, where it was not read in time or called lost before. */
  lose(
    transaction: Transaction,
    account: AccountRef,
    dataType: HistoryDataType,
    scope: ScopeId,
    range: TimeRange,
    reason: string,
  ): Promise<void> {
    const label = { state: 'lost', reason };
    return changeRanges(transaction, this.#table, { ...account, dataType, scope }, [range], {
      kind: 'fill',
      label,
    });
  }

  /** The ranges are gaps again. */
  forget(
    transaction: Transaction,
    account: AccountRef,
    dataType: HistoryDataType,
    scope: ScopeId,
    ranges: readonly TimeRange[],
  ): Promise<void> {
    return changeRanges(transaction, this.#table, { ...account, dataType, scope }, ranges, {
      kind: 'clear',
    });
  }
}

interface RangeRow {
  readonly from_at: Date;
  readonly to_at: Date;
  readonly state: 'complete' | 'lost';
  readonly reason: string | null;
}
