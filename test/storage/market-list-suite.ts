import { expect } from 'chai';
import { MarketListRepository, type StoredMarketList } from '#src/storage/market-list-repository.js';
import type { TestDatabase } from '../support/postgres.js';

const KEY = { exchange: 'bybit', environment: 'mainnet', ccxtVersion: '4.5.84' } as const;
const T1 = Date.UTC(2026, 0, 1, 10);

function list(fetchedAtMs: number, symbol = 'BTC/USDT'): StoredMarketList {
  return {
    markets: [{ symbol, precision: { price: '0.01' } }],
    currencies: { BTC: { id: 'BTC' } },
    fetchedAtMs,
  };
}

export function describeMarketLists(test: TestDatabase): void {
  describe('market lists', () => {
    const repository = () => new MarketListRepository({ schema: test.schema });
    const load = (key: Parameters<MarketListRepository['load']>[1] = KEY) =>
      repository().load(test.database, key);
    const save = (stored: StoredMarketList, key: Parameters<MarketListRepository['save']>[1] = KEY) =>
      repository().save(test.database, key, stored);

    it('come back as they were', async () => {
      expect(await load()).to.equal(undefined);
      await save(list(T1));
      expect(await load()).to.deep.equal(list(T1));
    });

    it('of testnet, or of another ccxt, are others', async () => {
      await save(list(T1));
      expect(await load({ ...KEY, environment: 'testnet' })).to.equal(undefined);
      expect(await load({ ...KEY, ccxtVersion: '4.5.85' })).to.equal(undefined);
    });

    it('are replaced by newer ones only', async () => {
      await save(list(T1));
      await save(list(T1 - 1, 'OLD/USDT'));
      expect(await load()).to.deep.equal(list(T1));
      await save(list(T1 + 1, 'NEW/USDT'));
      expect(await load()).to.deep.equal(list(T1 + 1, 'NEW/USDT'));
    });
  });
}
