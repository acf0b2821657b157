const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What falls off in no time and can't be read is not asked for without a pause. */
const LEAST_MS = 5 * MINUTE_MS;

/** Enough to try again when the exchange is down at the wrong moment. */
const MOST_MARGIN_MS = 12 * HOUR_MS;

/** In how long a sync is due that reads what falls off in `lossInMs`, with time to try again. */
export function dueBeforeLossMs(lossInMs: number): number {
  return Math.max(LEAST_MS, lossInMs - Math.min(MOST_MARGIN_MS, lossInMs / 4));
}
