import { beforeExchange } from '../config/history-moments.js';
import { type Clock, systemClock } from '../domain/clock.js';
import type { SynchronizerEvent } from '../domain/events.js';
import { ExchangeManager } from '../exchange/exchange-manager.js';
import { exchangeReaders } from '../exchange/exchange-readers.js';
import { CostBasisKeeper } from '../sync/cost-basis-keeper.js';
import { CredentialTester } from '../sync/credential-tester.js';
import { HeldCosts } from '../sync/held-costs.js';
import { HistoryRetention } from '../sync/history-retention.js';
import { HoldKeeper } from '../sync/hold-keeper.js';
import { LeaseKeeper } from '../sync/lease-keeper.js';
import { isGone } from '../sync/lease-owner.js';
import { PriceHistoryReader } from '../sync/price-history-reader.js';
import { Prover } from '../sync/proof/prover.js';
import { createDataSyncRegistry } from '../sync/registry.js';
import { SnapshotKeeper } from '../sync/snapshot-keeper.js';
import { SymbolDiscovery } from '../sync/symbol-discovery.js';
import { SyncRunner } from '../sync/sync-runner.js';
import { ConfiguredAccounts } from '../tasks/configured-accounts.js';
import { HistoryWorker } from '../tasks/history-worker.js';
import { TaskManager } from '../tasks/task-manager.js';
import type { EngineOptions } from './engine-options.js';
import type { Store } from './store.js';

/** Syncs of one exchange that run at the same time; its rate limits are kept by the limiter, not by this. */
const CONCURRENCY_PER_EXCHANGE = 4;

/** Longer than a busy machine or a database that restarts keeps a process from renewing. */
const LEASE_DURATION_MS = 30_000;

/** The parts that ask exchanges, and when. */
export interface Syncing {
  readonly clients: ExchangeManager;
  readonly holdKeeper: HoldKeeper;
  readonly taskManager: TaskManager;
  readonly historyWorker: HistoryWorker;
  readonly tester: CredentialTester;
}

/** What each of them is made from. */
interface Parts extends Store {
  readonly options: EngineOptions;
  readonly clock: Clock;
  readonly now: () => number;
  /** Signs the leases. */
  readonly owner: string;
}

export function createSyncing(options: EngineOptions, store: Store, owner: string): Syncing {
  const { clock = systemClock, host } = options;
  const parts: Parts = { ...store, options, clock, now: () => clock.now(), owner };
  const clients = createClients(parts);
  const { database, repositories } = store;
  const holdKeeper = new HoldKeeper({ clients, database, holds: repositories.holds, logger: host.logger });
  const accounts = createAccounts(parts);
  const runner = createRunner(parts, clients, holdKeeper);
  const taskManager = createTaskManager(parts, runner, accounts);
  return {
    clients,
    holdKeeper,
    taskManager,
    historyWorker: createHistoryWorker(parts, clients, taskManager, accounts),
    tester: createTester(parts, clients, holdKeeper, accounts),
  };
}

function createClients({ options, clock, database, repositories }: Parts): ExchangeManager {
  const { credentials, logger, emit } = options.host;
  return new ExchangeManager({
    settings: options.settings.exchanges,
    credentials,
    readers: exchangeReaders,
    marketStore: {
      load: (key) => repositories.marketLists.load(database, key),
      save: (key, list) => repositories.marketLists.save(database, key, list),
    },
    clock,
    logger,
    emit: (name, payload) => emit({ name, payload } as SynchronizerEvent),
  });
}

function createRunner(parts: Parts, clients: ExchangeManager, holdKeeper: HoldKeeper): SyncRunner {
  const { options, clock, now, owner, database, gate, repositories } = parts;
  const { settings, host, leaseDurationMs: durationMs = LEASE_DURATION_MS } = options;
  const { quoteCurrency, historyRetentionDays: retentionDays } = settings;
  const { logger, emit } = host;
  const { leases, history, snapshots } = repositories;
  const discovery = new SymbolDiscovery({ ...repositories, database });
  return new SyncRunner({
    ...repositories,
    registry: createDataSyncRegistry({
      ...{ ...repositories, clients, database, quoteCurrency, now, clock },
      heldCosts: createHeldCosts(parts, clients),
      snapshotKeeper: new SnapshotKeeper({ snapshots, retention: settings.snapshots, now }),
      accountOpenings: settings.accountOpenings,
      symbolsFor: (request) => discovery.symbolsFor(request),
      emitChunk: (payload) => emit({ name: 'history:chunk', payload }),
      prover: new Prover({
        ...{ ...repositories, clients, database, now },
        accountOpenings: settings.accountOpenings,
        emitUnexplained: (payload) => emit({ name: 'proof:unexplained', payload }),
      }),
    }),
    database,
    databaseReady: () => gate.ready(),
    leaseKeeper: new LeaseKeeper({ owner, isGone, durationMs, leases, database, clock, logger }),
    holdKeeper,
    retention: new HistoryRetention({ history, retentionDays, now }),
    logger,
    now,
    emitStart: (payload) => emit({ name: 'sync:start', payload }),
  });
}

function createHeldCosts(
  { options, database, repositories, now }: Parts,
  clients: ExchangeManager,
): HeldCosts {
  const { quoteCurrency, costBasisMethod: method } = options.settings;
  return new HeldCosts({
    ...{ ...repositories, database, method },
    keeper: new CostBasisKeeper({ ...repositories, database, quoteCurrency, method, now }),
    pastPrices: new PriceHistoryReader({ ...repositories, clients, now }),
  });
}

function createAccounts({ options, database, gate, repositories, now }: Parts): ConfiguredAccounts {
  const { settings, mode, host } = options;
  return new ConfiguredAccounts({
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
}

function createTaskManager(parts: Parts, runner: SyncRunner, accounts: ConfiguredAccounts): TaskManager {
  const { options, clock, now, database, gate, repositories } = parts;
  const { settings, mode, host } = options;
  const { logger, emit } = host;
  return new TaskManager({
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
}

function createHistoryWorker(
  { clock, database, gate, repositories }: Parts,
  clients: ExchangeManager,
  taskManager: TaskManager,
  accounts: ConfiguredAccounts,
): HistoryWorker {
  const { status, rereads } = repositories;
  return new HistoryWorker({
    taskManager,
    accounts: () => accounts.list(),
    async checkFrom(exchanges, fromMs) {
      const served = await Promise.all(
        exchanges.map(async (exchange) => ({
          exchange,
          servedFromMs: (await clients.historyServedFromMs(exchange)) ?? -Infinity,
        })),
      );
      const [first] = served.sort((left, right) => left.servedFromMs - right.servedFromMs);
      if (first !== undefined && fromMs < first.servedFromMs) {
        throw beforeExchange(first.exchange, fromMs, first.servedFromMs);
      }
    },
    async askFrom(account, dataTypes, fromMs) {
      await gate.ready();
      await database.transaction(async (transaction) => {
        for (const dataType of dataTypes) {
          await status.askHistoryFrom(transaction, account, dataType, fromMs);
        }
      });
    },
    async hasRereads(account) {
      return (await rereads.list(database, account)).some(({ reason }) => reason === 'proof');
    },
    clock,
  });
}

function createTester(
  { options, database, gate }: Parts,
  clients: ExchangeManager,
  holdKeeper: HoldKeeper,
  accounts: ConfiguredAccounts,
): CredentialTester {
  const { credentials, logger } = options.host;
  return new CredentialTester({
    clients,
    credentials,
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
}
