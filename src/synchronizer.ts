import { asExchangeSyncError, stoppedBefore } from './bridge/bridge-errors.js';
import { withoutWorker } from './bridge/check-health.js';
import { createWorkerHost } from './bridge/create-worker-host.js';
import { GuardedEmitter } from './bridge/guarded-emitter.js';
import { HOST_PARTS, type HostParts } from './bridge/host-parts.js';
import { ObservedPromise, warnUnlessObserved } from './bridge/observed-promise.js';
import {
  parseDataType,
  parseOptionalTarget,
  parseTarget,
  type TriggerTarget,
} from './bridge/trigger-arguments.js';
import type { WorkerApi } from './bridge/worker-api.js';
import type { WorkerHost } from './bridge/worker-host.js';
import type { Settings } from './config/settings.js';
import { DataType } from './domain/data-type.js';
import { ExchangeSyncError } from './domain/errors.js';
import type { SynchronizerEvent, SynchronizerEvents } from './domain/events.js';
import type { Health } from './domain/health.js';
import type { SyncReport } from './domain/report.js';
import type {
  BackupOptions,
  BackupReport,
  CredentialTest,
  DatabaseConnection,
  HistoryEntry,
  HistoryFilter,
  MigrationOptions,
  MigrationReport,
  Mirror,
  PlannedSync,
  Portfolio,
  PortfolioFilter,
  RestoreOptions,
  RestoreReport,
  SynchronizerStatus,
} from './domain/views.js';
import type { EngineMode } from './engine.js';
import type { StartOptions } from './start-options.js';

/**
 * `idle`: not started yet, or its configuration was bad. `starting`: until the worker is ready; triggers
 * wait for it. `running`. `stopping`: drains. `stop-failed`: something could not be given back; `stop()`
 * tries again. `stopped`: `start()` works again.
 */
export type SynchronizerState = 'idle' | 'starting' | 'running' | 'stopping' | 'stop-failed' | 'stopped';

export interface StopOptions {
  /** For what is under way to finish; then it is aborted. 8 seconds by default. */
  readonly deadlineMs?: number;
}

export interface HealthOptions {
  /** For the database to answer; 2 seconds by default. */
  readonly deadlineMs?: number;
}

const HEALTH_DEADLINE_MS = 2_000;

/** Less than the 10 seconds after which container runtimes kill. */
const STOP_DEADLINE_MS = 8_000;

/**
 * Keeps the configured accounts mirrored in the database, in a worker thread. All errors are
 * ExchangeSyncErrors. Listeners run in the host's thread; one that throws is logged and harms nothing.
 */
export class ExchangeDataSynchronizer extends GuardedEmitter<SynchronizerEvents> {
  static #instance: ExchangeDataSynchronizer | undefined;

  readonly #parts: HostParts;
  /** Short-lived ones, for calls while the service is not running. */
  readonly #visits = new Set<WorkerHost>();
  #state: SynchronizerState = 'idle';
  #service: WorkerHost | undefined;
  #starting: ObservedPromise<void> | undefined;
  #stopping: Promise<void> | undefined;
  /** Why the last start failed; a stop, or the next start, forgets it. */
  #startFailure: ExchangeSyncError | undefined;
  #runningOnce: Promise<readonly SyncReport[]> | undefined;

  /** For tests; hosts use `exchangeDataSynchronizer`. */
  constructor(parts: HostParts = HOST_PARTS) {
    super();
    this.#parts = parts;
  }

  static getInstance(): ExchangeDataSynchronizer {
    ExchangeDataSynchronizer.#instance ??= new ExchangeDataSynchronizer();
    return ExchangeDataSynchronizer.#instance;
  }

  get state(): SynchronizerState {
    return this.#state;
  }

  /**
   * Starts the service and returns at once. The promise settles when the worker is ready, whether the database
   * can be reached by then or not; it need not be awaited. Rejects with CONFIG_INVALID or another code of bad
   * configuration, or with STOPPED when `stop()` comes first. Once started, it only gives the same promise.
   */
  start(options: StartOptions = {}): Promise<void> {
    if (this.#starting) return this.#starting;
    const { promise: starting, resolve } = ObservedPromise.deferred<void>();
    this.#starting = starting;
    this.#startFailure = undefined;
    resolve(this.#tryStart(options, starting));
    return starting;
  }

  /**
   * Finishes what is under way within the deadline and gives everything back; nothing keeps the process alive
   * afterwards. Ends `runOnce` too. When it rejects, it can be called again.
   */
  stop({ deadlineMs = STOP_DEADLINE_MS }: StopOptions = {}): Promise<void> {
    this.#starting = undefined;
    this.#startFailure = undefined;
    this.#stopping ??= this.#end(deadlineMs).finally(() => {
      this.#stopping = undefined;
    });
    return this.#stopping;
  }

