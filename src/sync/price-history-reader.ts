import type { ExchangeClients, ReadContext } from '../exchange/exchange-client.js';
import type { HoursOfMarket } from '../storage/cost-basis-repository.js';
import type { HourPrice, PriceHistoryRepository } from '../storage/price-history-repository.js';
import type { SyncRun } from './data-sync.js';
import { reportedError } from './read-scope.js';
import { HOUR_MS, hourOf } from './wanted-prices.js';

/** Requests of one run: the past can wait for the next ones. */
const READS_PER_RUN = 10;

export interface PriceHistoryReaderOptions {
  readonly clients: Pick<ExchangeClients, 'marketData'>;
  readonly priceHistory: Pick<PriceHistoryRepository, 'add'>;
  readonly now: () => number;
}

/** Reads past prices that are wanted, page by page, each once for ever. */
export class PriceHistoryReader {
  readonly #options: PriceHistoryReaderOptions;

  constructor(options: PriceHistoryReaderOptions) {
    this.#options = options;
  }

  /** Gives how many pages were stored. A read that fails is tried again by the next run. */
  async read(wanted: readonly HoursOfMarket[], run: SyncRun): Promise<number> {
    const failed = new Set<string>();
    let stored = 0;
    for (const one of wanted.slice(0, READS_PER_RUN)) {
      if (failed.has(one.exchange)) continue;
      try {
        const prices = await this.#page(one, run.context);
        if (prices.length === 0) continue;
        await run.commit((transaction) =>
          this.#options.priceHistory.add(transaction, one.exchange, one, prices),
        );
        stored += 1;
      } catch (error) {
        run.context.signal.throwIfAborted();
        failed.add(one.exchange);
        const { code, message } = reportedError(error);
        run.logger.warning('Past prices could not be read', { ...one, code, message });
      }
    }
    return stored;
  }

  /** Every hour that has ended: one that the exchange says nothing of has no price. */
  async #page(wanted: HoursOfMarket, context: ReadContext): Promise<readonly HourPrice[]> {
    const { clients, now } = this.#options;
    const client = await clients.marketData(wanted.exchange, context);
    const { prices, hours } = await client.readHourPrices(wanted, wanted.fromMs, context);
    const opened = new Map(prices.map(({ hourMs, price }) => [hourMs, price]));
    const toMs = Math.min(wanted.fromMs + hours * HOUR_MS, hourOf(now()));
    const page: HourPrice[] = [];
    for (let hourMs = wanted.fromMs; hourMs < toMs; hourMs += HOUR_MS) {
      page.push({ hourMs, price: opened.get(hourMs) });
    }
    return page;
  }
}
