import type { Clock } from '#src/domain/clock.js';

interface Sleeper {
  readonly wakeAtMs: number;
  readonly wake: () => void;
}

/** Time that passes only when a test says so. */
export class ManualClock implements Clock {
  #nowMs = 0;
  #sleepers: Sleeper[] = [];

  now(): number {
    return this.#nowMs;
  }

  sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => reject(signal?.reason);
      const wake = () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      };
      this.#sleepers.push({ wakeAtMs: this.#nowMs + durationMs, wake });
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** Lets the time pass, then everything run that it woke. */
  async advance(durationMs: number): Promise<void> {
    this.#nowMs += durationMs;
    const due = this.#sleepers.filter(({ wakeAtMs }) => wakeAtMs <= this.#nowMs);
    this.#sleepers = this.#sleepers.filter((sleeper) => !due.includes(sleeper));
    for (const { wake } of due) wake();
    await new Promise((resolve) => setImmediate(resolve));
  }
}
