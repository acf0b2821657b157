import { type Clock, systemClock } from '#src/domain/clock.js';

const DAY_MS = 24 * 60 * 60_000;

/** Time that passes so many times as fast as it does, and of which some can be left out. */
export interface SkippingClock extends Clock {
  skip(durationMs: number): void;
}

/** It begins two days in the past, so that it is behind the database's clock for as long as a test lasts. */
export function skippingClock(times: number): SkippingClock {
  const startMs = Date.now();
  let skippedMs = 0;
  return {
    now: () => Math.floor(startMs - 2 * DAY_MS + skippedMs + (Date.now() - startMs) * times),
    sleep: (durationMs, signal) => systemClock.sleep(durationMs / times, signal),
    skip: (durationMs) => {
      skippedMs += durationMs;
    },
  };
}
