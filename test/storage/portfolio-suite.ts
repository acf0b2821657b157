import { expect } from 'chai';
import type { AccountRef } from '#src/domain/account.js';
import type { PortfolioItemRecord } from '#src/domain/records.js';
import { PortfolioRepository } from '#src/storage/portfolio-repository.js';
import type { TestDatabase } from '../support/postgres.js';
import { portfolioItem } from './records.js';

const MAIN: AccountRef = { exchange: 'bybit', account: 'main' };

export function describePortfolioItems(test: TestDatabase): void {
  describe('portfolio items', () => {
    const portfolio = () => new PortfolioRepository({ schema: test.schema });
    const apply = (...items: PortfolioItemRecord[]) =>
      test.database.transaction((tx) => portfolio().apply(tx, MAIN, items, { isAll: true }));
    const list = (filter = {}) => portfolio().list(test.database, filter);

    it('are given back as they were written, the most valuable first', async () => {
      const dust = portfolioItem({
        ...{ asset: 'XYZ', quantity: '-0.000000000000000001', price: undefined, priceSource: undefined },
        ...{ pricedAtMs: undefined, value: undefined },
      });
      expect(await apply(dust, portfolioItem())).to.equal(2);
      const [first, second] = await list();
      expect(first).to.deep.equal({
        ...{ ...MAIN, asset: 'BTC', quantity: '2', quoteCurrency: 'USDT' },
        ...{ currentPrice: '60000.5', priceSource: 'BTC/USDT last', pricedAt: '2026-01-01T10:00:00.000Z' },
        ...{ value: '120001', avgEntryPrice: null, basisNote: 'no history yet' },
        ...{ basisKnownQuantity: null, basisUnknownQuantity: null, unrealizedPnl: null, realizedPnl: null },
        ...{ observedFrom: '2026-01-01T09:00:00.000Z', observedTo: '2026-01-01T10:00:00.000Z' },
      });
      expect(second).to.include({ quantity: '-0.000000000000000001', currentPrice: null, value: null });
      expect(await apply(dust, portfolioItem())).to.equal(0);
    });

    it('keep a good price with its source and age, and are worth what is held at it', async () => {
      await apply(portfolioItem());
      const unpriced = { price: undefined, priceSource: undefined, pricedAtMs: undefined, value: undefined };
      expect(await apply(portfolioItem({ ...unpriced, quantity: '3' }))).to.equal(1);
      const kept = {
        currentPrice: '60000.5',
        priceSource: 'BTC/USDT last',
        pricedAt: '2026-01-01T10:00:00.000Z',
      };
      expect((await list())[0]).to.include({ ...kept, quantity: '3', value: '180001.5' });
      expect(await apply(portfolioItem({ ...unpriced, quantity: '3' }))).to.equal(0);
    });

    it('do not take a price of one quote currency for one of another', async () => {
      await apply(portfolioItem());
      await apply(
        portfolioItem({
          ...{ quoteCurrency: 'EUR', price: undefined, priceSource: undefined },
          ...{ pricedAtMs: undefined, value: undefined },
        }),
      );
      expect((await list())[0]).to.include({ quoteCurrency: 'EUR', currentPrice: null, value: null });
    });

    it('do not take the old time for that of a new price', async () => {
      await apply(portfolioItem());
      await apply(portfolioItem({ price: '61000', value: '122000', pricedAtMs: undefined }));
      expect((await list())[0]).to.include({ currentPrice: '61000', pricedAt: null });
    });

    it('become 0 when they are gone, and stay as rows', async () => {
      await apply(portfolioItem(), portfolioItem({ asset: 'ETH' }));
      expect(await apply(portfolioItem())).to.equal(1);
      expect(await apply(portfolioItem())).to.equal(0);
      expect((await list()).map(({ asset }) => asset)).to.deep.equal(['BTC']);
      const { rows } = await test.database.query(
        `SELECT asset, quantity, value FROM "${test.schema}".portfolio_items ORDER BY asset`,
      );
      expect(rows[1]).to.deep.equal({ asset: 'ETH', quantity: '0', value: '0' });
      expect(await apply()).to.equal(1);
      expect(await list()).to.deep.equal([]);
    });

    it('stay as they are where not all that is held is known', async () => {
      await apply(portfolioItem(), portfolioItem({ asset: 'ETH' }));
      await test.database.transaction((tx) =>
        portfolio().apply(tx, MAIN, [portfolioItem({ quantity: '3' })], { isAll: false }),
      );
      const held = (await list()).map(({ asset, quantity }) => [asset, quantity]);
      expect(held).to.have.deep.members([
        ['BTC', '3'],
        ['ETH', '2'],
      ]);
    });

    it('are filtered by exchange and account', async () => {
      await apply(portfolioItem());
      const other = { exchange: 'binance', account: 'sub1' };
      await test.database.transaction((tx) =>
        portfolio().apply(tx, other, [portfolioItem()], { isAll: true }),
      );
      expect(await list()).to.have.length(2);
      expect((await list({ exchange: 'binance' })).map(({ account }) => account)).to.deep.equal(['sub1']);
      expect(await list({ exchange: 'binance', account: 'main' })).to.deep.equal([]);
    });
  });
}
