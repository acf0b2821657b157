import type { DecimalString } from '../domain/decimal-string.js';
import type { PortfolioItemRecord } from '../domain/records.js';
import { multiply, sum } from './decimal.js';
import type { PriceGraph } from './price-graph.js';

/** What one wallet of an account holds of one currency. */
export interface WalletBalance {
  readonly wallet: string;
  readonly currency: string;
  /** Negative for debt. */
  readonly total: DecimalString;
  /** When the last complete read of the wallet's scope began. */
  readonly completeAtMs: number;
}

const NO_FILLS = 'Fills are not mirrored yet, so what this quantity cost is unknown.';

/**
 * What an account holds of each asset over all its wallets, and what that is worth: one item per currency
 * that a balance names, those of quantity 0 included, ordered by asset. Without a price there is no value.
 */
export function valuePortfolio(
  balances: Iterable<WalletBalance>,
  prices: PriceGraph,
): readonly PortfolioItemRecord[] {
  const byAsset = new Map<string, WalletBalance[]>();
  for (const balance of balances) {
    const wallets = byAsset.get(balance.currency);
    if (wallets === undefined) byAsset.set(balance.currency, [balance]);
    else wallets.push(balance);
  }
  return [...byAsset]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([asset, wallets]) => valueAsset(asset, wallets, prices));
}

function valueAsset(
  asset: string,
  wallets: readonly WalletBalance[],
  prices: PriceGraph,
): PortfolioItemRecord {
  const quantity = sum(wallets.map(({ total }) => total));
  const found = prices.priceOf(asset);
  const observed = wallets.map(({ completeAtMs }) => completeAtMs);
  return {
    asset,
    quantity,
    price: found?.price,
    priceSource: found?.priceSource,
    pricedAtMs: found?.pricedAtMs,
    value: found === undefined ? undefined : multiply(quantity, found.price),
    quoteCurrency: prices.quoteCurrency,
    avgEntryPrice: undefined,
    basisNote: NO_FILLS,
    observedFromMs: Math.min(...observed),
    observedToMs: Math.max(...observed),
  };
}
