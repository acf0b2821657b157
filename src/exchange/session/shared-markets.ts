import type { Clock } from '../../domain/clock.js';
import type { Logger } from '../../logging/logger.js';
import type { RawExchange } from '../ccxt/raw-exchange.js';
import type { ReadContext } from '../exchange-client.js';
import type { ExchangeSession } from '../exchange-session.js';
import { SharedTask } from './shared-task.js';
import type { StoredMarkets } from './stored-markets.js';

const REFRESH_EVERY_MS = 24 * 3_600_000;
/** After a refresh that failed. */
const REFRESH_AGAIN_MS = 600_000;
/** For unknown symbols: some rows are of markets that the exchange never lists. */
const FOR_SYMBOLS_EVERY_MS = 60_000;

export interface SharedMarketsOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** A client without a key: with one, ccxt asks signed questions before it loads markets. */
  readonly exchange: RawExchange;
  readonly session: ExchangeSession;
  /** Absent: they are asked of the exchange after each start. */
  readonly stored?: StoredMarkets | undefined;
}

/** The markets of an exchange, loaded once by one client and shared with all others (up to 60 MB each saved). */
export class SharedMarkets {
  readonly #options: SharedMarketsOptions;
  readonly #sharedWith = new WeakMap<RawExchange, number>();
  #version = 0;
  #attemptedAtMs = Number.NEGATIVE_INFINITY;
  #refreshAtMs = Number.NEGATIVE_INFINITY;
  readonly #loading = new SharedTask((context) => this.#load(context));

  constructor(options: SharedMarketsOptions) {
    this.#options = options;
  }

  /** Loads them if there are none. Old ones are refreshed, and kept where that fails. */
  async ensure(context: ReadContext): Promise<void> {
    if (this.#version === 0) return await this.#loading.run(context);
    if (this.#options.clock.now() >= this.#refreshAtMs) await this.#refresh(context);
  }

  /** A symbol is unknown: it may be of a market that is younger than the list. */
  async refreshForUnknownSymbol(context: ReadContext): Promise<void> {
    if (this.#options.clock.now() - this.#attemptedAtMs >= FOR_SYMBOLS_EVERY_MS) await this.#refresh(context);
  }

  shareWith(exchange: RawExchange): void {
    if (exchange === this.#options.exchange || this.#sharedWith.get(exchange) === this.#version) return;
    exchange.setMarketsFromExchange(this.#options.exchange);
    this.#sharedWith.set(exchange, this.#version);
  }

  async #refresh(context: ReadContext): Promise<void> {
    try {
      await this.#loading.run(context);
    } catch (error: unknown) {
      if (context.signal.aborted) throw error;
      this.#refreshAtMs = this.#options.clock.now() + REFRESH_AGAIN_MS;
      this.#options.logger.warning('Markets could not be refreshed; the ones known are used', {
        exchange: this.#options.exchange.id,
        error,
      });
    }
  }

  async #load(context: ReadContext): Promise<void> {
    const { session, exchange, clock, stored } = this.#options;
    const isFirst = this.#version === 0;
    const fetchedAtMs = isFirst ? await stored?.restore(exchange, clock.now() - REFRESH_EVERY_MS) : undefined;
    if (fetchedAtMs !== undefined) return this.#loaded(fetchedAtMs);
    this.#attemptedAtMs = clock.now();
    await session.call({ context, scope: 'markets', method: 'loadMarkets' }, () =>
      exchange.loadMarkets(!isFirst),
    );
    this.#loaded(clock.now());
    await stored?.save(exchange, clock.now());
  }

  #loaded(fetchedAtMs: number): void {
    this.#version += 1;
    this.#refreshAtMs = fetchedAtMs + REFRESH_EVERY_MS;
  }
}
