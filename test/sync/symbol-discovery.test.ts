import { expect } from 'chai';
import type { AccountClient, HistoryScope, HistorySymbol } from '#src/exchange/exchange-client.js';
import { createRepositories } from '#src/storage/repositories.js';
import { SymbolDiscovery } from '#src/sync/symbol-discovery.js';
import { balance, order, trade, transfer } from '../storage/records.js';
import { useTestDatabase } from '../support/postgres.js';

const MAIN = { exchange: 'binance', account: 'main' };
const HOUR = 3_600_000;
const LIST: HistoryScope = { id: 'spot', needsSymbol: true, servedFromMs: 0, settleLagMs: 0, lateMs: 0 };

const market = (symbol: string): HistorySymbol => {
  const [base = '', quote = ''] = symbol.split('/');
  return { symbol, base, quote };
};
const MARKETS = [
  ...['BTC', 'ETH', 'XRP', 'BNB', 'SOL', 'DOT'].map((base) => market(`${base}/USDT`)),
  ...Array.from({ length: 500 }, (_, index) => market(`C${index}/USDT`)),
  market('ETH/XRP'),
];

describe('the discovery of symbols', () => {
  const test = useTestDatabase();
  const repositories = () => createRepositories(test);
  let nowMs = Date.now();

  beforeEach(() => {
    nowMs = Date.now();
  });

  async function find(list = LIST) {
    const client: Partial<AccountClient> = {
      account: MAIN,
      exchangeTimeMs: () => nowMs,
      historySymbols: () => MARKETS,
    };
    const discovery = new SymbolDiscovery({ ...repositories(), database: test.database });
    const found = await discovery.symbolsFor({
      client: client as AccountClient,
      dataType: 'trades',
      list,
    });
    return { known: found.known, due: [...found.due].sort() };
  }
  const hold = (...currencies: readonly string[]) =>
    test.database.transaction(async (tx) => {
      const rows = currencies.map((currency) => balance({ currency }));
      await repositories().balances.upsert(tx, MAIN, 'spot', rows);
    });
  const read = (toMs: number, ...symbols: readonly string[]) =>
    test.database.transaction(async (tx) => {
      for (const symbol of symbols) {
        await repositories().coverage.cover(tx, MAIN, 'trades', `spot:${symbol}`, [{ fromMs: 0, toMs }]);
      }
    });
  const reasons = async () =>
    Object.fromEntries(
      (await repositories().symbols.list(test.database, MAIN, 'spot')).map(({ symbol, reason }) => [
        symbol,
        reason,
      ]),
    );

  it('asks for nothing while nothing is known, and never for every market', async () => {
    expect(await find()).to.deep.equal({ known: [], due: [] });
    await hold('USDT');
    expect((await find()).known).to.deep.equal([]);
  });

  it('goes on from what is held to what its fills reveal', async () => {
    await hold('ETH', 'USDT');
    const transferred = transfer({ currency: 'XRP' });
    await test.database.transaction((tx) =>
      repositories().histories.transfers.add(tx, MAIN, 'deposit', [transferred]),
    );
    expect((await find()).known).to.deep.equal(['ETH/USDT', 'ETH/XRP', 'XRP/USDT']);
    const fill = trade({ symbol: 'ETH/USDT', base: 'ETH', feeCurrency: 'BNB' });
    await test.database.transaction((tx) =>
      repositories().histories.trades.add(tx, MAIN, 'spot:ETH/USDT', [fill]),
    );
    expect((await find()).known).to.deep.equal(['BNB/USDT', 'ETH/USDT', 'ETH/XRP', 'XRP/USDT']);
    expect(await reasons()).to.deep.equal({
      'BNB/USDT': 'fills of ETH/USDT',
      'ETH/USDT': 'balance of ETH',
      'ETH/XRP': 'balance of ETH',
      'XRP/USDT': 'transfer of XRP',
    });
  });

  it('remembers what was sold, and takes no notice of coins that are only listed', async () => {
    await hold('DOT');
    await test.database.transaction(async (tx) => {
      const { balances } = repositories();
      await balances.markAbsent(tx, MAIN, 'spot', [{ wallet: 'UNIFIED', currency: 'DOT' }], Date.now());
      const listed = balance({ currency: 'SOL', total: '0', available: '0', locked: '0' });
      await balances.upsert(tx, MAIN, 'spot', [listed]);
    });
    expect((await find()).known).to.deep.equal(['DOT/USDT']);
  });

  it('reads a symbol again once one of its currencies changed, or after a day', async () => {
    await hold('ETH', 'XRP', 'USDT');
    expect((await find()).due).to.deep.equal(['ETH/USDT', 'ETH/XRP', 'XRP/USDT']);
    // The balances changed before they were read.
    await read(nowMs + 2 * HOUR, 'ETH/USDT', 'ETH/XRP', 'XRP/USDT');
    nowMs += 3 * HOUR;
    expect((await find()).due).to.deep.equal([]);
    await test.database.query(
      `UPDATE "${test.schema}".exchange_balances SET updated_at = $1 WHERE currency = 'ETH'`,
      [new Date(nowMs).toISOString()],
    );
    expect((await find()).due).to.deep.equal(['ETH/USDT', 'ETH/XRP']);
    nowMs += 24 * HOUR;
    expect((await find()).due).to.deep.equal(['ETH/USDT', 'ETH/XRP', 'XRP/USDT']);
  });

  it('reads a symbol once more where its fills may have come late', async () => {
    const list = { ...LIST, lateMs: HOUR };
    await hold('ETH', 'USDT');
    await read(nowMs + HOUR / 2, 'ETH/USDT');
    nowMs += 2 * HOUR;
    expect((await find(list)).due).to.deep.equal(['ETH/USDT']);
    await read(nowMs, 'ETH/USDT');
    expect((await find(list)).due).to.deep.equal([]);
  });

  it('reads a symbol with orders, also where nothing of it was ever held', async () => {
    const open = order({ symbol: 'SOL/USDT', orderId: '1' });
    const gone = order({ symbol: 'GONE/USDT', orderId: '2' });
    await test.database.transaction((tx) => repositories().orders.upsert(tx, MAIN, 'spot', [open, gone]));
    await read(nowMs + 2 * HOUR, 'SOL/USDT');
    nowMs += 3 * HOUR;
    expect(await find()).to.deep.equal({ known: ['SOL/USDT'], due: ['SOL/USDT'] });
    expect(await reasons()).to.deep.equal({ 'SOL/USDT': 'orders' });
    await test.database.transaction((tx) =>
      repositories().orders.upsert(tx, MAIN, 'spot', [{ ...open, status: 'closed' }]),
    );
    expect((await find()).due, 'it ended before it was read').to.deep.equal([]);
  });

  it('has a bound for what a quote currency alone speaks for', async () => {
    const many = Array.from({ length: 200 }, (_, index) => `C${index}`);
    await hold('USDT', ...many);
    await read(nowMs + HOUR, ...many.map((base) => `${base}/USDT`));
    nowMs += 2 * HOUR;
    await test.database.query(
      `UPDATE "${test.schema}".exchange_balances SET updated_at = $1 WHERE currency = 'USDT'`,
      [new Date(nowMs).toISOString()],
    );
    const { known, due } = await find();
    expect(known).to.have.length(200);
    expect(due).to.have.length(50);
  });
});
