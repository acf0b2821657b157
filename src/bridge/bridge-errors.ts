import { type ErrorCode, ExchangeSyncError } from '../domain/errors.js';

/** Why a worker thread is no more. */
export interface WorkerExit {
  /** For a person, e.g. `the worker thread ran out of memory`. */
  readonly reason: string;
  /** What the worker reported or died of. */
  readonly cause?: Error;
}

export function workerLost({ reason, cause }: WorkerExit): ExchangeSyncError {
  const message = `This was not finished because ${reason}. Try again.`;
  return new ExchangeSyncError('WORKER_LOST', message, { details: { reason }, cause });
}

export function workerRestarting({ reason, cause }: WorkerExit): ExchangeSyncError {
  const message = `The worker is being started again because ${reason}.`;
  return new ExchangeSyncError('WORKER_LOST', message, { details: { reason }, cause });
}

export function stoppedBefore(): ExchangeSyncError {
  return new ExchangeSyncError('STOPPED', 'The synchronizer was stopped before this was done.');
}

/** The same settings would end the same way. */
const CONFIGURATION_ERRORS: ReadonlySet<ErrorCode> = new Set([
  'CONFIG_INVALID',
  'EXCHANGE_UNKNOWN',
  'TESTNET_UNAVAILABLE',
]);

export function isConfigurationError(error: unknown): boolean {
  return error instanceof ExchangeSyncError && CONFIGURATION_ERRORS.has(error.code);
}
