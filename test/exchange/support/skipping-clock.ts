import { type Clock, systemClock } from '#src/domain/clock.js';

/** The deadline of one request, which never comes; waits for the limiter may be longer. */
const REQUEST_DEADLINE_MS = 30_000;
const LONGEST_WAIT_MS = 60_000;

/** Waits for the limiter are over at once and time goes by as much; deadlines never come. */
export class SkippingClock implements Clock {
  #nowMs: number;

  constructor(nowMs = 1_780_000_000_000) {
    this.#nowMs = nowMs;
  }

  now(): number {
    return this.#nowMs;
  }

  async sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    if (durationMs === REQUEST_DEADLINE_MS || durationMs > LONGEST_WAIT_MS) {
      return systemClock.sleep(durationMs, signal);
    }
    this.#nowMs += durationMs;
  }
}
