import { withoutWorker } from './bridge/check-health.js';
import { GuardedEmitter } from './bridge/guarded-emitter.js';
import { parseBackfill, parseCoverageFilter, parseRepair } from './bridge/history-arguments.js';
import { HOST_PARTS, type HostParts } from './bridge/host-parts.js';
import { SynchronizerLifecycle, type SynchronizerState } from './bridge/synchronizer-lifecycle.js';
import { parseDataType, parseOptionalTarget, parseTarget } from './bridge/trigger-arguments.js';
import type { BackfillOptions, BackfillReport, RepairOptions } from './domain/backfill-report.js';
import type { BackupOptions, BackupReport, RestoreOptions, RestoreReport } from './domain/backup-report.js';
import type { Coverage, CoverageFilter } from './domain/coverage-view.js';
import type { CredentialTest } from './domain/credential-report.js';
import { DataType } from './domain/data-type.js';
import type { DatabaseConnection } from './domain/database-connection.js';
import type { SynchronizerEvents } from './domain/events.js';
import { asExchangeSyncError } from './domain/foreign-error.js';
import type { Health } from './domain/health.js';
import type { MigrationOptions, MigrationReport } from './domain/migration-report.js';
import type { Mirror } from './domain/mirror.js';
import type { Portfolio, PortfolioFilter } from './domain/portfolio-view.js';
import type { Proof, ProofFilter } from './domain/proof-view.js';
import type { SyncReport } from './domain/report.js';
import type { HistoryEntry, HistoryFilter } from './domain/sync-history.js';
import type { PlannedSync, SynchronizerStatus } from './domain/synchronizer-status.js';
import type { StartOptions } from './start-options.js';

export interface StopOptions {
  /** For what is under way to finish; then it is aborted. 8 seconds by default. */
  readonly deadlineMs?: number;
}

export interface HealthOptions {
  /** For the database to answer; 2 seconds by default. */
  readonly deadlineMs?: number;
}

const HEALTH_DEADLINE_MS = 2_000;

/**
 * Keeps the configured accounts mirrored in the database, in a worker thread. All errors are
 * ExchangeSyncErrors. Listeners run in the host's thread; one that throws is logged and harms nothing.
 */
export class ExchangeDataSynchronizer extends GuardedEmitter<SynchronizerEvents> {
  static #instance: ExchangeDataSynchronizer | undefined;

  readonly #lifecycle: SynchronizerLifecycle;
  #runningOnce: Promise<readonly SyncReport[]> | undefined;

