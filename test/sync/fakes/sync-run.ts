import type { SyncRun } from '#src/sync/data-sync.js';
import { silentLogger } from './silent-logger.js';

export function syncRun(rest: Partial<SyncRun> = {}): SyncRun {
  return {
    exchange: 'bybit',
    account: 'main',
    runId: 'run-1',
    startedAtMs: 1000,
    logger: silentLogger,
    signal: new AbortController().signal,
    meter: { requests: 0 },
    priority: 'schedule',
    ...rest,
  };
}
