import { type ErrorCode, ExchangeSyncError } from '../domain/errors.js';
import { isNotOffered, type SyncReport } from '../domain/report.js';

/** What the process tells the shell; documented in the README. */
export const ExitCode = Object.freeze({
  OK: 0,
  FAILED: 1,
  USAGE: 2,
  PARTIAL: 3,
  SIGINT: 130,
  SIGTERM: 143,
} as const);

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** Errors that no retry mends, because the user has to change what was asked for. */
const USAGE_ERRORS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'CONFIG_INVALID',
  'EXCHANGE_UNKNOWN',
  'EXCHANGE_NOT_CONFIGURED',
  'DATA_TYPE_UNKNOWN',
  'RANGE_INVALID',
  'TESTNET_UNAVAILABLE',
  'CREDENTIALS_MISSING',
  'CREDENTIALS_EXIST',
  'VAULT_LOCKED',
  'VAULT_KEY_WRONG',
  'VAULT_DAMAGED',
  'VAULT_EXPOSED',
  'VAULT_INACCESSIBLE',
]);

export function exitCodeOfError(error: unknown): ExitCode {
  return error instanceof ExchangeSyncError && USAGE_ERRORS.has(error.code)
    ? ExitCode.USAGE
    : ExitCode.FAILED;
}

/** A report of a sync, or a result of a backfill. */
type Outcome = Pick<SyncReport, 'status' | 'errors'>;

/**
 * FAILED when any report failed, else PARTIAL when any is partial or skipped. What an exchange does not
 * offer at all is nothing that went wrong.
 */
export function exitCodeOfReports(reports: readonly Outcome[]): ExitCode {
  const statuses = reports.filter((report) => !isNotOffered(report)).map(({ status }) => status);
  if (statuses.includes('failed')) return ExitCode.FAILED;
  return statuses.every((status) => status === 'ok') ? ExitCode.OK : ExitCode.PARTIAL;
}
