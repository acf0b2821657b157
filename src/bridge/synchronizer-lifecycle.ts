import type { Settings } from '../config/settings.js';
import { ExchangeSyncError } from '../domain/errors.js';
import type { SynchronizerEvent } from '../domain/events.js';
import { asExchangeSyncError } from '../domain/foreign-error.js';
import type { EngineMode } from '../engine/engine-options.js';
import type { Logger } from '../logging/logger.js';
import type { StartOptions } from '../start-options.js';
import { stoppedBefore } from './bridge-errors.js';
import { createWorkerHost } from './create-worker-host.js';
import type { HostParts } from './host-parts.js';
import { ObservedPromise, warnUnlessObserved } from './observed-promise.js';
import type { WorkerApi } from './worker-api.js';
import type { WorkerHost } from './worker-host.js';

/**
 * `idle`: not started yet, or its configuration was bad. `starting`: until the worker is ready; triggers
 * wait for it. `running`. `stopping`: drains. `stop-failed`: something could not be given back; `stop()`
 * tries again. `stopped`: `start()` works again.
 */
export type SynchronizerState = 'idle' | 'starting' | 'running' | 'stopping' | 'stop-failed' | 'stopped';

export interface LifecycleOptions {
  readonly parts: HostParts;
  /** Gives an event to the host's listeners; false: there is none for it. */
  readonly emit: (event: SynchronizerEvent) => boolean;
}

/** Less than the 10 seconds after which container runtimes kill. */
const STOP_DEADLINE_MS = 8_000;

/** The service's worker and the short-lived ones: when they start, when they end, who may use them. */
export class SynchronizerLifecycle {
  readonly #options: LifecycleOptions;
  /** Short-lived ones, for calls while the service is not running. */
  readonly #visits = new Set<WorkerHost>();
  #state: SynchronizerState = 'idle';
  #service: WorkerHost | undefined;
  #starting: ObservedPromise<void> | undefined;
  #stopping: Promise<void> | undefined;
  #startFailure: ExchangeSyncError | undefined;

  constructor(options: LifecycleOptions) {
    this.#options = options;
  }

  get state(): SynchronizerState {
    return this.#state;
  }

  /** Why the last start failed; a stop, or the next start, forgets it. */
  get startFailure(): ExchangeSyncError | undefined {
    return this.#startFailure;
  }

  /** Of whichever worker there is. */
  get logger(): Logger | undefined {
    return (this.#service ?? [...this.#visits].at(-1))?.logger;
  }

  /** Returns at once; once started, it only gives the same promise. */
  start(options: StartOptions): Promise<void> {
    if (this.#starting) return this.#starting;
    const { promise: starting, resolve } = ObservedPromise.deferred<void>();
    this.#starting = starting;
    this.#startFailure = undefined;
    resolve(this.#tryStart(options, starting));
    return starting;
  }

  /** Shared while it is under way; when it rejects, it can be called again. */
  stop(deadlineMs = STOP_DEADLINE_MS): Promise<void> {
    this.#starting = undefined;
    this.#startFailure = undefined;
    this.#stopping ??= this.#end(deadlineMs).finally(() => {
      this.#stopping = undefined;
    });
    return this.#stopping;
  }

  /** Rejects with NOT_STARTED or STOPPED. */
  requireService(): WorkerHost {
    if (this.#service && (this.#state === 'starting' || this.#state === 'running')) return this.#service;
    if (this.#state === 'idle') {
      throw new ExchangeSyncError('NOT_STARTED', 'Call exchangeDataSynchronizer.start() first.');
    }
    throw new ExchangeSyncError('STOPPED', 'The synchronizer is stopped; call start() again.');
  }

  /** In the service's worker while it runs, else in one that is started for this call and stopped after it. */
  async withWorker<T>(
    mode: EngineMode,
    options: StartOptions,
    work: (api: WorkerApi, host: WorkerHost) => Promise<T>,
  ): Promise<T> {
    const unchecked = () => undefined;
    return await this.withCheckedWorker(mode, options, unchecked, (api, _asked, host) => work(api, host));
  }

  /** The same for what a person wrote: nothing is started when `check` throws. */
  async withCheckedWorker<T, Asked>(
    mode: EngineMode,
    options: StartOptions,
    check: (settings: Settings) => Asked,
    work: (api: WorkerApi, asked: Asked, host: WorkerHost) => Promise<T>,
  ): Promise<T> {
    if (this.#state === 'starting' || this.#state === 'running') {
      const service = this.requireService();
      return await work(service.api, check(service.settings), service);
    }
    const visit = this.#createHost(mode, options);
    const asked = check(visit.settings);
    this.#visits.add(visit);
    try {
      await visit.start();
      return await work(visit.api, asked, visit);
    } finally {
      // What was asked for is done or failed by now; that something could not be given back is another matter.
      await visit.stop(STOP_DEADLINE_MS).catch((error: unknown) => visit.report(error));
      this.#visits.delete(visit);
    }
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
        if (!this.#options.emit({ name: 'error', payload: error })) warnUnlessObserved(starting, error);
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

  #createHost(mode: EngineMode, options: StartOptions): WorkerHost {
    const { parts, emit } = this.#options;
    return createWorkerHost({ options, mode, emit, parts });
  }

  #setState(state: SynchronizerState): void {
    this.#service?.logger.debug('The synchronizer changed its state', { from: this.#state, to: state });
    this.#state = state;
  }
}
