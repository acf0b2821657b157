import type { Clock } from '../domain/clock.js';
import {
  type ExchangeDataSynchronizer,
  ExchangeSyncError,
  type StartOptions,
  type SynchronizerStatus,
} from '../index.js';

export interface RetryTiming {
  /** After the first failure; doubled for each further one. */
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
}

export interface ServiceKeeperOptions {
  readonly synchronizer: ExchangeDataSynchronizer;
  readonly start: StartOptions | undefined;
  /** Sync everything after the start, also what is not due yet. */
  readonly initialSync: boolean;
  readonly clock: Clock;
  readonly retry: RetryTiming;
  /** Told of what did not work and when it is tried again. */
  readonly onFailure: (error: unknown, step: string, delayMs: number | undefined) => void;
  /** How things stood in the database when it had been migrated. */
  readonly onStatus: (status: SynchronizerStatus) => void;
}

/** Starts a synchronizer for a server, goes on trying until that works, and stops it. */
export class ServiceKeeper {
  readonly #options: ServiceKeeperOptions;
  readonly #abort = new AbortController();
  #running: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  /** Whoever started it stops it. */
  #ours = false;

  constructor(options: ServiceKeeperOptions) {
    this.#options = options;
  }

  /** Returns at once. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Can be called before `start`, and again. Rejects if the synchronizer could not give everything back. */
  stop(deadlineMs: number): Promise<void> {
    this.#stopping ??= this.#stop(deadlineMs);
    return this.#stopping;
  }

  async #stop(deadlineMs: number): Promise<void> {
    this.#abort.abort();
    if (this.#ours) await this.#options.synchronizer.stop({ deadlineMs });
    await this.#running;
  }

  async #run(): Promise<void> {
    const { synchronizer, start, initialSync, onFailure, onStatus } = this.#options;
    this.#ours = synchronizer.state !== 'starting' && synchronizer.state !== 'running';
    await this.#untilDone('start', () => synchronizer.start(start));
    await this.#untilDone('migrate', () => this.#whileRunning(() => synchronizer.migrate()));
    await this.#untilDone('status', async () =>
      onStatus(await this.#whileRunning(() => synchronizer.status())),
    );
    if (!initialSync || this.#abort.signal.aborted) return;
    try {
      await this.#whileRunning(() => synchronizer.runOnce());
    } catch (error: unknown) {
      if (!this.#abort.signal.aborted) onFailure(error, 'initial sync', undefined);
    }
  }

  /** Calls that need a start would otherwise start a worker of their own. */
  async #whileRunning<T>(call: () => Promise<T>): Promise<T> {
    const { state } = this.#options.synchronizer;
    if (state === 'starting' || state === 'running') return await call();
    throw new ExchangeSyncError('STOPPED', 'The synchronizer was stopped before this was done.');
  }

  /** Until it works, or it is stopped. */
  async #untilDone(step: string, work: () => Promise<unknown>): Promise<void> {
    const { clock, retry, onFailure } = this.#options;
    const { signal } = this.#abort;
    for (
      let delayMs = retry.firstDelayMs;
      !signal.aborted;
      delayMs = Math.min(2 * delayMs, retry.maxDelayMs)
    ) {
      try {
        await work();
        return;
      } catch (error: unknown) {
        if (signal.aborted) return;
        onFailure(error, step, delayMs);
        // Rejects only when it is stopped, which the loop's condition sees.
        await clock.sleep(delayMs, signal).catch(() => undefined);
      }
    }
  }
}
