const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What falls off by then is falling off already: to hurry would save nothing of it. */
const TOO_LATE_MS = 5 * MINUTE_MS;

/** Enough to try again when the exchange is down at the wrong moment. */
const MOST_MARGIN_MS = 12 * HOUR_MS;

/** In how long a sync is due that reads what falls off in `lossInMs`, with time to try again; undefined: none is. */
export function dueBeforeLossMs(lossInMs: number): number | undefined {
  return lossInMs <= TOO_LATE_MS ? undefined : lossInMs - Math.min(MOST_MARGIN_MS, lossInMs / 4);
}