  /**
   * Syncs one exchange (`bybit`) or account (`bybit/sub1`) now; resolves with one report per account and data
   * type. Rejects with NOT_STARTED, STOPPED, EXCHANGE_UNKNOWN, EXCHANGE_NOT_CONFIGURED, DATA_TYPE_UNKNOWN or
   * WORKER_LOST; what an exchange or the database did is in the reports.
   */
  async triggerSync(target: string, dataType: DataType = DataType.ALL): Promise<readonly SyncReport[]> {
    const service = this.#requireService();
    const { exchange, account } = parseTarget(target, service.settings);
    return await service.api.triggerSync(exchange, account, parseDataType(dataType));
  }

  /** Everything configured once, without a schedule. Options count while the service is not running. */
  runOnce(options: StartOptions = {}): Promise<readonly SyncReport[]> {
    this.#runningOnce ??= this.#withWorker('on-demand', options, (api) => api.syncAll()).finally(() => {
      this.#runningOnce = undefined;
    });
    return this.#runningOnce;
  }

  /** What `triggerSync` would sync. Rejects as it does; nothing is asked of an exchange. */
  async plan(target: string, dataType: DataType = DataType.ALL): Promise<readonly PlannedSync[]> {
    const service = this.#requireService();
    const { exchange, account } = parseTarget(target, service.settings);
    return await service.api.plan(exchange, account, parseDataType(dataType));
  }

  /** Asks worker and database whether they can work now. Never rejects; answers within the deadline and a second. */
  async health({ deadlineMs = HEALTH_DEADLINE_MS }: HealthOptions = {}): Promise<Health> {
    try {
      return await this.#requireService().health(deadlineMs);
    } catch (error: unknown) {
      return withoutWorker(this.#startFailure ?? asExchangeSyncError(error));
    }
  }

  /**
   * One harmless signed request per wallet, of one account (`bybit/sub1`), one exchange (`bybit`) or of everything
   * configured; says what each key can read, and ends the suspension of a key that is good. What an exchange
   * answered is in the tests.
   */
  async testCredentials(target?: string, options: StartOptions = {}): Promise<readonly CredentialTest[]> {
    let asked: Partial<TriggerTarget> = {};
    const check = (settings: Settings) => {
      asked = parseOptionalTarget(target, settings);
    };
    const test = (api: WorkerApi) => api.testCredentials(asked.exchange, asked.account);
    return await this.#withWorker('on-demand', options, test, check);
  }

  async status(options: StartOptions = {}): Promise<SynchronizerStatus> {
    return await this.#withWorker('read-only', options, (api) => api.status());
  }

  async portfolio(filter: PortfolioFilter = {}, options: StartOptions = {}): Promise<Portfolio> {
    return await this.#withWorker('read-only', options, (api) => api.portfolio(filter));
  }

  /** Past syncs, newest first. */
  async history(filter: HistoryFilter = {}, options: StartOptions = {}): Promise<readonly HistoryEntry[]> {
    return await this.#withWorker('read-only', options, (api) => api.history(filter));
  }

  /** The mirrored rows as they are stored: what is held, open and priced now. */
  async mirror(filter: PortfolioFilter = {}, options: StartOptions = {}): Promise<Mirror> {
    return await this.#withWorker('read-only', options, (api) => api.mirror(filter));
  }

  /** Brings the database's schema up to date, and takes over what the program before this one has stored. */
  async migrate(options: StartOptions & MigrationOptions = {}): Promise<MigrationReport> {
    const { dryRun, legacyTimezone, ...start } = options;
    return await this.#withWorker('read-only', start, (api) => api.migrate({ dryRun, legacyTimezone }));
  }

  /** Writes everything of one moment into a file, also while the service runs. */
  async backup(options: BackupOptions, start: StartOptions = {}): Promise<BackupReport> {
    return await this.#withWorker('read-only', start, (api) => api.backup(options));
  }

  /** Puts a backup into an empty schema; not while anything syncs into that database. */
  async restore(options: RestoreOptions, start: StartOptions = {}): Promise<RestoreReport> {
    return await this.#withWorker('read-only', start, (api) => api.restore(options));
  }

  /** How other programs reach the database; an embedded one for as long as some process uses it. */
  async databaseConnection(options: StartOptions = {}): Promise<DatabaseConnection> {
    return await this.#withWorker('read-only', options, (_api, host) => host.databaseConnection());
  }

  protected override listenerFailed(event: keyof SynchronizerEvents, error: unknown): void {
    const host = this.#service ?? [...this.#visits].at(-1);
    host?.logger.error('A listener of the host failed', { event, error });
  }

  async #tryStart(options: StartOptions, starting: ObservedPromise<void>): Promise<void> {
    try {
      if (this.#state === 'stopping' || this.#state === 'stop-failed') {
        const stopped = this.stop();
        // A later stop() takes this start back; the one it waits for does not.
        this.#starting = starting;
        await stopped;
        if (this.#starting !== starting) throw stoppedBefore();
      }
      await this.#begin(this.#configure(options, starting));
    } catch (error: unknown) {
      if (this.#starting === starting) this.#starting = undefined;
      const failure = asExchangeSyncError(error);
      if (failure.code !== 'STOPPED') this.#startFailure = failure;
      throw error;
    }
  }

  async #begin(service: WorkerHost): Promise<void> {
    this.#service = service;
    this.#setState('starting');
    const current = () => this.#service === service && this.#state === 'starting';
    try {
      await service.start();
      if (current()) this.#setState('running');
    } catch (error: unknown) {
      // Not stopped: the worker found that the configuration cannot work.
      if (current()) await this.#abandon(service, error);
      throw error;
    }
  }

  #configure(options: StartOptions, starting: ObservedPromise<void>): WorkerHost {
    try {
      return this.#createHost('service', options);
    } catch (thrown: unknown) {
      const error = asExchangeSyncError(thrown);
      // There is no log yet. Later, for a listener may call start() again.
      queueMicrotask(() => {
        if (!this.emit('error', error)) warnUnlessObserved(starting, error);
      });
      throw error;
    }
  }

  async #abandon(service: WorkerHost, error: unknown): Promise<void> {
    service.report(error);
    try {
      await this.stop();
      this.#setState('idle');
    } catch (failure: unknown) {
      service.report(failure);
    }
  }

  async #end(deadlineMs: number): Promise<void> {
    const service = this.#service;
    if (service) this.#setState('stopping');
    try {
      await Promise.all(
        [...this.#visits, ...(service ? [service] : [])].map((host) => host.stop(deadlineMs)),
      );
    } catch (error: unknown) {
      if (service) this.#setState('stop-failed');
      throw asExchangeSyncError(error);
    }
    if (service) this.#setState('stopped');
    this.#service = undefined;
  }

  #requireService(): WorkerHost {
    if (this.#service && (this.#state === 'starting' || this.#state === 'running')) return this.#service;
    if (this.#state === 'idle') {
      throw new ExchangeSyncError('NOT_STARTED', 'Call exchangeDataSynchronizer.start() first.');
    }
    throw new ExchangeSyncError('STOPPED', 'The synchronizer is stopped; call start() again.');
  }

  /** In the service's worker while it runs, else in one that is started for this call and stopped after it. */
  async #withWorker<T>(
    mode: EngineMode,
    options: StartOptions,
    work: (api: WorkerApi, host: WorkerHost) => Promise<T>,
    check: (settings: Settings) => void = () => undefined,
  ): Promise<T> {
    if (this.#state === 'starting' || this.#state === 'running') {
      const service = this.#requireService();
      check(service.settings);
      return await work(service.api, service);
    }
    const visit = this.#createHost(mode, options);
    check(visit.settings);
    this.#visits.add(visit);
    try {
      await visit.start();
      return await work(visit.api, visit);
    } finally {
      // What was asked for is done or failed by now; that something could not be given back is another matter.
      await visit.stop(STOP_DEADLINE_MS).catch((error: unknown) => visit.report(error));
      this.#visits.delete(visit);
    }
  }

  #createHost(mode: EngineMode, options: StartOptions): WorkerHost {
    return createWorkerHost({ options, mode, emit: (event) => this.#emitEvent(event), parts: this.#parts });
  }

  #emitEvent({ name, payload }: SynchronizerEvent): void {
    (this.emit as (name: string, payload: unknown) => boolean).call(this, name, payload);
  }

  #setState(state: SynchronizerState): void {
    this.#service?.logger.debug('The synchronizer changed its state', { from: this.#state, to: state });
    this.#state = state;
  }
}

/** The one of this process. */
export const exchangeDataSynchronizer = ExchangeDataSynchronizer.getInstance();
