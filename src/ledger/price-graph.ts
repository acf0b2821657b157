import { type DecimalString, isDecimalString } from '../domain/decimal-string.js';
import type { PriceSource } from '../domain/records.js';
import { compare, divide, multiply } from './decimal.js';

/** The price of one unit of `base` in `quote`, on one spot market. */
export interface PriceEdge {
  readonly base: string;
  readonly quote: string;
  readonly price: DecimalString;
  readonly source: PriceSource;
  readonly pricedAtMs: number | undefined;
  /** The market's last complete read had no price; this is the one before. */
  readonly stale: boolean;
}

export interface AssetPrice {
  /** Of one unit, in the quote currency. Exact, or to 34 significant digits where a market was inverted. */
  readonly price: DecimalString;
  /** For people: `BTC/USDT last`, `XYZ/BTC mid x BTC/USDT last`, `1/(USDT/TRY last)`, `quote currency`. */
  readonly priceSource: string;
  /** The oldest of the edges' times; undefined when one is unknown, or there is no edge. */
  readonly pricedAtMs: number | undefined;
  /** Whether one of the edges is. */
  readonly stale: boolean;
  /** From the asset to the quote currency. */
  readonly edges: readonly PriceEdge[];
}

/** More markets in a row say little about what somebody would pay. */
const MAX_HOPS = 4;

/** Intermediates in the order in which they are preferred; any other comes after them, alphabetically. */
const LIQUID_CURRENCIES: readonly string[] = ['USDT', 'USDC', 'USD', 'BTC', 'ETH', 'EUR'];

/** One step towards the quote currency. */
interface Hop {
  readonly to: string;
  readonly edge: PriceEdge;
  /** The edge is a market of `to` in the asset, so that its price divides. */
  readonly inverted: boolean;
}

/**
 * Prices of assets in one quote currency through the spot markets of one exchange: over as few markets as
 * possible, then through the most liquid intermediates. Nothing is taken to be worth 1 but the quote
 * currency in itself: a stablecoin has the price of its market. Stale edges count only where no path of
 * fresh ones exists.
 */
export class PriceGraph {
  readonly quoteCurrency: string;
  /** Each asset's next hop on its best path. */
  readonly #freshHops: ReadonlyMap<string, Hop>;
  readonly #anyHops: ReadonlyMap<string, Hop>;

  /** Edges that cannot be a price (not a decimal, zero, negative, a currency in itself) are left out. */
  constructor(quoteCurrency: string, edges: Iterable<PriceEdge>) {
    this.quoteCurrency = quoteCurrency;
    const usable = [...edges].filter(isPrice);
    this.#freshHops = hopsTowards(
      quoteCurrency,
      usable.filter(({ stale }) => !stale),
    );
    this.#anyHops = hopsTowards(quoteCurrency, usable);
  }

  /** Undefined when no path of at most four markets leads to the quote currency. */
  priceOf(asset: string): AssetPrice | undefined {
    if (asset === this.quoteCurrency) {
      return { price: '1', priceSource: 'quote currency', pricedAtMs: undefined, stale: false, edges: [] };
    }
    const hops = this.#freshHops.has(asset) ? this.#freshHops : this.#anyHops;
    const path: Hop[] = [];
    for (let hop = hops.get(asset); hop !== undefined; hop = hops.get(hop.to)) path.push(hop);
    return path.length === 0 ? undefined : priceAlong(path);
  }
}

/** Breadth first from the quote currency, so that each asset's hop leads to one that is nearer to it. */
function hopsTowards(quoteCurrency: string, edges: readonly PriceEdge[]): ReadonlyMap<string, Hop> {
  const hopsInto = groupByTarget(edges);
  const best = new Map<string, Hop>();
  let frontier = [quoteCurrency];
  for (let hops = 1; hops <= MAX_HOPS && frontier.length > 0; hops += 1) {
    // Each asset is reached first from its preferred neighbour, and keeps that one.
    const reached: string[] = [];
    for (const nearer of frontier.sort(byLiquidity)) {
      for (const [asset, hop] of hopsInto.get(nearer) ?? []) {
        if (asset === quoteCurrency || best.has(asset)) continue;
        best.set(asset, hop);
        reached.push(asset);
      }
    }
    frontier = reached;
  }
  return best;
}

/** For each currency, the best hop into it from each of its neighbours. */
function groupByTarget(edges: readonly PriceEdge[]): ReadonlyMap<string, ReadonlyMap<string, Hop>> {
  const hopsInto = new Map<string, Map<string, Hop>>();
  const offer = (from: string, hop: Hop) => {
    const hops = hopsInto.get(hop.to) ?? new Map<string, Hop>();
    hopsInto.set(hop.to, hops);
    const known = hops.get(from);
    if (known === undefined || byTrust(hop, known) < 0) hops.set(from, hop);
  };
  for (const edge of edges) {
    offer(edge.base, { to: edge.quote, edge, inverted: false });
    offer(edge.quote, { to: edge.base, edge, inverted: true });
  }
  return hopsInto;
}

/** Of several edges between the same two: fresh before stale, direct before inverse, then the newest. */
function byTrust(left: Hop, right: Hop): number {
  return (
    Number(left.edge.stale) - Number(right.edge.stale) ||
    Number(left.inverted) - Number(right.inverted) ||
    (right.edge.pricedAtMs ?? 0) - (left.edge.pricedAtMs ?? 0) ||
    compare(left.edge.price, right.edge.price)
  );
}

function byLiquidity(left: string, right: string): number {
  return liquidityRank(left) - liquidityRank(right) || (left < right ? -1 : 1);
}

function liquidityRank(currency: string): number {
  const index = LIQUID_CURRENCIES.indexOf(currency);
  return index === -1 ? LIQUID_CURRENCIES.length : index;
}

function isPrice({ base, quote, price }: PriceEdge): boolean {
  return base !== quote && isDecimalString(price) && compare(price, '0') > 0;
}

function priceAlong(path: readonly Hop[]): AssetPrice {
  const product = (hops: readonly Hop[]) => hops.reduce((price, hop) => multiply(price, hop.edge.price), '1');
  const numerator = product(path.filter(({ inverted }) => !inverted));
  const inverted = path.filter((hop) => hop.inverted);
  return {
    // One division over the whole path, so that it is rounded once at most.
    price: inverted.length === 0 ? numerator : divide(numerator, product(inverted)),
    priceSource: path.map(describe).join(' x '),
    pricedAtMs: oldest(path.map(({ edge }) => edge.pricedAtMs)),
    stale: path.some(({ edge }) => edge.stale),
    edges: path.map(({ edge }) => edge),
  };
}

function describe({ edge, inverted }: Hop): string {
  const market = `${edge.base}/${edge.quote} ${edge.source}${edge.stale ? ' (stale)' : ''}`;
  return inverted ? `1/(${market})` : market;
}

function oldest(times: readonly (number | undefined)[]): number | undefined {
  return times.reduce((left, right) =>
    left === undefined || right === undefined ? undefined : Math.min(left, right),
  );
}
