import { type ErrorCode, ExchangeSyncError } from '#src/domain/errors.js';

/** The error that the promise rejects with; fails if it resolves or rejects with another code. */
export async function expectError(promise: Promise<unknown>, code: ErrorCode): Promise<ExchangeSyncError> {
  try {
    await promise;
  } catch (error: unknown) {
    if (error instanceof ExchangeSyncError && error.code === code) return error;
    throw error;
  }
  throw new Error(`resolved instead of rejecting with ${code}`);
}
