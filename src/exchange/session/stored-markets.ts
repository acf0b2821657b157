import type { Logger } from '../../logging/logger.js';
import type { RawExchange } from '../ccxt/raw-exchange.js';
import type { MarketListKey, MarketStore } from '../market-store.js';

export interface StoredMarketsOptions {
  readonly store: MarketStore;
  readonly key: MarketListKey;
  readonly logger: Logger;
}

/**
 * The market list of one exchange where it outlives the process. Without it every start asks for up to a dozen
 * lists. What cannot be stored or read back is asked of the exchange: nothing fails because of it.
 */
export class StoredMarkets {
  readonly #options: StoredMarketsOptions;

  constructor(options: StoredMarketsOptions) {
    this.#options = options;
  }

  /** Gives the exchange its markets, if they are known and no older than that; says when they were fetched. */
  async restore(exchange: RawExchange, notBeforeMs: number): Promise<number | undefined> {
    const { store, key, logger } = this.#options;
    try {
      const list = await store.load(key);
      if (list === undefined || list.fetchedAtMs < notBeforeMs) return undefined;
      exchange.setMarkets(list.markets, list.currencies);
      return list.fetchedAtMs;
    } catch (error) {
      logger.warning('Stored markets could not be used; they are asked of the exchange', { ...key, error });
      return undefined;
    }
  }

  async save(exchange: RawExchange, fetchedAtMs: number): Promise<void> {
    const { store, key, logger } = this.#options;
    try {
      const { markets, currencies } = exchange;
      await store.save(key, { markets: Object.values(markets), currencies, fetchedAtMs });
    } catch (error) {
      logger.warning('Markets could not be stored; the next start asks for them again', { ...key, error });
    }
  }
}