  /** For tests; hosts use `exchangeDataSynchronizer`. */
  constructor(parts: HostParts = HOST_PARTS) {
    super();
    this.#lifecycle = new SynchronizerLifecycle({
      parts,
      emit: ({ name, payload }) =>
        (this.emit as (name: string, payload: unknown) => boolean).call(this, name, payload),
    });
  }

  static getInstance(): ExchangeDataSynchronizer {
    ExchangeDataSynchronizer.#instance ??= new ExchangeDataSynchronizer();
    return ExchangeDataSynchronizer.#instance;
  }

  get state(): SynchronizerState {
    return this.#lifecycle.state;
  }

  /**
   * Starts the service and returns at once. The promise settles when the worker is ready, whether the database
   * can be reached by then or not; it need not be awaited. Rejects with CONFIG_INVALID or another code of bad
   * configuration, or with STOPPED when `stop()` comes first. Once started, it only gives the same promise.
   */
  start(options: StartOptions = {}): Promise<void> {
    return this.#lifecycle.start(options);
  }

  /**
   * Finishes what is under way within the deadline and gives everything back; nothing keeps the process alive
   * afterwards. Ends `runOnce` too. When it rejects, it can be called again.
   */
  stop({ deadlineMs }: StopOptions = {}): Promise<void> {
    return this.#lifecycle.stop(deadlineMs);
  }

  /**
   * Syncs one exchange (`bybit`) or account (`bybit/sub1`) now; resolves with one report per account and data
   * type. Rejects with NOT_STARTED, STOPPED, EXCHANGE_UNKNOWN, EXCHANGE_NOT_CONFIGURED, DATA_TYPE_UNKNOWN or
   * WORKER_LOST; what an exchange or the database did is in the reports.
   */
  async triggerSync(target: string, dataType: DataType = DataType.ALL): Promise<readonly SyncReport[]> {
    const service = this.#lifecycle.requireService();
    const { exchange, account } = parseTarget(target, service.settings);
    return await service.api.triggerSync(exchange, account, parseDataType(dataType));
  }

  /** Everything configured once, without a schedule. Options count while the service is not running. */
  runOnce(options: StartOptions = {}): Promise<readonly SyncReport[]> {
    this.#runningOnce ??= this.#lifecycle
      .withWorker('on-demand', options, (api) => api.syncAll())
      .finally(() => {
        this.#runningOnce = undefined;
      });
    return this.#runningOnce;
  }

  /** What `triggerSync` would sync. Rejects as it does; nothing is asked of an exchange. */
  async plan(target: string, dataType: DataType = DataType.ALL): Promise<readonly PlannedSync[]> {
    const service = this.#lifecycle.requireService();
    const { exchange, account } = parseTarget(target, service.settings);
    return await service.api.plan(exchange, account, parseDataType(dataType));
  }

  /** Asks worker and database whether they can work now. Never rejects; answers within the deadline and a second. */
  async health({ deadlineMs = HEALTH_DEADLINE_MS }: HealthOptions = {}): Promise<Health> {
    try {
      return await this.#lifecycle.requireService().health(deadlineMs);
    } catch (error: unknown) {
      return withoutWorker(this.#lifecycle.startFailure ?? asExchangeSyncError(error));
    }
  }

  /**
   * One harmless signed request per wallet, of one account (`bybit/sub1`), one exchange (`bybit`) or of everything
   * configured; says what each key can read, and ends the suspension of a key that is good. What an exchange
   * answered is in the tests.
   */
  async testCredentials(target?: string, options: StartOptions = {}): Promise<readonly CredentialTest[]> {
    return await this.#lifecycle.withCheckedWorker(
      'on-demand',
      options,
      (settings) => parseOptionalTarget(target, settings),
      (api, { exchange, account }) => api.testCredentials(exchange, account),
    );
  }

  async status(options: StartOptions = {}): Promise<SynchronizerStatus> {
    return await this.#lifecycle.withWorker('read-only', options, (api) => api.status());
  }

  async portfolio(filter: PortfolioFilter = {}, options: StartOptions = {}): Promise<Portfolio> {
    return await this.#lifecycle.withWorker('read-only', options, (api) => api.portfolio(filter));
  }

  /** Past syncs, newest first. */
  async history(filter: HistoryFilter = {}, options: StartOptions = {}): Promise<readonly HistoryEntry[]> {
    return await this.#lifecycle.withWorker('read-only', options, (api) => api.history(filter));
  }

  /** The mirrored rows as they are stored: what is held, open and priced now. */
  async mirror(filter: PortfolioFilter = {}, options: StartOptions = {}): Promise<Mirror> {
    return await this.#lifecycle.withWorker('read-only', options, (api) => api.mirror(filter));
  }

  /**
   * Reads what is missing of the histories (fills, transfers, ledger) of one account, one exchange or of everything
   * configured, as far back as `from`; each page is stored and told as `history:chunk`. What was read stays when
   * it is stopped, and the next call goes on there. Rejects with RANGE_INVALID and as `triggerSync` does.
   */
  async backfill(options: BackfillOptions = {}, start: StartOptions = {}): Promise<BackfillReport> {
    return await this.#lifecycle.withCheckedWorker(
      'on-demand',
      start,
      (settings) => parseBackfill(options, settings, Date.now()),
      (api, work) => api.backfill(work),
    );
  }

  /** Reads a range of the histories once more, whether it is covered or not. Rejects as `backfill` does. */
  async repair(options: RepairOptions, start: StartOptions = {}): Promise<BackfillReport> {
    return await this.#lifecycle.withCheckedWorker(
      'on-demand',
      start,
      (settings) => parseRepair(options, settings, Date.now()),
      (api, work) => api.repair(work),
    );
  }

  /** Which time ranges of the histories are known completely, which are missing, and which are lost. */
  async coverage(filter: CoverageFilter = {}, options: StartOptions = {}): Promise<Coverage> {
    const checked = parseCoverageFilter(filter);
    return await this.#lifecycle.withWorker('read-only', options, (api) => api.coverage(checked));
  }

  /** Whether what flowed explains what is there, for each asset of each account. */
  async proof(filter: ProofFilter = {}, options: StartOptions = {}): Promise<Proof> {
    return await this.#lifecycle.withWorker('read-only', options, (api) => api.proof(filter));
  }

  /** Brings the database's schema up to date, and takes over what the program before this one has stored. */
  async migrate(options: StartOptions & MigrationOptions = {}): Promise<MigrationReport> {
    const { dryRun, legacyTimezone, ...start } = options;
    return await this.#lifecycle.withWorker('read-only', start, (api) =>
      api.migrate({ dryRun, legacyTimezone }),
    );
  }

  /** Writes everything of one moment into a file, also while the service runs. */
  async backup(options: BackupOptions, start: StartOptions = {}): Promise<BackupReport> {
    return await this.#lifecycle.withWorker('read-only', start, (api) => api.backup(options));
  }

  /** Puts a backup into an empty schema; not while anything syncs into that database. */
  async restore(options: RestoreOptions, start: StartOptions = {}): Promise<RestoreReport> {
    return await this.#lifecycle.withWorker('read-only', start, (api) => api.restore(options));
  }

  /** How other programs reach the database; an embedded one for as long as some process uses it. */
  async databaseConnection(options: StartOptions = {}): Promise<DatabaseConnection> {
    return await this.#lifecycle.withWorker('read-only', options, (_api, host) => host.databaseConnection());
  }

  protected override listenerFailed(event: keyof SynchronizerEvents, error: unknown): void {
    this.#lifecycle.logger?.error('A listener of the host failed', { event, error });
  }
}

/** The one of this process. */
export const exchangeDataSynchronizer = ExchangeDataSynchronizer.getInstance();
