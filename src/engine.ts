import type { WorkerApi } from './bridge/worker-api.js';
import type { ServerDatabaseSettings, Settings } from './config/settings.js';
import type { CredentialSource } from './credentials/credentials.js';
import { type Clock, systemClock } from './domain/clock.js';
import { ExchangeSyncError } from './domain/errors.js';
import type { SynchronizerEvent } from './domain/events.js';
import { ExchangeManager } from './exchange/exchange-manager.js';
import { exchangeReaders } from './exchange/exchange-readers.js';
import { guardStatus } from './exchange/guard/guard-status.js';
import type { Logger } from './logging/logger.js';
import { restoreBackup } from './storage/backup/restore-backup.js';
import { writeBackup } from './storage/backup/write-backup.js';
import { DatabasePulse } from './storage/database-pulse.js';
import { PostgresDatabase } from './storage/postgres-database.js';
import { createRepositories, type Repositories } from './storage/repositories.js';
import { SchemaGate } from './storage/schema-gate.js';
import { CredentialTester } from './sync/credential-tester.js';
import { HistoryRetention } from './sync/history-retention.js';
import { HoldKeeper } from './sync/hold-keeper.js';
import { LeaseKeeper } from './sync/lease-keeper.js';
import { isGone, leaseOwner } from './sync/lease-owner.js';
import { createDataSyncRegistry } from './sync/registry.js';
import { SyncRunner } from './sync/sync-runner.js';
import { ConfiguredAccounts } from './tasks/configured-accounts.js';
import { targetId } from './tasks/sync-target.js';
import { TaskManager } from './tasks/task-manager.js';

/**
 * `service`: schedule and triggers. `on-demand`: triggers only. `read-only`: status, portfolio, history and
 * migrate; nothing is asked of an exchange.
 */
export type EngineMode = 'service' | 'on-demand' | 'read-only';

/** Settings whose database is a server by now: the host's thread starts an embedded one. */
export type EngineSettings = Settings & { readonly database: ServerDatabaseSettings };

/** What the engine needs of its host. */
export interface EngineHost {
  readonly credentials: CredentialSource;
  readonly logger: Logger;
  readonly emit: (event: SynchronizerEvent) => void;
}

export interface EngineOptions {
  readonly settings: EngineSettings;
  readonly mode: EngineMode;
  readonly host: EngineHost;
  readonly clock?: Clock;
  /** How long another process waits before it takes over from one that gives no sign of life; 30 s. */
  readonly leaseDurationMs?: number;
}

export interface Engine extends WorkerApi {
  /** Finishes or aborts what is under way, closes everything, resolves within the deadline. */
  stop(deadlineMs: number): Promise<void>;
}

/** Syncs of one exchange that run at the same time; its rate limits are kept by the limiter, not by this. */
const CONCURRENCY_PER_EXCHANGE = 4;

/** Longer than a busy machine or a database that restarts keeps a process from renewing. */
const LEASE_DURATION_MS = 30_000;

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
    migrate: (request) => store.gate.migrate(request),
    backup: (request) => writeBackup({ settings: settings.database, ...request }),
    restore: (request) => restoreBackup({ settings: settings.database, ...request }),
    async stop(deadlineMs) {
      await syncing?.taskManager.stop(deadlineMs);
      await syncing?.clients.close();
      await store.database.close();
    },
  };
}

interface Store {
  readonly database: PostgresDatabase;
  readonly gate: SchemaGate;
  readonly repositories: Repositories;
}

function openStore(settings: ServerDatabaseSettings, logger: Logger): Store {
  const { schema } = settings;
  const database = new PostgresDatabase({ settings, logger, applicationName: 'exchange-sync' });
  return {
    database,
    gate: new SchemaGate({ database, schema, logger }),
    repositories: createRepositories({ schema }),
  };
}

interface Syncing {
  readonly clients: ExchangeManager;
  readonly holdKeeper: HoldKeeper;
  readonly taskManager: TaskManager;
  readonly tester: CredentialTester;
}

