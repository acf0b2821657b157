import { expect } from 'chai';
import { WHOLE_EXCHANGE } from '#src/domain/account.js';
import type { BalanceRecord, PriceRecord } from '#src/domain/records.js';
import type { ScopeResult } from '#src/domain/scope-result.js';
import type { ExchangeClients, MarketDataClient } from '#src/exchange/exchange-client.js';
import { createRepositories } from '#src/storage/repositories.js';
import { PortfolioSync } from '#src/sync/portfolio-sync.js';
import { PricesSync } from '#src/sync/prices-sync.js';
import { SnapshotKeeper } from '#src/sync/snapshot-keeper.js';
import { balance, portfolioItem, price } from '../storage/records.js';
import { expectError } from '../support/expect-error.js';
import { useTestDatabase } from '../support/postgres.js';
import { syncRun } from './fakes/sync-run.js';

const READ_MS = Date.UTC(2026, 0, 1, 10);

describe('the portfolio', () => {
  const test = useTestDatabase();
  const { account } = syncRun();
  const prices = { ...account, account: WHOLE_EXCHANGE };
  const repositories = () => createRepositories({ schema: test.schema });

  async function read(results: readonly ScopeResult[], ...records: (BalanceRecord & { scope: string })[]) {
    const { balances, scopes } = repositories();
    await test.database.transaction(async (tx) => {
      for (const { scope, ...record } of records) await balances.upsert(tx, account, scope, [record]);
      await scopes.record(tx, account, 'balances', results);
    });
  }
  const complete = (scope: string): ScopeResult => ({
    scope,
    attemptedAtMs: READ_MS,
    completeAtMs: READ_MS,
  });
  const failed = (scope: string): ScopeResult => ({ scope, attemptedAtMs: READ_MS });

  /** Stores what a read of the prices gives. */
  async function readPrices(atMs: number, records: readonly PriceRecord[], rejected: readonly string[] = []) {
    const { prices: table, scopes } = repositories();
    const client: Partial<MarketDataClient> = {
      priceScopes: () => ['spot'],
      readPrices: async (scope) => ({
        ...{ scope, records, pages: 1, requestedAtMs: atMs },
        rejected: rejected.map((row) => ({ row, reason: 'not a price' })),
      }),
    };
    const clients = { marketData: async () => client } as unknown as ExchangeClients;
    const sync = new PricesSync({ clients, table, now: () => atMs });
    const prepared = await sync.prepare({ ...syncRun(), account: prices });
    await test.database.transaction(async (tx) => {
      await prepared.write(tx);
      await scopes.record(tx, prices, 'prices', prepared.scopes);
    });
  }

  async function sync() {
    const { portfolio, ...rest } = repositories();
    const strategy = new PortfolioSync({
      ...rest,
      database: test.database,
      table: portfolio,
      costs: { at: () => costs() },
      snapshots: new SnapshotKeeper({
        snapshots: rest.snapshots,
        retention: { fullDays: 7, hourlyDays: 90 },
        now: () => nowMs,
      }),
      prover: { prove: async () => undefined },
      quoteCurrency: 'USDT',
      now: () => nowMs,
    });
    const prepared = await strategy.prepare(syncRun());
    await test.database.transaction((tx) => prepared.write(tx));
    return prepared;
  }
  let nowMs = READ_MS;
  let costs: () => Promise<undefined> = async () => undefined;
  beforeEach(() => {
    nowMs = READ_MS;
    costs = async () => undefined;
  });
  const items = () => repositories().portfolio.list(test.database);
  const hold = (asset: string) =>
    test.database.transaction((tx) =>
      repositories().portfolio.apply(tx, account, [portfolioItem({ asset })], { isAll: false }),
    );

  it('keeps what it had while no balance was ever read', async () => {
    await hold('BTC');
    await expectError(sync(), 'SCOPE_NEVER_READ');
    await read([failed('wallet=UNIFIED')]);
    await expectError(sync(), 'SCOPE_NEVER_READ');
    expect((await items()).map(({ quantity }) => quantity)).to.deep.equal(['2']);
  });

  it('calls nothing sold that may lie in a wallet that was never read', async () => {
    await hold('XMR');
    const unified = { ...balance({ currency: 'ETH', total: '3' }), scope: 'wallet=UNIFIED' };
    await read([complete('wallet=UNIFIED'), failed('wallet=FUND')], unified);
    const { scopes } = await sync();
    expect(scopes[0]?.error?.code).to.equal('SCOPE_NEVER_READ');
    expect((await items()).map(({ asset }) => asset)).to.have.members(['ETH', 'XMR']);
    await read([complete('wallet=UNIFIED'), complete('wallet=FUND')]);
    await sync();
    expect((await items()).map(({ asset }) => asset)).to.deep.equal(['ETH']);
  });

  it('counts a wallet once that is read under another name now', async () => {
    await read([complete('wallet=spot')], {
      ...balance({ wallet: 'spot', total: '1.5' }),
      scope: 'wallet=spot',
    });
    await sync();
    const renamed = { ...balance({ wallet: 'UNIFIED', total: '1.5' }), scope: 'wallet=UNIFIED' };
    await read([complete('wallet=UNIFIED')], renamed);
    await sync();
    expect((await items()).map(({ quantity }) => quantity)).to.deep.equal(['1.5']);
  });

  it('says how old a price is, and whether it is the last one there was', async () => {
    await read([complete('wallet=UNIFIED')], { ...balance({ total: '2' }), scope: 'wallet=UNIFIED' });
    await readPrices(READ_MS, [price({ price: '100', timestampMs: undefined })]);
    await sync();
    const pricedAt = new Date(READ_MS).toISOString();
    expect((await items())[0]).to.include({ value: '200', priceSource: 'BTC/USDT last', pricedAt });

    // A row that was set aside might be the one that is missing.
    await readPrices(READ_MS + 1000, [], ['price of BTC/USDT']);
    await sync();
    expect((await items())[0]).to.include({ value: '200', priceSource: 'BTC/USDT last', pricedAt });

    await readPrices(READ_MS + 2000, []);
    await sync();
    expect((await items())[0]).to.include({ value: '200', priceSource: 'BTC/USDT last (stale)', pricedAt });
  });

  it('tells what is held also where its cost can not be worked out', async () => {
    await read([complete('wallet=UNIFIED')], { ...balance({ total: '2' }), scope: 'wallet=UNIFIED' });
    costs = () => Promise.reject(new Error('a history that nobody understands'));
    await sync();
    expect((await items()).map(({ quantity }) => quantity)).to.deep.equal(['2']);
  });
});
