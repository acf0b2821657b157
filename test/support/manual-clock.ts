import type { Clock } from '#src/domain/clock.js';

interface Sleeper {
  wakeMs: number;
  readonly wake: () => void;
}

/** A clock whose time passes only when a test says so. */
export class ManualClock implements Clock {
  #nowMs: number;
  readonly #sleepers = new Set<Sleeper>();

  constructor(nowMs = Date.UTC(2026, 0, 1)) {
    this.#nowMs = nowMs;
  }

  now(): number {
    return this.#nowMs;
  }

  sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      if (durationMs <= 0) return resolve();
      const onAbort = () => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      const wake = () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      };
      const sleeper: Sleeper = { wakeMs: this.#nowMs + durationMs, wake };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** How many wait; a test that ends with some has leaked them. */
  get sleepers(): number {
    return this.#sleepers.size;
  }

  /** When the next one wakes up. */
  get nextWakeMs(): number | undefined {
    return this.#next()?.wakeMs;
  }

  /**
   * Lets time pass. Sleepers wake in the order of their times (those of one time in the order in which they
   * fell asleep), each at its own time, and what that sets off runs before the next one wakes.
   */
  async advance(durationMs: number): Promise<void> {
    const untilMs = this.#nowMs + durationMs;
    await settled();
    for (let next = this.#next(); next !== undefined && next.wakeMs <= untilMs; next = this.#next()) {
      this.#nowMs = Math.max(this.#nowMs, next.wakeMs);
      this.#sleepers.delete(next);
      next.wake();
      await settled();
    }
    this.#nowMs = untilMs;
  }

  /** As when somebody sets the machine's clock: nobody wakes by it, and sleepers keep what they had left. */
  jump(byMs: number): void {
    this.#nowMs += byMs;
    for (const sleeper of this.#sleepers) sleeper.wakeMs += byMs;
  }

  #next(): Sleeper | undefined {
    let next: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      if (next === undefined || sleeper.wakeMs < next.wakeMs) next = sleeper;
    }
    return next;
  }
}

/** Resolves when every promise that can settle without time or I/O has done so. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
