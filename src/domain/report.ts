import type { AccountRef } from './account.js';
import type { SyncedDataType } from './data-type.js';
import type { ErrorCode } from './errors.js';
import type { ScopeId } from './scope-read.js';

/**
 * `ok`: every scope read completely, every row valid. `partial`: something was read and something was
 * not. `failed`: nothing was. `skipped`: not attempted, e.g. because another process is at it.
 */
export type SyncOutcome = 'ok' | 'partial' | 'failed' | 'skipped';

export interface ReportedError {
  readonly code: ErrorCode;
  /** For a person, with the remedy; never holds a secret. */
  readonly message: string;
  /** The scope it happened in; absent when it concerns the whole run. */
  readonly scope?: ScopeId;
}

/** What one sync of one data type of one account did. */
export interface SyncReport extends AccountRef {
  readonly runId: string;
  readonly dataType: SyncedDataType;
  readonly status: SyncOutcome;
  /** Rows in the exchange's answers. */
  readonly itemsProcessed: number;
  /** Rows that the database now holds as the exchange told them, changed by this run or not. */
  readonly itemsSynced: number;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly finishedAt: string;
  /** HTTP requests sent to the exchange, retries included. */
  readonly requests: number;
  readonly errors: readonly ReportedError[];
}

/** Whether the exchange does not offer such data at all, which is nothing that went wrong. */
export function isNotOffered({ status, errors }: Pick<SyncReport, 'status' | 'errors'>): boolean {
  return status === 'skipped' && errors.length > 0 && errors.every(({ code }) => code === 'NOT_SUPPORTED');
}
