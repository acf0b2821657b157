import { ExchangeSyncError } from './errors.js';

/** Ours as it is; anything else that was thrown is a defect of this program, with what was thrown as its cause. */
export function asExchangeSyncError(error: unknown): ExchangeSyncError {
  if (error instanceof ExchangeSyncError) return error;
  return new ExchangeSyncError('INTERNAL', error instanceof Error ? error.message : String(error), {
    cause: error,
  });
}
