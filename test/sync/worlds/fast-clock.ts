import { type Clock, systemClock } from '#src/domain/clock.js';

const HOUR_MS = 60 * 60_000;

/**
 * Time that passes so many times as fast as it does, for retries and deadlines that are waited for. It begins
 * in the past, so that it is behind the database's clock for as long as a test lasts.
 */
export function fastClock(times: number): Clock {
  const startMs = Date.now();
  return {
    now: () => Math.floor(startMs - HOUR_MS + (Date.now() - startMs) * times),
    sleep: (durationMs, signal) => systemClock.sleep(durationMs / times, signal),
  };
}
