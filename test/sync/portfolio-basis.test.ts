import { expect } from 'chai';
import { type AccountRef, WHOLE_EXCHANGE } from '#src/domain/account.js';
import type { LedgerRecord, TradeRecord, TransferRecord } from '#src/domain/history-records.js';
import type { ExchangeClients, HourPricesRead } from '#src/exchange/exchange-client.js';
import { createRepositories } from '#src/storage/repositories.js';
import { CostBasisKeeper } from '#src/sync/cost-basis-keeper.js';
import { HeldCosts } from '#src/sync/held-costs.js';
import { PortfolioSync } from '#src/sync/portfolio-sync.js';
import { PriceHistoryReader } from '#src/sync/price-history-reader.js';
import { balance, ledgerRow, price, trade, transfer } from '../storage/records.js';
import { useTestDatabase } from '../support/postgres.js';
import { syncRun } from './fakes/sync-run.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2025, 0, 1);
const NOW = START + 60 * DAY + HOUR / 2;
const MAIN: AccountRef = { exchange: 'bybit', account: 'main' };
const OTHER: AccountRef = { exchange: 'okx', account: 'main' };
const NO_FEE = { feeCost: undefined, feeCurrency: undefined };

interface Rows {
  readonly trades?: readonly TradeRecord[];
  readonly transfers?: readonly TransferRecord[];
  readonly ledger?: readonly LedgerRecord[];
}

