import type { Clock } from '../domain/clock.js';
import { stoppedBefore, type WorkerExit } from './bridge-errors.js';
import { Deferred } from './deferred.js';
import { invoke, stubs, WORKER_METHODS } from './method-table.js';
import { type Restart, RestartBackoff, type RestartTiming } from './restart-backoff.js';
import type { WorkerApi } from './worker-api.js';
import type { WorkerThread } from './worker-thread.js';

export interface WorkerSupervisorOptions {
  /** A new thread, not started. */
  readonly createThread: () => WorkerThread;
  readonly clock: Clock;
  readonly restart: RestartTiming;
  /** Whether to give up instead of starting again: the same settings would fail the same way. */
  readonly isPermanent: (error: unknown) => boolean;
  readonly onLost: (exit: WorkerExit, restart: Restart) => void;
}

/** Keeps one worker running: starts the next one, with backoff, whenever it is lost. */
export class WorkerSupervisor {
  /** Runs in the present worker, or in the one that is being started; rejects with WORKER_LOST. */
  readonly api: WorkerApi;
  readonly #options: WorkerSupervisorOptions;
  readonly #backoff: RestartBackoff;
  readonly #started = new Deferred<void>();
  readonly #abort = new AbortController();
  #attempt = new Deferred<WorkerApi>();
  #thread: WorkerThread | undefined;
  #running: Promise<void> | undefined;
  #lost: WorkerExit | undefined;

  constructor(options: WorkerSupervisorOptions) {
    this.#options = options;
    this.#backoff = new RestartBackoff(options.restart);
    this.api = stubs(WORKER_METHODS, async (method, args) =>
      invoke(await this.#attempt.promise, method, args),
    );
  }

  /** Resolves when a worker is ready, however many were lost before. Rejects if it can never be. */
  start(): Promise<void> {
    this.#running ??= this.#run();
    return this.#started.promise;
  }

  /** How the last worker ended, until the next one is ready. */
  get lost(): WorkerExit | undefined {
    return this.#lost;
  }

  /** Ends the present worker, so that the next one is created. */
  replace(reason: string): void {
    this.#thread?.end(reason);
  }

  /** Rejects if the worker could not stop cleanly; it is gone all the same. */
  async stop(deadlineMs: number): Promise<void> {
    this.#abort.abort();
    try {
      await this.#thread?.stop(deadlineMs);
    } finally {
      await this.#running;
    }
  }

  async #run(): Promise<void> {
    while (!this.#abort.signal.aborted) {
      const { exit, ranMs, permanent } = await this.#runThread();
      if (this.#abort.signal.aborted) break;
      if (permanent) return;
      this.#attempt = new Deferred();
      const restart = this.#backoff.next(ranMs);
      this.#options.onLost(exit, restart);
      // Rejects only when stop() is called, which the loop's condition sees.
      await this.#options.clock.sleep(restart.delayMs, this.#abort.signal).catch(() => undefined);
    }
    const stopped = stoppedBefore();
    this.#attempt.reject(stopped);
    this.#started.reject(stopped);
  }

  /** One thread, from its start to its end. */
  async #runThread(): Promise<{ exit: WorkerExit; ranMs: number; permanent: boolean }> {
    const { clock, createThread, isPermanent } = this.#options;
    const attempt = this.#attempt;
    const thread = createThread();
    this.#thread = thread;
    thread.start();
    let readyAtMs: number | undefined;
    let permanent = false;
    try {
      await thread.ready;
      readyAtMs = clock.now();
      this.#lost = undefined;
      attempt.resolve(thread.api);
      this.#started.resolve();
    } catch (error: unknown) {
      permanent = isPermanent(error);
      if (permanent) this.#started.reject(error);
      attempt.reject(error);
    }
    const exit = await thread.exited;
    this.#lost = exit;
    return { exit, ranMs: readyAtMs === undefined ? 0 : clock.now() - readyAtMs, permanent };
  }
}
