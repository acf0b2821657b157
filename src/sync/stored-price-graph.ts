import { PriceGraph } from '../ledger/price-graph.js';
import type { StoredPrice } from '../storage/price-repository.js';

/** The prices that an exchange's lists had last. */
export function storedPriceGraph(quoteCurrency: string, stored: readonly StoredPrice[]): PriceGraph {
  const edges = stored.map(({ base, quote, price, source, timestampMs, observedAtMs, observedUntilMs }) => ({
    ...{ base, quote, price, source },
    // Where the exchange gave no time, the price is as old as the last list that had it.
    pricedAtMs: timestampMs ?? observedAtMs,
    stale: observedUntilMs !== undefined,
  }));
  return new PriceGraph(quoteCurrency, edges);
}