describe('the portfolio: what it has cost', () => {
  const test = useTestDatabase();
  const repositories = () => createRepositories({ schema: test.schema });
  /** What the exchange is asked for of the past, and answers. */
  let asked: string[] = [];
  let pastPrice: (market: string, hourMs: number) => string | undefined = () => undefined;

  beforeEach(() => {
    asked = [];
    pastPrice = () => undefined;
  });

  const add = (account: AccountRef, { trades = [], transfers = [], ledger = [] }: Rows) =>
    test.database.transaction(async (tx) => {
      const { histories } = repositories();
      await histories.trades.add(tx, account, 'spot', trades);
      await histories.transfers.add(tx, account, 'all', transfers);
      await histories.ledger.add(tx, account, 'UNIFIED', ledger);
    });
  const open = (account: AccountRef, asset: string, horizonMs: number, quantity = '0') =>
    test.database.transaction((tx) =>
      repositories().openings.put(tx, account, [
        {
          ...{ asset, horizonMs, quantity, source: 'inferred' as const },
          ...{ fills: '0', fees: '0', transfers: '0', ledger: '0' },
          ...{ anchoredAtMs: NOW, anchorQuantity: '1' },
          ...{ summedToMs: undefined, summedAtMs: undefined },
        },
      ]),
    );
  const fill = (
    day: number,
    side: 'buy' | 'sell',
    amount: string,
    cost: string,
    more: Partial<TradeRecord> = {},
  ) =>
    trade({
      ...{ tradeId: `${day} ${side} ${amount}`, side, amount, cost, timestampMs: START + day * DAY },
      ...NO_FEE,
      ...more,
    });
  const ethForBtc = (day: number) =>
    fill(day, 'buy', '10', '0.5', { symbol: 'ETH/BTC', base: 'ETH', quote: 'BTC' });

  async function hold(account: AccountRef, holdings: Readonly<Record<string, string>>, atMs = NOW) {
    const { balances, scopes } = repositories();
    await test.database.transaction(async (tx) => {
      const records = Object.entries(holdings).map(([currency, total]) => balance({ currency, total }));
      await balances.upsert(tx, account, 'wallet=UNIFIED', records);
      const result = { scope: 'wallet=UNIFIED', attemptedAtMs: atMs, completeAtMs: atMs };
      await scopes.record(tx, account, 'balances', [result]);
    });
  }

  async function setPrices(exchange: string, prices: Readonly<Record<string, string>>) {
    const records = Object.entries(prices).map(([market, value]) => {
      const [base = '', quote = ''] = market.split('/');
      return price({ base, quote, price: value });
    });
    const { prices: table, scopes } = repositories();
    await test.database.transaction(async (tx) => {
      await table.apply(tx, exchange, 'spot', records, NOW);
      const result = { scope: 'spot', attemptedAtMs: NOW, completeAtMs: NOW };
      await scopes.record(tx, { exchange, account: WHOLE_EXCHANGE }, 'prices', [result]);
    });
  }

  const clients = {
    marketData: async (exchange: string) => ({
      async readHourPrices(market: { base: string; quote: string }, fromMs: number): Promise<HourPricesRead> {
        const name = `${market.base}/${market.quote}`;
        asked.push(`${exchange} ${name} ${new Date(fromMs).toISOString().slice(0, 13)}`);
        const hours = Array.from({ length: 1000 }, (_, index) => fromMs + index * HOUR);
        const prices = hours.flatMap((hourMs) => {
          const value = pastPrice(name, hourMs);
          return value === undefined ? [] : [{ hourMs, price: value }];
        });
        return { prices, hours: 1000 };
      },
    }),
  } as unknown as ExchangeClients;

  const keeper = (method: 'average' | 'fifo' = 'average') =>
    new CostBasisKeeper({
      ...repositories(),
      ...{ database: test.database, quoteCurrency: 'USDT', method, now: () => NOW },
    });

  async function sync(account = MAIN, method: 'average' | 'fifo' = 'average') {
    const { portfolio, ...rest } = repositories();
    const { database } = test;
    const strategy = new PortfolioSync({
      ...rest,
      ...{ database, table: portfolio, quoteCurrency: 'USDT', now: () => NOW },
      snapshots: { take: async () => undefined },
      prover: { prove: async () => undefined },
      costs: new HeldCosts({
        ...{ database, method, costBasis: rest.costBasis, keeper: keeper(method) },
        pastPrices: new PriceHistoryReader({ clients, priceHistory: rest.priceHistory, now: () => NOW }),
      }),
    });
    const run = syncRun({ account, commit: (work) => database.transaction(work) });
    const prepared = await strategy.prepare(run);
    await database.transaction((tx) => prepared.write(tx));
  }
  const item = async (asset: string, account = MAIN) =>
    (await repositories().portfolio.list(test.database, account)).find((one) => one.asset === asset);

  it('has the average entry price, known and unknown quantity, realised and unrealised profit', async () => {
    await setPrices('bybit', { 'BTC/USDT': '80000' });
    await open(MAIN, 'BTC', START, '0.5');
    await add(MAIN, {
      trades: [fill(1, 'buy', '1', '60000'), fill(2, 'buy', '0.5', '33000'), fill(3, 'sell', '1', '70000')],
      ledger: [
        ledgerRow({ kind: 'funding', currency: 'USDT', amount: '-12.5', timestampMs: START + 4 * DAY }),
      ],
    });
    await hold(MAIN, { BTC: '1', USDT: '1000' });
    await sync();
    // Of 2 that were there 1.5 cost 93000: 0.75 of the 1 that was sold cost 46500 and brought 52500.
    expect(await item('BTC')).to.include({
      ...{ basisKnownQuantity: '0.75', basisUnknownQuantity: '0.25', avgEntryPrice: '62000' },
      ...{ realizedPnl: '6000', unrealizedPnl: '13500' },
      basisNote:
        'The cost of 0.25 is unknown: 0.25 before the history that bybit still serves (2025-01-01). The realised profit leaves out 0.25 whose cost or price is unknown.',
    });
    expect(await item('USDT')).to.include({
      ...{ basisKnownQuantity: '1000', basisUnknownQuantity: '0', avgEntryPrice: '1' },
      ...{ realizedPnl: '-12.5', unrealizedPnl: '0', basisNote: null },
    });
    const [value] = await repositories().portfolio.values(test.database);
    expect(value).to.include({ holdingsUnrealizedPnl: '13500', realizedPnl: '5987.5' });
    await sync(MAIN, 'fifo');
    expect(await item('BTC')).to.include({
      basisUnknownQuantity: '0',
      avgEntryPrice: '63000',
      realizedPnl: '5000',
    });
  });

  it('follows what one account sent to another', async () => {
    await open(MAIN, 'BTC', START);
    await open(OTHER, 'BTC', START);
    const moved = { currency: 'BTC', amount: '0.9', transactionId: '0xabc' };
    await add(MAIN, {
      trades: [fill(1, 'buy', '2', '100000')],
      transfers: [transfer({ ...moved, kind: 'withdrawal', change: '-0.91', timestampMs: START + 2 * DAY })],
    });
    await add(OTHER, {
      trades: [fill(4, 'buy', '0.1', '8000')],
      transfers: [
        transfer({ ...moved, kind: 'deposit', change: '0.9', timestampMs: START + 2 * DAY + HOUR }),
      ],
    });
    await hold(OTHER, { BTC: '1.5' });
    await sync(OTHER);
    expect(await item('BTC', OTHER)).to.include({
      ...{ basisKnownQuantity: '1', basisUnknownQuantity: '0.5', avgEntryPrice: '53000', realizedPnl: '0' },
      basisNote: 'The cost of 0.5 is unknown: 0.5 not explained by history.',
    });
  });

  it('is of the moment at which the balances were read', async () => {
    await add(MAIN, { trades: [fill(1, 'buy', '1', '60000'), fill(3, 'buy', '1', '90000')] });
    await hold(MAIN, { BTC: '1' }, START + 2 * DAY);
    await sync();
    expect(await item('BTC')).to.include({ basisKnownQuantity: '1', avgEntryPrice: '60000' });
  });

  it('shows what a sold asset brought, though no balance names it any more', async () => {
    await add(MAIN, { trades: [fill(1, 'buy', '1', '60000'), fill(2, 'sell', '1', '61000')] });
    await hold(MAIN, { USDT: '1' });
    await sync();
    const [value] = await repositories().portfolio.values(test.database);
    expect(value).to.include({ realizedPnl: '1000', holdingsUnrealizedPnl: '0' });
  });

  describe('while history can not say', () => {
    const legacy = () =>
      test.database.query(
        `UPDATE "${test.schema}".portfolio_items SET avg_entry_price = 55000, basis_note = 'of 50 orders'`,
      );

    it('keeps the average that is there; says what it knows as soon as it knows', async () => {
      await hold(MAIN, { BTC: '1' });
      await sync();
      await legacy();
      await sync();
      expect(await item('BTC')).to.include({ avgEntryPrice: '55000', basisNote: 'of 50 orders' });
      // From then on nothing but history counts, also where it knows no cost.
      await add(MAIN, { trades: [fill(1, 'sell', '1', '60000')] });
      await sync();
      expect(await item('BTC')).to.include({
        ...{ avgEntryPrice: null, basisKnownQuantity: '0', basisUnknownQuantity: '1' },
        basisNote:
          'The cost of 1 is unknown: 1 not explained by history. The realised profit leaves out 1 whose cost or price is unknown.',
      });
    });
  });

  describe('past prices', () => {
    it('are read once, by whole pages, and value one coin against another', async () => {
      await setPrices('bybit', { 'BTC/USDT': '80000', 'ETH/USDT': '4000' });
      pastPrice = (market, hourMs) =>
        market === 'BTC/USDT' ? (hourMs === START + 2 * DAY ? '60000' : '1') : undefined;
      await add(MAIN, { trades: [ethForBtc(2), { ...ethForBtc(50), tradeId: 'late' }] });
      await hold(MAIN, { ETH: '20' });
      await sync();
      expect(asked).to.deep.equal(['bybit BTC/USDT 2025-01-03T00', 'bybit BTC/USDT 2025-02-20T00']);
      expect(await item('ETH')).to.include({ basisKnownQuantity: '20', avgEntryPrice: '1500.025' });
      await sync();
      expect(asked).to.have.length(2);
    });

    it('that are not read yet leave the cost unknown, with that reason, and no other price takes their place', async () => {
      await setPrices('bybit', { 'BTC/USDT': '80000', 'ETH/USDT': '4000' });
      await add(MAIN, { trades: [{ ...ethForBtc(0), timestampMs: NOW - 60_000 }] });
      await hold(MAIN, { ETH: '10' });
      await sync();
      // That hour has not ended.
      expect(asked).to.deep.equal([]);
      expect(await item('ETH')).to.include({
        ...{ basisKnownQuantity: '0', avgEntryPrice: null },
        basisNote: 'The cost of 10 is unknown: 10 whose price at trade time is not read yet (2025-03-02).',
      });
    });

    it('that an exchange does not have are those of up to a day before, else unknown for good', async () => {
      await setPrices('bybit', { 'BTC/USDT': '80000' });
      pastPrice = (_market, hourMs) => (hourMs === START + DAY ? '50000' : undefined);
      const second = { ...ethForBtc(2), tradeId: '2', timestampMs: START + 2 * DAY + HOUR };
      await add(MAIN, { trades: [ethForBtc(1), { ...ethForBtc(2), tradeId: '1' }, second] });
      await hold(MAIN, { ETH: '30' });
      await sync();
      await sync();
      expect(asked).to.deep.equal(['bybit BTC/USDT 2025-01-02T00']);
      expect(await item('ETH')).to.include({
        ...{ basisKnownQuantity: '20', basisUnknownQuantity: '10', avgEntryPrice: '2500' },
        basisNote: 'The cost of 10 is unknown: 10 got when bybit had no price of BTC (2025-01-03).',
      });
    });

    it('are no more than ten pages a run', async () => {
      await setPrices('bybit', { 'BTC/USDT': '80000' });
      pastPrice = () => '60000';
      const days = Array.from({ length: 12 }, (_, index) => -42 * (index + 1));
      await add(MAIN, { trades: days.map((day) => ethForBtc(day)) });
      await hold(MAIN, { ETH: '120' });
      await sync();
      expect(asked).to.have.length(10);
      expect(await item('ETH')).to.include({ basisKnownQuantity: '100', basisUnknownQuantity: '20' });
      await sync();
      expect(await item('ETH')).to.include({ basisKnownQuantity: '120', basisUnknownQuantity: '0' });
    });
  });

  describe('checkpoints', () => {
    const signal = new AbortController().signal;
    /** A purchase every half hour, for 40 days. */
    const many = Array.from({ length: 1920 }, (_, index) =>
      fill(1, 'buy', '1', '100', { tradeId: String(index), timestampMs: START + index * (HOUR / 2) }),
    );
    const costOfBtc = async () => {
      const { state, rowsRead } = await keeper().basisAt(NOW, signal);
      const lots = state.holdings['bybit/main']?.BTC?.lots;
      return { lots, rowsRead };
    };

    it('make a sync cost what is new', async () => {
      await add(MAIN, { trades: many });
      expect((await costOfBtc()).rowsRead).to.equal(1920);
      expect((await costOfBtc()).rowsRead).to.equal(0);
      await add(MAIN, { trades: [fill(59.99, 'buy', '1', '200')] });
      expect(await costOfBtc()).to.deep.equal({ lots: [{ quantity: '1921', cost: '192200' }], rowsRead: 1 });
    });

    it('leave out what is so young that more of it may come', async () => {
      const young = [
        fill(60, 'buy', '1', '200', { tradeId: 'late' }),
        fill(60, 'buy', '1', '300', { timestampMs: NOW - 60_000 }),
      ];
      await add(MAIN, { trades: [...many, young[1] as TradeRecord] });
      expect((await costOfBtc()).rowsRead).to.equal(1921);
      await add(MAIN, { trades: [young[0] as TradeRecord] });
      expect(await costOfBtc()).to.deep.equal({ lots: [{ quantity: '1922', cost: '192500' }], rowsRead: 2 });
    });

    it('are not believed when a row comes late, nor when the opening changes', async () => {
      await add(MAIN, { trades: many });
      await costOfBtc();
      await add(MAIN, { trades: [fill(0.1, 'buy', '1', '300')] });
      expect(await costOfBtc()).to.deep.equal({
        lots: [{ quantity: '1921', cost: '192300' }],
        rowsRead: 1921,
      });
      await open(MAIN, 'BTC', START + 39 * DAY);
      expect((await costOfBtc()).lots).to.deep.equal([{ quantity: '48', cost: '4800' }]);
      await test.database.transaction((tx) => repositories().openings.forget(tx, MAIN, ['BTC']));
      expect((await costOfBtc()).lots).to.deep.equal([{ quantity: '1921', cost: '192300' }]);
    });

    it('are not believed when a past price or a market came', async () => {
      await setPrices('bybit', { 'ETH/USDT': '4000' });
      const inBtc = many.map((one) => ({ ...one, symbol: 'XYZ/BTC', base: 'XYZ', quote: 'BTC' }));
      await add(MAIN, { trades: inBtc });
      const known = async () => {
        const { state } = await keeper().basisAt(NOW, signal);
        return state.holdings['bybit/main']?.XYZ?.lots.map((lot) => ('cost' in lot ? lot.cost : lot.reason));
      };
      expect(await known()).to.deep.equal(['got at a price in BTC, which no market of bybit gives in USDT']);
      await setPrices('bybit', { 'BTC/USDT': '80000' });
      expect(await known()).to.deep.equal(['whose price at trade time is not read yet']);
      pastPrice = () => '2';
      await hold(MAIN, { XYZ: '1920' });
      await sync();
      expect(await known()).to.deep.equal(['384000']);
    });

    it('are not believed when the changes since then are not all known', async () => {
      await add(MAIN, { trades: many });
      await costOfBtc();
      await add(MAIN, { trades: [fill(0.1, 'buy', '1', '300')] });
      await add(MAIN, { trades: [fill(0.2, 'buy', '1', '300')] });
      await add(MAIN, { trades: [fill(60, 'buy', '1', '300')] });
      await test.database.query(
        `DELETE FROM "${test.schema}".history_changes WHERE number < (SELECT max(number) FROM "${test.schema}".history_changes)`,
      );
      expect((await costOfBtc()).lots).to.deep.equal([{ quantity: '1923', cost: '192900' }]);
    });

    it('give what a fold of everything gives, whatever came in which order', async () => {
      const rows = many.map((one, index) => ({
        ...one,
        side: index % 3 === 0 ? ('sell' as const) : ('buy' as const),
        amount: String(1 + (index % 7)),
        cost: String(100 + ((index * 7919) % 1013)),
      }));
      // In eleven parts, of which each has rows of all times.
      for (let part = 0; part < 11; part += 1) {
        await add(MAIN, { trades: rows.filter((_, index) => (index * 31) % 11 === part) });
        const step = await keeper().basisAt(NOW, signal);
        await test.database.query(`DELETE FROM "${test.schema}".cost_basis_checkpoints`);
        expect((await keeper().basisAt(NOW, signal)).state).to.deep.equal(step.state);
      }
    });

    it('are few, and forget the changes that nothing needs', async () => {
      for (let part = 1; part <= 6; part += 1) {
        await add(MAIN, { trades: many.slice(part * 320 - 320, part * 320) });
        await keeper().basisAt(START + part * 160 * HOUR + HOUR, signal);
      }
      const count = async (table: string) =>
        Number(
          (await test.database.query<{ n: string }>(`SELECT count(*) AS n FROM "${test.schema}".${table}`))
            .rows[0]?.n,
        );
      expect(await count('cost_basis_checkpoints')).to.equal(1);
      expect(await count('history_changes')).to.be.within(1, 3);
    });
  });
});
