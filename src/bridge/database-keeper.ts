import type { ServerDatabaseSettings } from '../config/settings.js';
import type { Clock } from '../domain/clock.js';
import type { DatabaseServer } from './host-parts.js';
import { type Restart, RestartBackoff, type RestartTiming } from './restart-backoff.js';

export interface DatabaseKeeperOptions {
  /** `onEnd` is called when the server ends without having been stopped. */
  readonly start: (onEnd: () => void) => Promise<DatabaseServer>;
  readonly clock: Clock;
  readonly restart: RestartTiming;
  /** Whether to go on trying, at the start and after the server ended. */
  readonly persistent: boolean;
  readonly onFailure: (error: unknown, restart: Restart) => void;
  /** The server is up again, possibly at another port. */
  readonly onRestart: (settings: ServerDatabaseSettings) => void;
}

/** Keeps the embedded database server running for as long as it is not stopped. */
export class DatabaseKeeper {
  readonly #options: DatabaseKeeperOptions;
  readonly #backoff: RestartBackoff;
  readonly #abort = new AbortController();
  #server: DatabaseServer | undefined;
  #startedAtMs = 0;
  #recovery: Promise<void> | undefined;

  constructor(options: DatabaseKeeperOptions) {
    this.#options = options;
    this.#backoff = new RestartBackoff(options.restart);
  }

  /** Resolves when the server is up. Unless persistent, rejects at the first failure. */
  async start(): Promise<ServerDatabaseSettings> {
    const { start, clock, persistent, onFailure } = this.#options;
    for (;;) {
      this.#abort.signal.throwIfAborted();
      try {
        this.#server = await start(() => this.#onEnd());
        this.#startedAtMs = clock.now();
        return this.#server.settings;
      } catch (error: unknown) {
        if (!persistent) throw error;
        const restart = this.#backoff.next(0);
        onFailure(error, restart);
        await clock.sleep(restart.delayMs, this.#abort.signal);
      }
    }
  }

  /** Ends the waiting between attempts at once; what is under way is for `stop` to await. */
  abort(reason: unknown): void {
    this.#abort.abort(reason);
  }

  /** Can be called again after it failed. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#recovery;
    await this.#server?.stop();
    this.#server = undefined;
  }

  #onEnd(): void {
    if (this.#abort.signal.aborted || !this.#options.persistent) return;
    this.#server = undefined;
    this.#recovery = this.#recover();
  }

  async #recover(): Promise<void> {
    const { clock, onRestart } = this.#options;
    try {
      // A server that ends as soon as it started must not be started in a tight loop.
      const { delayMs } = this.#backoff.next(clock.now() - this.#startedAtMs);
      await clock.sleep(delayMs, this.#abort.signal);
      onRestart(await this.start());
    } catch {
      // Only stop() ends the attempts; there is nobody left to tell.
    }
  }
}
