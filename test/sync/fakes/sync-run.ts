import type { Transaction } from '#src/storage/database.js';
import type { SyncRun } from '#src/sync/data-sync.js';
import { silentLogger } from '../../support/silent-logger.js';

const NO_DATABASE: Transaction = {
  inTransaction: true,
  query: () => Promise.reject(new Error('this run has no database')),
};

export function syncRun(rest: Partial<SyncRun> = {}): SyncRun {
  return {
    account: { exchange: 'bybit', account: 'main' },
    context: { signal: new AbortController().signal, meter: { requests: 0 }, priority: 'schedule' },
    runId: 'run-1',
    startedAtMs: 1000,
    logger: silentLogger,
    commit: (work) => work(NO_DATABASE),
    ...rest,
  };
}
