import type { AccountRef } from '../domain/account.js';
import type { HistoryDataType } from '../domain/data-type.js';
import type { ScopeId } from '../domain/scope-read.js';
import type { TimeRange } from '../domain/time-range.js';
import type { Queryable, Transaction } from './database.js';
import { qualifiedName } from './identifier.js';
import type { RepositoryOptions } from './mirror-repository.js';
import { changeRanges, type HistoryKey, type RangeTable } from './range-table.js';

/** `repair`: somebody asked; `proof`: an asset does not add up; `late`: rows may have come since it was read. */
export type RereadReason = 'repair' | 'proof' | 'late';

export interface RequestedReread extends HistoryKey, TimeRange {
  readonly reason: RereadReason;
  /** Of the latest request in the range, by the database's clock. */
  readonly requestedAtMs: number;
}

/** `sync_rereads`. */
export class RereadRepository {
  readonly #table: RangeTable;

  constructor({ schema }: RepositoryOptions) {
    this.#table = {
      target: qualifiedName(schema, 'sync_rereads'),
      label: ['reason'],
      writtenAt: 'requested_at',
    };
  }

  /** In order of exchange, account, data type, scope and time. */
  async list(
    queryable: Queryable,
    account: Partial<AccountRef>,
    dataType?: HistoryDataType,
  ): Promise<readonly RequestedReread[]> {
    const { rows } = await queryable.query<HistoryKey & RereadRow>(
      `SELECT exchange_id AS exchange, account, data_type AS "dataType", scope, from_at, to_at, reason, requested_at
       FROM ${this.#table.target}
       WHERE ($1::text IS NULL OR exchange_id = $1)
         AND ($2::text IS NULL OR account = $2)
         AND ($3::text IS NULL OR data_type = $3)
       ORDER BY exchange_id, account, data_type, scope, from_at`,
      [account.exchange ?? null, account.account ?? null, dataType ?? null],
    );
    return rows.map(({ from_at, to_at, requested_at, ...row }) => ({
      ...row,
      fromMs: from_at.getTime(),
      toMs: to_at.getTime(),
      requestedAtMs: requested_at.getTime(),
    }));
  }

  /** What is requested already keeps its reason. */
  request(
    transaction: Transaction,
    account: AccountRef,
    dataType: HistoryDataType,
    scope: ScopeId,
    range: TimeRange,
    reason: RereadReason,
  ): Promise<void> {
    return changeRanges(transaction, this.#table, { ...account, dataType, scope }, [range], {
      kind: 'fill',
      label: { reason },
    });
  }

  /** The ranges were read. */
  done(
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

interface RereadRow {
  readonly from_at: Date;
  readonly to_at: Date;
  readonly reason: RereadReason;
  readonly requested_at: Date;
}
