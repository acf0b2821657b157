import { ExchangeSyncError } from '../domain/errors.js';

/** What a sync that is called off by a stop rejects with. */
export function stopped(cause?: unknown): ExchangeSyncError {
  return new ExchangeSyncError(
    'STOPPED',
    'The synchronizer was stopped before this sync was done. Start it and ask again.',
    { cause },
  );
}
