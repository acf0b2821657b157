import { expect } from 'chai';
import { type AccountRef, WHOLE_EXCHANGE } from '#src/domain/account.js';
import type { SyncedDataType } from '#src/domain/data-type.js';
import type { PositionRecord } from '#src/domain/records.js';
import { AccountRepository } from '#src/storage/account-repository.js';
import { PortfolioRepository } from '#src/storage/portfolio-repository.js';
import { PositionRepository } from '#src/storage/position-repository.js';
import { PriceRepository } from '#src/storage/price-repository.js';
import { ScopeRepository } from '#src/storage/scope-repository.js';
import { SyncStatusRepository } from '#src/storage/sync-status-repository.js';
import type { TestDatabase } from '../support/postgres.js';
import { portfolioItem, position, price } from './records.js';

const MAIN: AccountRef = { exchange: 'bybit', account: 'main' };
const SUB: AccountRef = { exchange: 'bybit', account: 'sub1' };
const UNPRICED = { price: undefined, priceSource: undefined, pricedAtMs: undefined, value: undefined };
const MINUTE_MS = 60_000;

export function describePortfolioValue(test: TestDatabase): void {
  describe('portfolio value', () => {
    const options = () => ({ schema: test.schema });
    const portfolio = () => new PortfolioRepository(options());
    const values = (filter = {}) => portfolio().values(test.database, filter);
    const hold = (account: AccountRef, ...items: Parameters<typeof portfolioItem>[0][]) =>
      test.database.transaction((tx) =>
        portfolio().apply(tx, account, items.map(portfolioItem), { isAll: true }),
      );
    const scope = (account: AccountRef, dataType: SyncedDataType, minutesAgo: number | undefined) =>
      test.database.transaction((tx) =>
        new ScopeRepository(options()).record(tx, account, dataType, [
          {
            scope: 'all',
            attemptedAtMs: Date.now(),
            ...(minutesAgo !== undefined && { completeAtMs: Date.now() - minutesAgo * MINUTE_MS }),
          },
        ]),
      );
    const positions = (account: AccountRef, ...records: PositionRecord[]) =>
      test.database.transaction(async (tx) => {
        await new PositionRepository(options()).upsert(tx, account, 'all', records);
        const at = new Date().toISOString();
        await new SyncStatusRepository(options()).record(
          tx,
          {
            ...{ ...account, runId: 'r', dataType: 'positions', status: 'ok', requests: 1, errors: [] },
            ...{ itemsProcessed: 0, itemsSynced: 0, startedAt: at, finishedAt: at },
          },
          undefined,
        );
      });

    it('is empty without items', async () => {
      expect(await values()).to.deep.equal([]);
    });

    it('adds up what has a price and counts what has none', async () => {
      await hold(MAIN, {}, { asset: 'XYZ', ...UNPRICED }, { asset: 'OLD', quantity: '0', ...UNPRICED });
      await hold(SUB, {
        asset: 'USDT',
        quantity: '-1000.000000000000000001',
        value: '-1000.000000000000000001',
      });
      expect(await values()).to.deep.equal([
        {
          ...{ quoteCurrency: 'USDT', value: '119000.999999999999999999' },
          ...{ pricedAssets: 2, unpricedAssets: 1, pricedShare: '0.6667' },
          ...{ oldestObservation: '2026-01-01T09:00:00.000Z', staleAccounts: [], unrealizedPnl: null },
          ...{ holdingsUnrealizedPnl: null, realizedPnl: null },
        },
      ]);
      expect((await values(MAIN))[0]).to.include({ value: '120001', pricedShare: '0.5000' });
    });

    it('keeps quote currencies apart', async () => {
      await hold(MAIN, {});
      await hold(SUB, { quoteCurrency: 'EUR', value: '100' });
      expect((await values()).map(({ quoteCurrency, value }) => [quoteCurrency, value])).to.deep.equal([
        ['EUR', '100'],
        ['USDT', '120001'],
      ]);
    });

    it('leaves out retired accounts, until they are configured again', async () => {
      await hold(MAIN, {});
      await hold(SUB, { value: '7' });
      const accounts = new AccountRepository(options());
      const configure = (...configured: AccountRef[]) =>
        test.database.transaction(async (tx) => {
          await accounts.configure(tx, configured, Date.now());
          return accounts.retireUnsynced(tx, configured, Date.now());
        });
      expect(await configure(MAIN, SUB)).to.deep.equal([]);
      expect(await configure(MAIN)).to.deep.equal([SUB]);
      expect(await accounts.retired(test.database)).to.deep.equal([SUB]);
      expect((await values())[0]?.value).to.equal('120001');
      expect(await portfolio().list(test.database)).to.have.length(1);
      expect(await configure(MAIN, SUB)).to.deep.equal([]);
      expect((await values())[0]?.value).to.equal('120008');
    });

    it('retires no account that somebody else keeps in sync', async () => {
      const accounts = new AccountRepository(options());
      await test.database.transaction((tx) => accounts.configure(tx, [MAIN, SUB], Date.now()));
      await positions(SUB);
      const retired = (atMs: number) =>
        test.database.transaction((tx) => accounts.retireUnsynced(tx, [MAIN], atMs));
      expect(await retired(Date.now() + 59 * MINUTE_MS)).to.deep.equal([]);
      expect(await retired(Date.now() + 61 * MINUTE_MS)).to.deep.equal([SUB]);
    });

    it('names the accounts with a read that is missing or older than twice its interval', async () => {
      await hold(MAIN, {});
      await hold(SUB, {});
      await scope(MAIN, 'balances', 59);
      await scope(SUB, 'balances', 61);
      expect((await values())[0]?.staleAccounts).to.deep.equal(['bybit/sub1']);
      await scope(MAIN, 'positions', undefined);
      expect((await values())[0]?.staleAccounts).to.deep.equal(['bybit/main', 'bybit/sub1']);
      // Orders say nothing about what is held.
      await scope(SUB, 'balances', 0);
      await scope(SUB, 'orders', undefined);
      expect((await values())[0]?.staleAccounts).to.deep.equal(['bybit/main']);
      const { rows } = await test.database.query(
        `SELECT stale_accounts, stale_value, value FROM "${test.schema}".portfolio_value`,
      );
      expect(rows).to.deep.equal([
        { stale_accounts: ['bybit/main'], stale_value: '120001', value: '240002' },
      ]);
    });

    it('judges staleness by the interval that is configured', async () => {
      await hold(MAIN, {});
      await scope(MAIN, 'balances', 61);
      await test.database.transaction((tx) =>
        new SyncStatusRepository(options()).schedule(tx, [
          { ...MAIN, dataType: 'balances', intervalMs: 60 * MINUTE_MS },
        ]),
      );
      expect((await values())[0]?.staleAccounts).to.deep.equal([]);
    });

    it('is as stale as the prices of the exchange', async () => {
      await hold(MAIN, {});
      await scope({ exchange: 'binance', account: WHOLE_EXCHANGE }, 'prices', undefined);
      expect((await values())[0]?.staleAccounts).to.deep.equal([]);
      await scope({ exchange: 'bybit', account: WHOLE_EXCHANGE }, 'prices', 61);
      expect((await values())[0]?.staleAccounts).to.deep.equal(['bybit/main']);
    });

    it('has the profit of open positions apart, in the quote currency', async () => {
      await hold(MAIN, {});
      await positions(
        MAIN,
        position({ unrealizedPnl: '-10.5' }),
        position({ symbol: 'BTC/USD:BTC', settleCurrency: 'BTC', unrealizedPnl: '0.001' }),
      );
      expect((await values())[0]).to.include({ value: '120001', unrealizedPnl: '49.5005' });
    });

    it('values a settle currency that is not held by its market', async () => {
      await hold(MAIN, {});
      await positions(MAIN, position({ settleCurrency: 'USDC', unrealizedPnl: '100' }));
      expect((await values())[0]?.unrealizedPnl).to.equal(null);
      await test.database.transaction((tx) =>
        new PriceRepository(options()).apply(tx, 'bybit', 's', [price({ base: 'USDC', price: '0.9995' })], 1),
      );
      expect((await values())[0]?.unrealizedPnl).to.equal('99.9500');
    });

    it('does not know the profit when one position does not', async () => {
      await hold(MAIN, {});
      await positions(MAIN, position(), position({ side: 'short', unrealizedPnl: undefined }));
      expect((await values())[0]?.unrealizedPnl).to.equal(null);
    });

    it('knows that there is no profit only where positions were read', async () => {
      await hold(MAIN, {});
      expect((await values())[0]?.unrealizedPnl).to.equal(null);
      await positions(MAIN);
      expect((await values())[0]?.unrealizedPnl).to.equal('0');
      await scope(MAIN, 'positions', undefined);
      expect((await values())[0]?.unrealizedPnl).to.equal(null);
    });
  });

  describe('freshness', () => {
    it('tells the age of each scope and which are stale', async () => {
      const scopes = new ScopeRepository({ schema: test.schema });
      await test.database.transaction((tx) =>
        scopes.record(tx, MAIN, 'balances', [
          { scope: 'fresh', attemptedAtMs: Date.now(), completeAtMs: Date.now() - MINUTE_MS },
          { scope: 'never', attemptedAtMs: Date.now() },
          { scope: 'old', attemptedAtMs: Date.now(), completeAtMs: Date.now() - 61 * MINUTE_MS },
        ]),
      );
      const { rows } = await test.database.query(
        `SELECT scope, stale, age > INTERVAL '1 hour' AS hour FROM "${test.schema}".sync_freshness ORDER BY scope`,
      );
      expect(rows).to.deep.equal([
        { scope: 'fresh', stale: false, hour: false },
        { scope: 'never', stale: true, hour: null },
        { scope: 'old', stale: true, hour: true },
      ]);
    });
  });
}
