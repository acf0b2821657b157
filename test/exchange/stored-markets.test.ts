import { expect } from 'chai';
import { type Clock, systemClock } from '#src/domain/clock.js';
import { ExchangeManager } from '#src/exchange/exchange-manager.js';
import { exchangeReaders } from '#src/exchange/exchange-readers.js';
import type { MarketList, MarketListKey, MarketStore } from '#src/exchange/market-store.js';
import { type Simulator, startSimulator } from '#src/simulator/simulator.js';
import { silentLogger } from '../support/silent-logger.js';
import { readContext } from './support/managed.js';

const DAY_MS = 24 * 60 * 60_000;

/** Keeps lists as JSON, as a database does. */
class MemoryMarketStore implements MarketStore {
  readonly saved = new Map<string, string>();

  async load(key: MarketListKey): Promise<MarketList | undefined> {
    const text = this.saved.get(JSON.stringify(key));
    return text === undefined ? undefined : JSON.parse(text);
  }

  async save(key: MarketListKey, list: MarketList): Promise<void> {
    this.saved.set(JSON.stringify(key), JSON.stringify(list));
  }
}

describe('stored markets', () => {
  let simulator: Simulator;
  let store: MemoryMarketStore;
  let managers: ExchangeManager[];

  beforeEach(async () => {
    simulator = await startSimulator();
    store = new MemoryMarketStore();
    managers = [];
  });

  afterEach(async () => {
    for (const manager of managers) await manager.close();
    await simulator.stop();
  });

  /** A process that starts anew and reads positions and prices; what it read and what it asked. */
  async function start(
    exchange: string,
    marketStore: MarketStore | undefined = store,
    clock: Clock = systemClock,
  ) {
    simulator.requests.reset();
    const manager = new ExchangeManager({
      settings: [
        {
          id: exchange,
          connection: { testnet: false, proxyUrl: simulator.proxyUrl(exchange) },
          accountConnections: {},
        },
      ],
      credentials: {
        resolve: async ({ account }) => {
          const known = simulator.accounts.find(
            (one) => one.exchange === exchange && one.account === account,
          );
          return known && { credentials: known.credentials, source: 'simulator' };
        },
      },
      readers: exchangeReaders,
      marketStore,
      clock,
      logger: silentLogger,
      emit: () => undefined,
    });
    managers.push(manager);
    const context = readContext();
    const account = await manager.account({ exchange, account: 'main' }, context);
    const market = await manager.marketData(exchange, context);
    const records = [];
    for (const scope of account.positionScopes()) {
      records.push((await account.readPositions(scope, context)).records);
    }
    for (const { id } of account.orderScopes()) {
      records.push((await account.readOpenOrders(id, context)).records);
    }
    for (const scope of market.priceScopes()) records.push((await market.readPrices(scope, context)).records);
    const lists = simulator.requests
      .counts()
      .filter(({ path }) => /exchangeInfo|instruments-info/.test(path));
    return { records, listsAsked: lists.reduce((sum, { count }) => sum + count, 0) };
  }

  for (const exchange of ['bybit', 'binance']) {
    it(`of ${exchange} give the same rows as those of the exchange, without asking it`, async () => {
      const first = await start(exchange);
      const second = await start(exchange);
      expect(first.listsAsked).to.be.greaterThan(0);
      expect(second.listsAsked).to.equal(0);
      expect(first.records.flat()).to.not.have.length(0);
      expect(second.records).to.deep.equal(first.records);
    });
  }

  it('are asked for again when they are a day old', async () => {
    const { listsAsked } = await start('binance');
    const [[key = '', text = ''] = []] = store.saved;
    const list = JSON.parse(text);
    store.saved.set(key, JSON.stringify({ ...list, fetchedAtMs: list.fetchedAtMs - DAY_MS - 1 }));
    expect((await start('binance')).listsAsked).to.equal(listsAsked);
  });

  it('are asked for again when another version of ccxt parsed them', async () => {
    const { listsAsked } = await start('binance');
    const [[key = '', text = ''] = []] = store.saved;
    store.saved.clear();
    store.saved.set(JSON.stringify({ ...JSON.parse(key), ccxtVersion: '1.0.0' }), text);
    expect((await start('binance')).listsAsked).to.equal(listsAsked);
  });

  it('are asked for when they cannot be read back or stored', async () => {
    const broken: MarketStore = {
      load: () => Promise.reject(new Error('no such table')),
      save: () => Promise.reject(new Error('disk full')),
    };
    expect((await start('binance', broken)).listsAsked).to.be.greaterThan(0);
  });
});
