import type { SyncRun } from '#src/sync/data-sync.js';
import { silentLogger } from '../../support/silent-logger.js';

export function syncRun(rest: Partial<SyncRun> = {}): SyncRun {
  return {
    account: { exchange: 'bybit', account: 'main' },
    context: { signal: new AbortController().signal, meter: { requests: 0 }, priority: 'schedule' },
    runId: 'run-1',
    startedAtMs: 1000,
    logger: silentLogger,
    ...rest,
  };
}
