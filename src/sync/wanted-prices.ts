import type { HoursOfMarket } from '../storage/cost-basis-repository.js';
import type { Pair } from '../storage/price-history-repository.js';

export const HOUR_MS = 3_600_000;

/** How many hours are asked for at once. */
export const HOURS_PER_READ = 1000;

/** Collects the hours of which prices are missing, as the fewest reads that have them all. */
export class WantedPriceList {
  readonly #reads: HoursOfMarket[] = [];
  /** By market, up to where its last read goes. */
  readonly #wantedTo = new Map<string, number>();

  constructor(known: readonly HoursOfMarket[] = []) {
    for (const { exchange, fromMs, ...market } of known) this.add(exchange, market, fromMs);
  }

  /** Hours of one market have to be named in the order of time. */
  add(exchange: string, { base, quote }: Pair, hourMs: number): void {
    const key = JSON.stringify([exchange, base, quote]);
    if (hourMs < (this.#wantedTo.get(key) ?? Number.NEGATIVE_INFINITY)) return;
    this.#wantedTo.set(key, hourMs + HOURS_PER_READ * HOUR_MS);
    this.#reads.push({ exchange, base, quote, fromMs: hourMs });
  }

  list(): readonly HoursOfMarket[] {
    return this.#reads;
  }
}

export function hourOf(atMs: number): number {
  return Math.floor(atMs / HOUR_MS) * HOUR_MS;
}
