import { summarizeErrors } from '../domain/error-summary.js';
import type { ErrorCode } from '../domain/errors.js';
import type { ReportedError, SyncOutcome, SyncReport } from '../domain/report.js';
import type { ScopeResult } from '../domain/scope-result.js';
import type { Logger } from '../logging/logger.js';
import type { PreparedSync } from './data-sync.js';
import type { SyncTask } from './sync-task.js';

/** What a run took. */
export interface Spent {
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  readonly requests: number;
}

/** What a run came to. */
export function reportOf(
  { runId, account, dataType }: Pick<SyncTask, 'runId' | 'account' | 'dataType'>,
  { startedAtMs, finishedAtMs, requests }: Spent,
  prepared: PreparedSync,
): SyncReport {
  const scopeErrors = prepared.scopes.flatMap(({ error }) => (error === undefined ? [] : [error]));
  return {
    runId,
    ...account,
    dataType,
    status: outcomeOf(prepared),
    itemsProcessed: prepared.itemsProcessed,
    itemsSynced: prepared.itemsSynced,
    startedAt: new Date(startedAtMs).toISOString(),
    finishedAt: new Date(finishedAtMs).toISOString(),
    requests,
    errors: [...scopeErrors, ...prepared.errors],
  };
}

/** A run that came to nothing. */
export function nothing(error: ReportedError): PreparedSync {
  return { scopes: [], itemsProcessed: 0, itemsSynced: 0, errors: [error], write: async () => undefined };
}

/** Errors of a scope that gave something all the same. */
const READ_IN_PART: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['RECORD_INVALID', 'SCOPE_NEVER_READ']);

/** With these, nothing was asked of the exchange. */
const NOT_ATTEMPTED: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['NOT_SUPPORTED', 'LEASE_HELD']);

function wasRead({ error }: ScopeResult): boolean {
  return error === undefined || READ_IN_PART.has(error.code);
}

function outcomeOf({ scopes, errors }: PreparedSync): SyncOutcome {
  if (scopes.some(wasRead)) {
    return errors.length === 0 && scopes.every(({ error }) => error === undefined) ? 'ok' : 'partial';
  }
  return errors.some(({ code }) => NOT_ATTEMPTED.has(code)) ? 'skipped' : 'failed';
}

export function logReport(logger: Logger, report: SyncReport): void {
  const { status, itemsProcessed, itemsSynced, requests, errors } = report;
  const [first] = errors;
  const problem = first && { errorCode: first.code, error: summarizeErrors(errors) };
  const fields = { status, itemsProcessed, itemsSynced, requests, ...problem };
  if (status === 'failed') logger.error('Sync failed', fields);
  else if (status === 'partial') logger.warning('Sync is partial', fields);
  else logger.info('Sync finished', fields);
}