function createSyncing(options: EngineOptions, store: Store, owner: string): Syncing {
  const { settings, mode, host, clock = systemClock, leaseDurationMs = LEASE_DURATION_MS } = options;
  const { database, gate, repositories } = store;
  const { logger, emit } = host;
  const now = () => clock.now();
  const clients = new ExchangeManager({
    settings: settings.exchanges,
    credentials: host.credentials,
    readers: exchangeReaders,
    marketStore: {
      load: (key) => repositories.marketLists.load(database, key),
      save: (key, list) => repositories.marketLists.save(database, key, list),
    },
    clock,
    logger,
    emit: (name, payload) => emit({ name, payload } as SynchronizerEvent),
  });
  const holdKeeper = new HoldKeeper({ clients, database, holds: repositories.holds, logger });
  const leaseKeeper = new LeaseKeeper({
    owner,
    isGone,
    durationMs: leaseDurationMs,
    leases: repositories.leases,
    database,
    clock,
    logger,
  });
  const runner = new SyncRunner({
    ...repositories,
    registry: createDataSyncRegistry({
      ...repositories,
      clients,
      database,
      quoteCurrency: settings.quoteCurrency,
      now,
    }),
    database,
    databaseReady: () => gate.ready(),
    leaseKeeper,
    holdKeeper,
    retention: new HistoryRetention({
      history: repositories.history,
      retentionDays: settings.historyRetentionDays,
      now,
    }),
    logger,
    now,
    emitStart: (payload) => emit({ name: 'sync:start', payload }),
  });
  const accounts = new ConfiguredAccounts({
    exchanges: settings.exchanges.map(({ id }) => id),
    credentials: host.credentials,
    accounts: repositories.accounts,
    status: repositories.status,
    database,
    gate,
    intervalMs: settings.schedule.intervalMs,
    complete: mode === 'service',
    now,
  });
  const taskManager = new TaskManager({
    clock,
    logger,
    async execute(task) {
      const result = await runner.run(task);
      if (result.report !== undefined) emit({ name: 'sync:report', payload: result.report });
      return result;
    },
    async accounts() {
      const found = await accounts.list();
      // Not waited for: without a database a trigger still gets reports, which say what is wrong.
      accounts.remember(found).catch((error: unknown) => {
        logger.warning('The configured accounts could not be stored', { error });
      });
      return found;
    },
    async dueTimes() {
      await gate.ready();
      const stored = await repositories.status.dueTimes(database);
      const nowMs = now();
      return stored.map(({ dueInMs, ...target }) => ({ ...target, dueMs: nowMs + dueInMs }));
    },
    schedule: { ...settings.schedule, enabled: mode === 'service' && settings.schedule.enabled },
    concurrencyPerExchange: CONCURRENCY_PER_EXCHANGE,
    random: Math.random,
    onError: (payload) => emit({ name: 'error', payload }),
  });
  const tester = new CredentialTester({
    clients,
    credentials: host.credentials,
    accounts: () => accounts.list(),
    holds: {
      async refresh() {
        await gate.ready();
        await database.transaction((transaction) => holdKeeper.refresh(transaction));
      },
      save: () => holdKeeper.save(),
    },
    logger,
  });
  return { clients, holdKeeper, taskManager, tester };
}

function createReader(
  { settings, clock = systemClock }: EngineOptions,
  { database, gate, repositories }: Store,
  syncing: Syncing | undefined,
): Pick<WorkerApi, 'ping' | 'status' | 'portfolio' | 'history' | 'mirror'> {
  // Who only looks must not change the schema.
  const readable = () => (syncing === undefined ? gate.readable() : gate.ready());
  const pulse = new DatabasePulse({ database, schemaReady: readable, clock });
  const heldNow = async () => {
    if (syncing === undefined) return repositories.holds.load(database);
    await database.transaction((transaction) => syncing.holdKeeper.refresh(transaction));
    return syncing.clients.guardSnapshot();
  };
  return {
    ping: (deadlineMs) => pulse.check(deadlineMs),
    async status() {
      await readable();
      const running = new Set(syncing?.taskManager.running().map(targetId));
      const dataTypes = await repositories.status.list(database);
      return {
        scheduled: settings.schedule.enabled,
        dataTypes: dataTypes.map((row) => ({ ...row, running: row.running || running.has(targetId(row)) })),
        ...guardStatus(await heldNow(), clock.now()),
        refusedWrites: await repositories.leases.refusedWrites(database),
      };
    },
    async portfolio(filter) {
      await readable();
      return database.snapshot(async (moment) => {
        const items = await repositories.portfolio.list(moment, filter);
        return { items, values: await repositories.portfolio.values(moment, filter) };
      });
    },
    async history(filter) {
      await readable();
      return repositories.history.list(database, filter);
    },
    async mirror(filter) {
      await readable();
      return database.snapshot((moment) => repositories.mirror.read(moment, filter));
    },
  };
}

function required(syncing: Syncing | undefined): Syncing {
  if (syncing !== undefined) return syncing;
  throw new ExchangeSyncError('NOT_STARTED', 'This worker only reads. Call start() first.');
}
