import { expect } from 'chai';
import { add, isZero, multiply, negate, subtract, sum } from '#src/ledger/decimal.js';
import type { Simulator } from '#src/simulator/simulator.js';
import type { Fill } from '#src/simulator/world/history/fill.js';
import type { HistoryPlan } from '#src/simulator/world/world-plan.js';
import { accountOf, between, DAY_MS, HandClock, ids, listed, NOW_MS, startPast } from './past-worlds.js';
import { type Answer, askBinance } from './simulated-http.js';

// biome-ignore lint/suspicious/noExplicitAny: bodies are what the exchange's documentation says
type Row = any;

const SPOT = 'https://api.binance.com/api/v3/myTrades';
const LINEAR = 'https://fapi.binance.com/fapi/v1/userTrades';
const INVERSE = 'https://dapi.binance.com/dapi/v1/userTrades';
const INCOME = 'https://fapi.binance.com/fapi/v1/income';
const INVERSE_INCOME = 'https://dapi.binance.com/dapi/v1/income';
const WALLET = 'https://api.binance.com/sapi/v1';

describe("binance's histories", () => {
  let simulator: Simulator;
  let clock: HandClock;
  beforeEach(() => {
    clock = new HandClock();
  });
  afterEach(() => simulator.stop());

  const start = async (history: HistoryPlan, days: number): Promise<void> => {
    simulator = await startPast('binance', history, { days, clock });
  };

  /** Seven seconds go by, so that no weight is exceeded. */
  const ask = (url: string, query: Record<string, string | number> = {}): Promise<Answer> => {
    clock.advance(7_000);
    const text = Object.entries(query).map(([name, value]) => [name, String(value)]);
    return askBinance(simulator, url, Object.fromEntries(text), { timestampMs: clock.now() });
  };
  const rows = async (url: string, query: Record<string, string | number> = {}): Promise<Row> => {
    const { status, text } = await ask(url, query);
    expect(status, text).to.equal(200);
    // Numbers beyond 2^53 are quoted before they lose digits.
    return JSON.parse(text.replace(/:(\d{16,})/g, ':"$1"'));
  };
  const refusal = async (
    url: string,
    query: Record<string, string | number>,
  ): Promise<[number, number, string]> => {
    const { status, json } = await ask(url, query);
    return [status, json.code, json.msg];
  };
  const fills = (kind: Fill['market']['kind'], id: string): Fill[] =>
    listed(accountOf(simulator, 'binance').history.fills(kind)).filter(({ market }) => market.id === id);
  const numbers = (found: Row[]): string[] => found.map((row) => String(row.id));

  describe('of spot fills', () => {
    const plan = { fills: 300, plain: true, symbols: ['BTC/USDT'] };
    const symbol = 'BTCUSDT';

    it('want a symbol', async () => {
      await start(plan, 30);
      expect((await refusal(SPOT, {}))[1]).to.equal(-1102);
      expect((await refusal(SPOT, { symbol: 'NOSUCH' }))[1]).to.equal(-1121);
    });

    it('give the newest when nothing is said, oldest first', async () => {
      await start(plan, 30);
      const own = ids(fills('spot', symbol));
      expect(numbers(await rows(SPOT, { symbol }))).to.deep.equal(own);
      expect(numbers(await rows(SPOT, { symbol, limit: 20 }))).to.deep.equal(own.slice(-20));
    });

    it('give 24 hours between start and end, and refuse more', async () => {
      await start(plan, 30);
      const startTime = NOW_MS - 10 * DAY_MS;
      const day = { symbol, startTime, endTime: startTime + DAY_MS };
      const own = fills('spot', symbol).filter((fill) => fill.timestampMs >= startTime);
      const expected = ids(own.filter((fill) => fill.timestampMs <= startTime + DAY_MS));
      expect(numbers(await rows(SPOT, day))).to.deep.equal(expected);
      expect(await refusal(SPOT, { ...day, endTime: day.endTime + 1 })).to.deep.equal([
        400,
        -1127,
        'More than 24 hours between startTime and endTime.',
      ]);
      expect(numbers(await rows(SPOT, { symbol, startTime, limit: 5 }))).to.deep.equal(ids(own).slice(0, 5));
    });

    it('go on from a number, which can not be joined with a time', async () => {
      await start(plan, 30);
      const own = ids(fills('spot', symbol));
      const found: string[] = [];
      let fromId = '0';
      for (;;) {
        const page = numbers(await rows(SPOT, { symbol, fromId, limit: 100 }));
        found.push(...page);
        if (page.length < 100) break;
        fromId = String(BigInt(page.at(-1) ?? '0') + 1n);
      }
      expect(found).to.deep.equal(own);
      expect((await refusal(SPOT, { symbol, fromId, startTime: NOW_MS - DAY_MS }))[1]).to.equal(-1128);
    });

    it('say what was paid, in which coin, also in a third one', async () => {
      await start({ fills: 400 }, 30);
      const { history } = accountOf(simulator, 'binance');
      const byMarket = new Map(listed(history.fills('spot')).map(({ market }) => [market.id, market]));
      const coins = new Set<string>();
      for (const { id, base, quote } of byMarket.values()) {
        const own = fills('spot', id);
        const served: Row[] = await rows(SPOT, { symbol: id, limit: 1000 });
        expect(numbers(served)).to.deep.equal(ids(own));
        for (const [index, row] of served.entries()) {
          expect(subtract(row.quoteQty, multiply(row.price, row.qty))).to.equal('0');
          expect(subtract(row.commission, own[index]?.fee ?? '')).to.equal('0');
          coins.add([base, quote].includes(row.commissionAsset) ? 'own' : row.commissionAsset);
        }
      }
      expect([...coins].sort()).to.deep.equal(['BNB', 'own']);
    });

    it('give two fills one number where somebody trades with himself', async () => {
      await start({ fills: 800 }, 30);
      const { history } = accountOf(simulator, 'binance');
      const byNumber = new Map<string, Fill>();
      const pairs = listed(history.fills('spot')).flatMap((fill) => {
        const key = `${fill.market.id} ${fill.id}`;
        const first = byNumber.get(key);
        byNumber.set(key, fill);
        return first === undefined ? [] : [[first, fill] as const];
      });
      expect(pairs.length).to.be.greaterThan(0);
      for (const [first, second] of pairs) {
        expect([first.side, second.side]).to.deep.equal(['buy', 'sell']);
        expect(second.timestampMs).to.equal(first.timestampMs);
      }
    });
  });

  describe('of futures fills', () => {
    const plan = { fills: 200, plain: true, symbols: ['BTC/USDT:USDT', 'BTC/USD:BTC'] };

    it('reach seven days, also when nothing is sent, and refuse more', async () => {
      await start(plan, 60);
      for (const [url, kind, symbol] of [
        [LINEAR, 'linear', 'BTCUSDT'],
        [INVERSE, 'inverse', 'BTCUSD_PERP'],
      ] as const) {
        const own = fills(kind, symbol);
        const startTime = NOW_MS - 30 * DAY_MS;
        const week = { symbol, startTime, endTime: startTime + 7 * DAY_MS, limit: 1000 };
        const within = own.filter(
          (fill) => fill.timestampMs >= startTime && fill.timestampMs <= startTime + 7 * DAY_MS,
        );
        expect(within.length).to.be.greaterThan(3);
        expect(numbers(await rows(url, week))).to.deep.equal(ids(within));
        const recent = own.filter((fill) => fill.timestampMs >= clock.now() + 7_000 - 7 * DAY_MS);
        expect(numbers(await rows(url, { symbol, limit: 1000 }))).to.deep.equal(ids(recent));
        const wider = { ...week, endTime: week.endTime + 1 };
        expect(await refusal(url, wider)).to.deep.equal([400, -4165, 'Maximum time interval is 7 days.']);
        expect((await refusal(url, { symbol, fromId: 1, startTime }))[1]).to.equal(-1128);
        expect(numbers(await rows(url, { symbol, fromId: 0, limit: 1000 }))).to.deep.equal(ids(own));
      }
    });

    it('are forgotten after six months', async () => {
      await start({ ...plan, symbols: ['BTC/USDT:USDT'] }, 400);
      const served: Row[] = await rows(LINEAR, { symbol: 'BTCUSDT', fromId: 0, limit: 1000 });
      const own = fills('linear', 'BTCUSDT');
      expect(numbers(served)).to.deep.equal(
        ids(own.filter((fill) => fill.timestampMs >= clock.now() - 180 * DAY_MS)),
      );
      expect(served.length).to.be.lessThan(own.length);
    });
  });

  describe('of futures wallets', () => {
    it('give profit, fee, funding and transfers as rows of their own, which add up to the wallet', async () => {
      await start({ fills: 500 }, 60);
      const account = accountOf(simulator, 'binance');
      for (const [url, wallet, usual] of [
        [INCOME, 'UMFUTURE', ['COMMISSION', 'FUNDING_FEE', 'REALIZED_PNL', 'REFERRAL_KICKBACK', 'TRANSFER']],
        [INVERSE_INCOME, 'CMFUTURE', ['COMMISSION', 'FUNDING_FEE', 'REALIZED_PNL', 'TRANSFER']],
      ] as const) {
        const found: Row[] = [];
        let startTime = NOW_MS - 61 * DAY_MS;
        for (;;) {
          const page: Row[] = await rows(url, { startTime, limit: 100 });
          const known = new Set(found.map((row) => `${row.incomeType} ${row.tranId}`));
          found.push(...page.filter((row) => !known.has(`${row.incomeType} ${row.tranId}`)));
          if (page.length < 100) break;
          startTime = page.at(-1).time;
        }
        expect(new Set(found.map((row) => row.incomeType))).to.include.keys(...usual);
        expect(found.filter((row) => isZero(row.income))).to.deep.equal([]);
        for (const asset of account.assets(wallet)) {
          const own = found.filter((row) => row.asset === asset).map((row) => row.income);
          expect(subtract(sum(own), account.balance(wallet, asset)), `${wallet} ${asset}`).to.equal('0');
        }
      }
    });

    it('agree with the fills: profit and commission of each', async () => {
      await start({ fills: 120, plain: true, symbols: ['BTC/USDT:USDT'] }, 6);
      const income: Row[] = await rows(INCOME, { limit: 1000 });
      const trades: Row[] = await rows(LINEAR, { symbol: 'BTCUSDT', limit: 1000 });
      for (const trade of trades) {
        const own = income.filter((row) => row.tradeId === String(trade.id)).map((row) => row.income);
        const expected = subtract(trade.realizedPnl, trade.commission);
        expect(subtract(sum(own), expected), trade.id).to.equal('0');
      }
      expect(trades).to.have.length(120);
    });

    it('give a type or a symbol when asked, and pages', async () => {
      await start({ fills: 200 }, 6);
      const all: Row[] = await rows(INCOME, { limit: 1000, startTime: NOW_MS - 7 * DAY_MS });
      const fees: Row[] = await rows(INCOME, { limit: 1000, incomeType: 'COMMISSION' });
      expect(fees).to.deep.equal(all.filter((row) => row.incomeType === 'COMMISSION'));
      const second: Row[] = await rows(INCOME, { limit: 10, page: 2, startTime: NOW_MS - 7 * DAY_MS });
      expect(second).to.deep.equal(all.slice(10, 20));
      expect(await rows(INCOME, { startTime: NOW_MS - 7 * DAY_MS })).to.have.length(
        Math.min(all.length, 100),
      );
    });

    it('are forgotten after three months in USD-M, and give a week when nothing is sent', async () => {
      await start({ fills: 200, plain: true, symbols: ['BTC/USDT:USDT'] }, 200);
      const { history } = accountOf(simulator, 'binance');
      const page: Row[] = await rows(INCOME, { startTime: NOW_MS - 200 * DAY_MS, limit: 1000 });
      const kept = between(history.statement('UMFUTURE'), clock.now() - 90 * DAY_MS, clock.now());
      expect(new Set(page.map((row) => row.tranId))).to.deep.equal(
        new Set(ids(kept.filter(({ flow, fee }) => !isZero(flow) || !isZero(fee)))),
      );
      const recent: Row[] = await rows(INCOME, { limit: 1000 });
      expect(recent.every((row) => row.time >= clock.now() - 7 * DAY_MS)).to.equal(true);
    });
  });

  describe('of the wallet', () => {
    it('add up to the spot wallet together with the fills', async () => {
      await start({ fills: 500 }, 80);
      const account = accountOf(simulator, 'binance');
      const flows = new Map<string, string[]>();
      const flow = (asset: string, amount: string) => flows.set(asset, [...(flows.get(asset) ?? []), amount]);
      const ends = { startTime: NOW_MS - 85 * DAY_MS, endTime: NOW_MS };
      for (const row of await rows(`${WALLET}/capital/deposit/hisrec`, ends)) {
        if (row.status === 1) flow(row.coin, row.amount);
      }
      for (const row of await rows(`${WALLET}/capital/withdraw/history`, ends)) {
        if (row.status === 6) flow(row.coin, negate(add(row.amount, row.transactionFee)));
      }
      for (const type of [
        'MAIN_UMFUTURE',
        'MAIN_CMFUTURE',
        'MAIN_FUNDING',
        'UMFUTURE_MAIN',
        'FUNDING_MAIN',
      ]) {
        const { rows: moved = [], total } = await rows(`${WALLET}/asset/transfer`, {
          ...ends,
          type,
          size: 100,
        });
        expect(moved).to.have.length(total);
        for (const row of moved) flow(row.asset, type.startsWith('MAIN') ? negate(row.amount) : row.amount);
      }
      for (const row of (await rows(`${WALLET}/asset/dribblet`)).userAssetDribblets) {
        flow('BNB', row.totalTransferedAmount);
        for (const detail of row.userAssetDribbletDetails) flow(detail.fromAsset, negate(detail.amount));
      }
      for (const row of (await rows(`${WALLET}/asset/assetDividend`, { limit: 500 })).rows) {
        flow(row.asset, row.amount);
      }
      const symbols = new Map(listed(account.history.fills('spot')).map(({ market }) => [market.id, market]));
      for (const { id, base, quote } of symbols.values()) {
        for (const row of await rows(SPOT, { symbol: id, limit: 1000 })) {
          flow(base, row.isBuyer ? row.qty : negate(row.qty));
          flow(quote, row.isBuyer ? negate(row.quoteQty) : row.quoteQty);
          flow(row.commissionAsset, negate(row.commission));
        }
      }
      expect(account.assets('MAIN').length).to.be.greaterThan(10);
      for (const asset of account.assets('MAIN')) {
        expect(subtract(sum(flows.get(asset) ?? []), account.balance('MAIN', asset)), asset).to.equal('0');
      }
    });

    it('reach 90 days for deposits and withdrawals', async () => {
      await start({ fills: 5, plain: true }, 120);
      const wide = { startTime: NOW_MS - 91 * DAY_MS, endTime: NOW_MS };
      for (const path of ['deposit/hisrec', 'withdraw/history']) {
        expect((await refusal(`${WALLET}/capital/${path}`, wide))[0], path).to.equal(400);
        expect(await rows(`${WALLET}/capital/${path}`), path).to.deep.equal([]);
      }
      const first = { startTime: NOW_MS - 120 * DAY_MS, endTime: NOW_MS - 119 * DAY_MS };
      expect(await rows(`${WALLET}/capital/deposit/hisrec`, first)).to.have.length(4);
      const page = { ...first, limit: 2, offset: 1 };
      const all = await rows(`${WALLET}/capital/deposit/hisrec`, first);
      expect(await rows(`${WALLET}/capital/deposit/hisrec`, page)).to.deep.equal(all.slice(1, 3));
    });

    it('want the type of a transfer, and give a week without a time', async () => {
      await start({ fills: 5, plain: true }, 30);
      const url = `${WALLET}/asset/transfer`;
      expect((await refusal(url, {}))[1]).to.equal(-1102);
      expect(await rows(url, { type: 'MAIN_UMFUTURE' })).to.deep.equal({ total: 0 });
      const { total } = await rows(url, { type: 'MAIN_UMFUTURE', startTime: NOW_MS - 30 * DAY_MS });
      expect(total).to.equal(2);
    });

    it('count withdrawals by account: ten a minute', async () => {
      await start({ fills: 5, plain: true }, 30);
      const url = `${WALLET}/capital/withdraw/history`;
      const statuses: number[] = [];
      for (let request = 0; request < 11; request += 1) {
        statuses.push((await askBinance(simulator, url, {}, { timestampMs: clock.now() })).status);
      }
      expect(statuses).to.deep.equal([...Array.from({ length: 10 }, () => 200), 429]);
      expect((await ask(`${WALLET}/capital/deposit/hisrec`)).status).to.equal(200);
    });
  });
});
