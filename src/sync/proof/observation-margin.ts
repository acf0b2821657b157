import type { BalanceObservation } from '../../storage/observation-repository.js';

/** How far off the exchange's clock may be as we know it, and its own clocks from each other. */
const CLOCK_ERROR_MS = 1000;

/** What flowed before is in the observation. */
export function beforeRequest({ observedFromMs }: BalanceObservation): number {
  return observedFromMs - CLOCK_ERROR_MS;
}

/** What flows from then on is not. */
export function afterAnswer({ observedToMs }: BalanceObservation): number {
  return observedToMs + CLOCK_ERROR_MS;
}
