import type { CostBasisMethod } from '../domain/cost-basis-method.js';
import type { DecimalString } from '../domain/decimal-string.js';
import type { PortfolioItemRecord } from '../domain/records.js';
import type { HoldingState } from './cost-basis-state.js';
import { type CostBasis, costBasisOf } from './cost-basis-view.js';
import { isZero, multiply, sum } from './decimal.js';
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

/** What an account's history says of what it holds. */
export interface HeldHistory {
  /** By asset. */
  readonly holdings: Readonly<Record<string, HoldingState>>;
  readonly method: CostBasisMethod;
  /** Of which moment. */
  readonly atMs: number;
  /** Whether every wallet is known, so that what no balance names is not held. */
  readonly isAll: boolean;
}

const NO_FILLS = 'Fills are not mirrored yet, so what this quantity cost is unknown.';

/**
 * What an account holds of each asset over all its wallets, what that is worth, and what it has cost: one item per
 * currency that a balance names, those of quantity 0 included, ordered by asset, and per currency that was sold
 * with a profit or loss. Without a price there is no value, without a history no cost.
 */
export function valuePortfolio(
  balances: Iterable<WalletBalance>,
  prices: PriceGraph,
  history?: HeldHistory,
): readonly PortfolioItemRecord[] {
  const byAsset = new Map<string, WalletBalance[]>();
  for (const balance of balances) {
    const wallets = byAsset.get(balance.currency);
    if (wallets === undefined) byAsset.set(balance.currency, [balance]);
    else wallets.push(balance);
  }
  const observed = [...byAsset.values()].flat().map(({ completeAtMs }) => completeAtMs);
  for (const asset of soldAssets(history)) {
    if (byAsset.has(asset) || observed.length === 0) continue;
    const nothing = { wallet: '', currency: asset, total: '0' };
    byAsset.set(
      asset,
      [Math.min(...observed), Math.max(...observed)].map((completeAtMs) => ({ ...nothing, completeAtMs })),
    );
  }
  return [...byAsset]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([asset, wallets]) => valueAsset(asset, wallets, prices, history));
}

/** Exchanges leave out what is not held any more, but what it brought is to be seen. */
function soldAssets(history: HeldHistory | undefined): readonly string[] {
  if (history?.isAll !== true) return [];
  return Object.entries(history.holdings)
    .filter(([, { realized, unknownResult }]) => !isZero(realized) || !isZero(unknownResult))
    .map(([asset]) => asset);
}

function valueAsset(
  asset: string,
  wallets: readonly WalletBalance[],
  prices: PriceGraph,
  history: HeldHistory | undefined,
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
    ...basisOf(asset, quantity, prices.quoteCurrency, history),
    observedFromMs: Math.min(...observed),
    observedToMs: Math.max(...observed),
  };
}

function basisOf(
  asset: string,
  quantity: DecimalString,
  quoteCurrency: string,
  history: HeldHistory | undefined,
) {
  const basis: Partial<CostBasis> | undefined =
    history &&
    costBasisOf(history.holdings[asset], {
      ...{ quantity, atMs: history.atMs, method: history.method },
      isQuoteCurrency: asset === quoteCurrency,
    });
  return {
    avgEntryPrice: basis?.avgEntryPrice,
    basisKnownQuantity: basis?.knownQuantity,
    basisUnknownQuantity: basis?.unknownQuantity,
    basisNote: basis === undefined ? NO_FILLS : basis.note,
    realizedPnl: basis?.realizedPnl,
  };
}
