import type { WorkerApi } from '../bridge/worker-api.js';
import { ExchangeSyncError } from '../domain/errors.js';
import { restoreBackup } from '../storage/backup/restore-backup.js';
import { writeBackup } from '../storage/backup/write-backup.js';
import { leaseOwner } from '../sync/lease-owner.js';
import type { EngineOptions } from './engine-options.js';
import { createReader } from './reading.js';
import { openStore } from './store.js';
import { createSyncing, type Syncing } from './syncing.js';

export interface Engine extends WorkerApi {
  /** Finishes or aborts what is under way, closes everything, resolves within the deadline. */
  stop(deadlineMs: number): Promise<void>;
}

/** Wires the parts of a synchronizer together. Nothing is connected or asked before it is needed. */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { settings, mode, host } = options;
  const store = openStore(settings.database, host.logger);
  const syncing = mode === 'read-only' ? undefined : createSyncing(options, store, await leaseOwner());
  syncing?.taskManager.start();
  return {
    triggerSync: (exchange, account, dataType) =>
      required(syncing).taskManager.trigger(exchange, account, dataType),
    plan: async (exchange, account, dataType) =>
      required(syncing).taskManager.plan(exchange, account, dataType),
    syncAll: () => required(syncing).taskManager.triggerAll(),
    testCredentials: (exchange, account) => required(syncing).tester.testAll(exchange, account),
    ...createReader(options, store, syncing),
    backfill: (work) => required(syncing).historyWorker.backfill(work),
    repair: (work) => required(syncing).historyWorker.repair(work),
    migrate: (request) => store.gate.migrate(request),
    backup: (request) => writeBackup({ settings: settings.database, ...request }),
    restore: (request) => restoreBackup({ settings: settings.database, ...request }),
    async stop(deadlineMs) {
      syncing?.historyWorker.stop();
      await syncing?.taskManager.stop(deadlineMs);
      await syncing?.clients.close();
      await store.database.close();
    },
  };
}

function required(syncing: Syncing | undefined): Syncing {
  if (syncing !== undefined) return syncing;
  throw new ExchangeSyncError('NOT_STARTED', 'This worker only reads. Call start() first.');
}
