import { createHash } from 'node:crypto';
import type { ConnectionSettings } from '../../config/settings.js';
import type { Clock } from '../../domain/clock.js';
import type { Logger } from '../../logging/logger.js';
import { Dispatchers } from '../ccxt/dispatchers.js';
import { loadExchangeClass } from '../ccxt/exchange-class.js';
import type { RawExchangeClass } from '../ccxt/raw-exchange.js';
import type { CcxtExchange } from '../exchange-session.js';
import type { EmitGuardEvent } from '../guard/emit.js';
import type { GuardState } from '../guard/guard-state.js';
import type { Suspensions } from '../guard/suspensions.js';
import { ccxtBudget } from '../limiter/ccxt-budget.js';
import type { MarketStore } from '../market-store.js';
import type { ExchangeProfile, RateBudget } from '../profiles/profile.js';
import { ExchangeGateway } from './exchange-gateway.js';
import { StoredMarkets } from './stored-markets.js';

export interface GatewayPoolOptions {
  /** `exchange` is a bare client, for its capabilities only. */
  readonly profileOf: (exchange: CcxtExchange) => ExchangeProfile;
  readonly state: GuardState;
  readonly suspensions: Suspensions;
  /** Aborted when the pool is to make and serve nothing more. */
  readonly closed: AbortSignal;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly emit: EmitGuardEvent;
  readonly random: () => number;
  readonly marketStore: MarketStore | undefined;
  readonly requestTimeoutMs: number;
  readonly callDeadlineMs: number;
}

/** What is known of an exchange before any request. */
interface ExchangeModel {
  readonly Class: RawExchangeClass;
  readonly profile: ExchangeProfile;
  readonly addressBudgets: readonly RateBudget[];
}

/** One gateway per exchange and connection, made when it is first asked for. */
export class GatewayPool {
  readonly #options: GatewayPoolOptions;
  readonly #dispatchers = new Dispatchers();
  readonly #models = new Map<string, Promise<ExchangeModel>>();
  readonly #gateways = new Map<string, ExchangeGateway>();

  constructor(options: GatewayPoolOptions) {
    this.#options = options;
  }

  /** `own`: the connection is one account's and not the exchange's. */
  async gateway(exchange: string, connection: ConnectionSettings, own: boolean): Promise<ExchangeGateway> {
    const model = await this.#model(exchange);
    const key = `${exchange} ${JSON.stringify(Object.entries(connection).sort())}`;
    let gateway = this.#gateways.get(key);
    if (gateway === undefined) {
      this.#options.closed.throwIfAborted();
      const name = own
        ? `${exchange}@${createHash('sha256').update(key).digest('hex').slice(0, 8)}`
        : exchange;
      gateway = new ExchangeGateway({
        ...this.#options,
        ...model,
        name,
        connection,
        dispatchers: this.#dispatchers,
        storedMarkets: this.#storedMarkets(exchange, model, connection),
      });
      this.#gateways.set(key, gateway);
    }
    return gateway;
  }

  async close(): Promise<void> {
    for (const gateway of this.#gateways.values()) gateway.close();
    await this.#dispatchers.close();
  }

  #storedMarkets(
    exchange: string,
    { Class: { ccxtVersion } }: ExchangeModel,
    { testnet }: ConnectionSettings,
  ): StoredMarkets | undefined {
    const { marketStore: store, logger } = this.#options;
    if (store === undefined) return undefined;
    const environment = testnet ? 'testnet' : 'mainnet';
    return new StoredMarkets({ store, logger, key: { exchange, environment, ccxtVersion } });
  }

  #model(exchange: string): Promise<ExchangeModel> {
    let model = this.#models.get(exchange);
    if (model === undefined) {
      model = this.#createModel(exchange);
      this.#models.set(exchange, model);
      model.catch(() => this.#models.delete(exchange));
    }
    return model;
  }

  async #createModel(exchange: string): Promise<ExchangeModel> {
    const Class = await loadExchangeClass(exchange);
    const bare = new Class({});
    const profile = this.#options.profileOf(bare);
    const published = profile.rateBudgets.filter(({ per }) => per === 'ip');
    return {
      Class,
      profile,
      addressBudgets: published.length > 0 ? published : [ccxtBudget(bare.rateLimit)],
    };
  }
}
