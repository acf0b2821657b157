import { ExchangeSyncError } from '#src/domain/errors.js';

/** The error that a promise rejects with; rejects itself when there is none of ours. */
export async function rejection(promise: Promise<unknown>): Promise<ExchangeSyncError> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error: unknown) {
    if (error instanceof ExchangeSyncError) return error;
    throw error;
  }
  throw new Error(`expected a rejection, got ${JSON.stringify(value)}`);
}
