import type { Clock } from '../domain/clock.js';
import { ExchangeSyncError } from '../domain/errors.js';
import type { PartHealth } from '../domain/health.js';
import type { Queryable } from './database.js';

export interface DatabasePulseOptions {
  readonly database: Queryable;
  /** Rejects while the schema is not this program's. */
  readonly schemaReady: () => Promise<void>;
  readonly clock: Clock;
}

/** Asks the database whether it is there, by a statement. */
export class DatabasePulse {
  readonly #options: DatabasePulseOptions;
  #asking: Promise<void> | undefined;

  constructor(options: DatabasePulseOptions) {
    this.#options = options;
  }

  /** Answers within the deadline, whatever the database does; never rejects. */
  async check(deadlineMs: number): Promise<PartHealth> {
    const { clock } = this.#options;
    const askedAtMs = clock.now();
    const timer = new AbortController();
    const silence = clock.sleep(deadlineMs, timer.signal).then(() => {
      throw new ExchangeSyncError(
        'DATABASE_UNAVAILABLE',
        `The database did not answer within ${deadlineMs} ms. See whether it is overloaded, locked or cut off.`,
      );
    });
    try {
      await Promise.race([this.#ask(), silence]);
      return { ok: true, answeredInMs: clock.now() - askedAtMs };
    } catch (error: unknown) {
      if (error instanceof ExchangeSyncError) return { ok: false, code: error.code, message: error.message };
      return { ok: false, code: 'INTERNAL', message: 'Asking the database failed in an unexpected way.' };
    } finally {
      timer.abort();
    }
  }

  /** Shared while it is under way: who asks a silent database every second must not use up its connections. */
  #ask(): Promise<void> {
    this.#asking ??= this.#query().finally(() => {
      this.#asking = undefined;
    });
    // Whoever gave up on it is not told any more.
    this.#asking.catch(() => undefined);
    return this.#asking;
  }

  async #query(): Promise<void> {
    const { database, schemaReady } = this.#options;
    await schemaReady();
    await database.query('SELECT 1');
  }
}
