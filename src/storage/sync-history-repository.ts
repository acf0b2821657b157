import { summarizeErrors } from '../domain/error-summary.js';
import type { ReportedError, SyncReport } from '../domain/report.js';
import type { HistoryEntry, HistoryFilter } from '../domain/sync-history.js';
import type { Queryable, Transaction } from './database.js';
import { qualifiedName } from './identifier.js';
import type { RepositoryOptions } from './mirror-repository.js';
import { toColumn } from './table.js';

const DEFAULT_LIMIT = 50;

interface HistoryRow extends Omit<HistoryEntry, 'startedAt' | 'finishedAt'> {
  readonly startedAt: Date;
  readonly finishedAt: Date;
}

/** `sync_history`: how each sync ended. */
export class SyncHistoryRepository {
  readonly #target: string;

  constructor({ schema }: RepositoryOptions) {
    this.#target = qualifiedName(schema, 'sync_history');
  }

  async record(transaction: Transaction, report: SyncReport): Promise<void> {
    await transaction.query(
      `INSERT INTO ${this.#target} (exchange_id, account, sync_type, run_id, status, success,
         items_processed, items_synced, requests, start_time, end_time, error_code, error_message)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::timestamptz,
         greatest($10::timestamptz, $11::timestamptz), $12, $13)`,
      [
        report.exchange,
        report.account,
        report.dataType,
        report.runId,
        report.status,
        report.status === 'ok',
        report.itemsProcessed,
        report.itemsSynced,
        report.requests,
        report.startedAt,
        report.finishedAt,
        report.errors[0]?.code ?? null,
        errorText(report.errors),
      ],
    );
  }

  /** Newest first. */
  async list(queryable: Queryable, filter: HistoryFilter = {}): Promise<readonly HistoryEntry[]> {
    const { rows } = await queryable.query<HistoryRow>(
      `SELECT id::text, run_id AS "runId", exchange_id AS exchange, account, sync_type AS "dataType", status,
         items_processed AS "itemsProcessed", items_synced AS "itemsSynced", requests,
         start_time AS "startedAt", end_time AS "finishedAt",
         error_code AS "errorCode", error_message AS "errorMessage"
       FROM ${this.#target}
       WHERE ($1::text IS NULL OR exchange_id = $1)
         AND ($2::text IS NULL OR account = $2)
         AND ($3::text IS NULL OR sync_type = $3)
         AND ($4::text IS NULL OR status = $4)
       ORDER BY start_time DESC, ${this.#target}.id DESC
       LIMIT $5`,
      [
        filter.exchange ?? null,
        filter.account ?? null,
        filter.dataType ?? null,
        filter.status ?? null,
        filter.limit ?? DEFAULT_LIMIT,
      ],
    );
    return rows.map((row) => ({
      ...row,
      startedAt: row.startedAt.toISOString(),
      finishedAt: row.finishedAt.toISOString(),
    }));
  }

  /** Removes what is older; gives how many rows. */
  async prune(transaction: Transaction, retentionDays: number): Promise<number> {
    const { rowCount } = await transaction.query(
      `DELETE FROM ${this.#target} WHERE start_time < now() - make_interval(days => $1::int)`,
      [retentionDays],
    );
    return rowCount;
  }
}

/** For one text column; null without errors. */
export function errorText(errors: readonly ReportedError[]): string | null {
  return errors.length === 0 ? null : toColumn('text', summarizeErrors(errors));
}
