import type { ServerDatabaseSettings, Settings } from '../config/settings.js';
import type { CredentialChain } from '../credentials/credential-chain.js';
import type { DatabaseConnection } from '../domain/database-connection.js';
import { ExchangeSyncError } from '../domain/errors.js';
import type { SynchronizerEvent } from '../domain/events.js';
import { asExchangeSyncError } from '../domain/foreign-error.js';
import type { Health } from '../domain/health.js';
import type { EngineMode } from '../engine/engine-options.js';
import { createLogger } from '../logging/create-logger.js';
import type { HostLogger } from '../logging/host-logger.js';
import type { LogSink } from '../logging/log-sink.js';
import type { Logger, LogRecord } from '../logging/logger.js';
import { redactor } from '../logging/redactor.js';
import {
  isConfigurationError,
  stoppedBefore,
  type WorkerExit,
  workerLost,
  workerRestarting,
} from './bridge-errors.js';
import { checkHealth } from './check-health.js';
import { DatabaseKeeper } from './database-keeper.js';
import { Deferred } from './deferred.js';
import { createHostApi } from './host-api.js';
import type { HostParts } from './host-parts.js';
import { invoke, stubs, WORKER_METHODS } from './method-table.js';
import type { Restart } from './restart-backoff.js';
import type { ThreadData } from './thread.js';
import { untilAborted } from './until-aborted.js';
import type { WorkerApi, WorkerNotice } from './worker-api.js';
import { WorkerSupervisor } from './worker-supervisor.js';
import { WorkerThread } from './worker-thread.js';

export interface WorkerHostOptions {
  readonly settings: Settings;
  readonly warnings: readonly string[];
  readonly credentials: (logger: Logger) => CredentialChain;
  readonly hostLogger: HostLogger | undefined;
  readonly mode: EngineMode;
  readonly emit: (event: SynchronizerEvent) => void;
  readonly parts: HostParts;
}

type Release = (deadlineMs: number) => Promise<void>;

/**
 * Everything that the host's thread keeps for the worker: log, embedded database, credentials, and the
 * worker itself. A service goes on trying to start; any other mode fails at the first obstacle.
 */
export class WorkerHost {
  /** Runs in the worker, once that is ready. */
  readonly api: WorkerApi;
  readonly #options: WorkerHostOptions;
  readonly #abort = new AbortController();
  readonly #releases: Release[] = [];
  #supervisor = new Deferred<WorkerSupervisor>();
  #opening: Promise<WorkerSupervisor> | undefined;
  #stopping: Promise<void> | undefined;
  #sink: LogSink | undefined;
  #database: ServerDatabaseSettings | undefined;
  #worker: WorkerSupervisor | undefined;
  #databaseFailure: ExchangeSyncError | undefined;
  readonly logger: Logger;

  constructor(options: WorkerHostOptions) {
    this.#options = options;
    const { level } = options.settings.logging;
    this.logger = createLogger((record) => this.#write(record), {}, { level });
    this.api = stubs(WORKER_METHODS, async (method, args) =>
      invoke((await this.#supervisor.promise).api, method, args),
    );
  }

  /** Resolves when the worker is ready. Rejects with STOPPED when it is stopped before. */
  async start(): Promise<void> {
    this.#opening ??= this.#open();
    const supervisor = await this.#opening;
    await supervisor.start();
  }

  /** Whether worker and database answer now. */
  health(deadlineMs: number): Promise<Health> {
    const lost = this.#worker?.lost;
    const obstacle = this.#databaseFailure ?? (lost && workerRestarting(lost));
    return checkHealth({ obstacle, api: this.api, clock: this.#options.parts.clock, deadlineMs });
  }

  get settings(): Settings {
    return this.#options.settings;
  }

  /** How others reach the database that the worker uses. */
  async databaseConnection(): Promise<DatabaseConnection> {
    await this.#supervisor.promise;
    if (!this.#database) throw new ExchangeSyncError('INTERNAL', 'A worker has a database.');
    const { kind: _, ...connection } = this.#database;
    return { ...connection, embedded: this.settings.database.kind === 'embedded' };
  }

  /** For what happens in the background: logs it and emits it. */
  report(error: unknown): void {
    this.#emit({ name: 'error', payload: asExchangeSyncError(error) });
  }

  /**
   * Drains within the deadline and gives back everything, last acquired first. When something cannot be
   * given back it rejects, and goes on from there when it is called again.
   */
  stop(deadlineMs: number): Promise<void> {
    this.#stopping ??= this.#release(deadlineMs).finally(() => {
      this.#stopping = undefined;
    });
    return this.#stopping;
  }

  async #release(deadlineMs: number): Promise<void> {
    this.#abort.abort(stoppedBefore());
    // Whatever opening has acquired by now is on the list of releases, also when it failed.
    await this.#opening?.catch(() => undefined);
    for (let release = this.#releases.at(-1); release; release = this.#releases.at(-1)) {
      await release(deadlineMs);
      this.#releases.pop();
    }
    this.#supervisor.reject(stoppedBefore());
  }

  async #open(): Promise<WorkerSupervisor> {
    const { settings, warnings, parts, hostLogger } = this.#options;
    try {
      const sink = await parts.openLog({ settings, hostLogger });
      this.#releases.push(() => sink.close());
      this.#sink = sink;
      const credentials = this.#options.credentials(this.logger);
      for (const warning of warnings) this.logger.warning(warning);
      if (this.#options.mode !== 'read-only') await untilAborted(credentials.ready(), this.#abort.signal);
      this.#database = await this.#openDatabase();
      this.#abort.signal.throwIfAborted();
      const supervisor = this.#supervise(credentials);
      this.#worker = supervisor;
      this.#releases.push((deadlineMs) => this.#stopWorker(supervisor, deadlineMs));
      this.#supervisor.resolve(supervisor);
      return supervisor;
    } catch (error: unknown) {
      this.#supervisor.reject(error);
      throw error;
    }
  }

  async #openDatabase(): Promise<ServerDatabaseSettings> {
    const { settings, parts, mode } = this.#options;
    const { database } = settings;
    if (database.kind === 'server') return database;
    const keeper = new DatabaseKeeper({
      start: (onEnd) => parts.startDatabase(database, this.logger, onEnd),
      clock: parts.clock,
      restart: parts.restart,
      persistent: mode === 'service',
      onFailure: (error, { attempt, delayMs }) => {
        this.logger.warning('The embedded database is started again', { attempt, delayMs });
        this.#databaseFailure = asExchangeSyncError(error);
        this.#failWaiting(error);
      },
      onRestart: (moved) => this.#onDatabaseRestart(moved),
    });
    this.#abort.signal.addEventListener('abort', () => keeper.abort(this.#abort.signal.reason), {
      once: true,
    });
    this.#releases.push(() => keeper.stop());
    const server = await keeper.start();
    this.#databaseFailure = undefined;
    redactor.add(server.password);
    return server;
  }

