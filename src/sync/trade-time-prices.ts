import type { PriceThen } from '../ledger/cost-basis.js';
import { type PriceEdge, PriceGraph } from '../ledger/price-graph.js';
import type { CheckpointContent, HoursOfMarket } from '../storage/cost-basis-repository.js';
import type { StoredHourPrice } from '../storage/price-history-repository.js';
import { HOUR_MS, hourOf, WantedPriceList } from './wanted-prices.js';

const DAY_MS = 24 * HOUR_MS;

/** So much of the past is held in memory at once. */
const WINDOW_MS = 30 * DAY_MS;

export interface TradeTimePricesOptions {
  readonly quoteCurrency: string;
  /** The exchange's markets of today: through which of them an asset is priced. */
  readonly markets: ReadonlyMap<string, PriceGraph>;
  /** What is stored of an exchange's past hours. */
  readonly load: (exchange: string, fromMs: number, toMs: number) => Promise<readonly StoredHourPrice[]>;
  /** The hour that has not ended has no price yet. */
  readonly nowMs: number;
}

/**
 * What assets were worth when something happened: the opening price of that hour at the markets through which
 * the exchange prices the asset today, or that of the last hour before, at most a day. So a price is never of a later
 * moment than the trade, and at most an hour older where the market was traded. What is not stored is noted as
 * wanted.
 */
export class TradeTimePrices {
  readonly #options: TradeTimePricesOptions;
  readonly #wanted: WantedPriceList;
  readonly #unpriced: Set<string>;
  #loadedFromMs = 0;
  #loadedToMs = 0;
  /** By exchange and market, the prices of hours. */
  #hours: ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<number, string | undefined>>> = new Map();
  #graphs = new Map<string, PriceGraph>();

  /** `before`: what was lacking up to the checkpoint from which it goes on. */
  constructor(options: TradeTimePricesOptions, before?: Pick<CheckpointContent, 'wanted' | 'unpriced'>) {
    this.#options = options;
    this.#wanted = new WantedPriceList(before?.wanted);
    this.#unpriced = new Set(before?.unpriced);
  }

  /** Makes the prices of that moment and some time after it ready. */
  async reach(atMs: number): Promise<void> {
    if (atMs >= this.#loadedFromMs && atMs < this.#loadedToMs) return;
    this.#loadedFromMs = hourOf(atMs);
    this.#loadedToMs = this.#loadedFromMs + WINDOW_MS;
    const hours = new Map<string, Map<string, Map<number, string | undefined>>>();
    for (const exchange of this.#options.markets.keys()) {
      const markets = new Map<string, Map<number, string | undefined>>();
      const rows = await this.#options.load(exchange, this.#loadedFromMs - DAY_MS, this.#loadedToMs);
      for (const { base, quote, hourMs, price } of rows) {
        const key = marketKey(base, quote);
        const market = markets.get(key) ?? new Map<number, string | undefined>();
        markets.set(key, market.set(hourMs, price));
      }
      hours.set(exchange, markets);
    }
    this.#hours = hours;
    this.#graphs = new Map();
  }

  /** Of a moment that was reached. */
  priceAt(exchange: string, asset: string, atMs: number): PriceThen {
    const { markets, quoteCurrency, nowMs } = this.#options;
    const path = markets.get(exchange)?.priceOf(asset)?.edges ?? [];
    if (path.length === 0) {
      this.#unpriced.add(`${exchange}/${asset}`);
      return {
        reason: `got at a price in ${asset}, which no market of ${exchange} gives in ${quoteCurrency}`,
      };
    }
    const hourMs = hourOf(atMs);
    const missing = path.filter(
      ({ base, quote }) => this.#hours.get(exchange)?.get(marketKey(base, quote))?.has(hourMs) !== true,
    );
    if (missing.length > 0) {
      const hasEnded = hourMs + HOUR_MS <= nowMs;
      if (hasEnded) for (const market of missing) this.#wanted.add(exchange, market, hourMs);
      return { reason: 'whose price at trade time is not read yet', notYet: true };
    }
    const found = this.#graphOf(exchange, hourMs).priceOf(asset);
    return found === undefined
      ? { reason: `got when ${exchange} had no price of ${asset}` }
      : { price: found.price };
  }

  wanted(): readonly HoursOfMarket[] {
    return this.#wanted.list();
  }

  /** Assets (`bybit/XYZ`) that were asked for and that no market of today prices. */
  unpriced(): readonly string[] {
    return [...this.#unpriced];
  }

  #graphOf(exchange: string, hourMs: number): PriceGraph {
    const key = `${exchange} ${hourMs}`;
    const known = this.#graphs.get(key);
    if (known !== undefined) return known;
    const edges: PriceEdge[] = [];
    for (const [market, prices] of this.#hours.get(exchange) ?? []) {
      const [base = '', quote = ''] = JSON.parse(market) as [string, string];
      const price = lastPrice(prices, hourMs);
      if (price === undefined) continue;
      edges.push({ base, quote, price, source: 'last', pricedAtMs: hourMs, stale: false });
    }
    const graph = new PriceGraph(this.#options.quoteCurrency, edges);
    this.#graphs.set(key, graph);
    return graph;
  }
}

function marketKey(base: string, quote: string): string {
  return JSON.stringify([base, quote]);
}

function lastPrice(prices: ReadonlyMap<number, string | undefined>, hourMs: number): string | undefined {
  for (let ageMs = 0; ageMs <= DAY_MS; ageMs += HOUR_MS) {
    const price = prices.get(hourMs - ageMs);
    if (price !== undefined) return price;
  }
  return undefined;
}
