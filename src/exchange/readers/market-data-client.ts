import type { PriceRecord } from '../../domain/records.js';
import type { ScopeId, ScopeRead } from '../../domain/scope-read.js';
import type { HourPricesRead, MarketDataClient, ReadContext } from '../exchange-client.js';
import { type PricedPair, readHourPrices } from './read-hour-prices.js';
import { readPrices } from './read-prices.js';
import type { ReaderOptions } from './reader-options.js';
import { scopeOf } from './scope-of.js';

export function createMarketDataClient(options: ReaderOptions): MarketDataClient {
  return new MarketDataReader(options);
}

class MarketDataReader implements MarketDataClient {
  readonly exchange: string;
  readonly #options: ReaderOptions;

  constructor(options: ReaderOptions) {
    this.exchange = options.session.exchange;
    this.#options = options;
  }

  priceScopes(): readonly ScopeId[] {
    return this.#options.profile.prices.map(({ id }) => id);
  }

  async readPrices(scope: ScopeId, context: ReadContext): Promise<ScopeRead<PriceRecord>> {
    return readPrices(this.#options, scopeOf(this.#options.profile.prices, scope), context);
  }

  async readHourPrices(market: PricedPair, fromMs: number, context: ReadContext): Promise<HourPricesRead> {
    return readHourPrices(this.#options, market, fromMs, context);
  }
}