  #onDatabaseRestart(database: ServerDatabaseSettings): void {
    this.#databaseFailure = undefined;
    const moved = JSON.stringify(database) !== JSON.stringify(this.#database);
    this.#database = database;
    // At the same address the worker's own connections come back by themselves.
    if (moved) this.#worker?.replace('the embedded database moved to another port');
  }

  /** Calls that wait learn why; later ones wait for the next attempt. */
  #failWaiting(error: unknown): void {
    const waiting = this.#supervisor;
    this.#supervisor = new Deferred();
    waiting.reject(error);
    if (this.#worker) this.#supervisor.resolve(this.#worker);
    this.report(error);
  }

  #supervise(credentials: CredentialChain): WorkerSupervisor {
    const { mode, parts } = this.#options;
    const { clock } = parts;
    const hostApi = createHostApi({ credentials, clock, deadlineMs: parts.hostCallDeadlineMs });
    return new WorkerSupervisor({
      createThread: () =>
        new WorkerThread({
          ...parts,
          data: this.#threadData(),
          hostApi,
          onNotice: (notice) => this.#receive(notice),
          onOutput: (stream, text) => this.#logOutput(stream, text),
        }),
      clock,
      restart: parts.restart,
      isPermanent: (error) => mode !== 'service' || isConfigurationError(error),
      onLost: (exit, restart) => this.#onLost(exit, restart),
    });
  }

  #threadData(): ThreadData {
    const { settings, mode } = this.#options;
    if (!this.#database) throw new ExchangeSyncError('INTERNAL', 'A worker needs a database first.');
    return { settings: { ...settings, database: this.#database }, mode };
  }

  #receive(notice: WorkerNotice): void {
    if (notice.kind === 'log') this.#write(notice.record);
    else this.#emit(notice.event);
  }

  #logOutput(stream: 'stdout' | 'stderr', text: string): void {
    const log = stream === 'stderr' ? this.logger.warning : this.logger.debug;
    log('A library printed in the worker', { stream, text });
  }

  #onLost(exit: WorkerExit, { attempt, delayMs }: Restart): void {
    const restart = { reason: exit.reason, attempt, delayMs };
    this.logger.warning('The worker thread is started again', restart);
    this.#emit({ name: 'worker:restart', payload: restart });
    this.report(workerLost(exit));
  }

  async #stopWorker(supervisor: WorkerSupervisor, deadlineMs: number): Promise<void> {
    try {
      await supervisor.stop(deadlineMs);
    } catch (error: unknown) {
      // The thread is gone all the same: there is nothing left to stop.
      this.report(error);
    }
  }

  /** Every error is logged here, once, whether somebody listens or not. */
  #emit(event: SynchronizerEvent): void {
    if (event.name === 'error')
      this.logger.error('Something failed in the background', { error: event.payload });
    this.#options.emit(event);
  }

  #write(record: LogRecord): void {
    this.#sink?.write(record);
  }
}
