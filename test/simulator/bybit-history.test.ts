import { expect } from 'chai';
import type { Clock } from '#src/domain/clock.js';
import { subtract, sum } from '#src/ledger/decimal.js';
import { type Simulator, startSimulator } from '#src/simulator/simulator.js';
import type { SimulatedAccount } from '#src/simulator/world/account.js';
import type { RowList } from '#src/simulator/world/history/row-list.js';
import type { HistoryPlan } from '#src/simulator/world/world-plan.js';
import { type Answer, askBybit } from './simulated-http.js';

const NOW_MS = 1_780_000_000_000;
const DAY_MS = 24 * 60 * 60_000;
const WEEK_MS = 7 * DAY_MS;

type Row = Record<string, string>;

describe("bybit's histories", () => {
  let simulator: Simulator;
  /** A second goes by from request to request, so that no rate is exceeded. */
  let nowMs: number;
  const clock: Clock = { now: () => nowMs, sleep: async () => undefined };
  beforeEach(() => {
    nowMs = NOW_MS;
  });
  afterEach(() => simulator.stop());

  async function start(history: HistoryPlan, days: number): Promise<void> {
    simulator = await startSimulator({
      seed: 'histories',
      clock,
      historyMs: days * DAY_MS,
      plan: { accounts: [{ exchange: 'bybit', account: 'main', holdings: [], history }] },
    });
  }

  const ask = (path: string, query: Record<string, string | number>): Promise<Answer> => {
    nowMs += 1_000;
    const text = Object.entries(query).map(([name, value]) => [name, String(value)]);
    return askBybit(simulator, path, Object.fromEntries(text), { timestampMs: nowMs });
  };

  /** Every page of one range. */
  async function pages(path: string, query: Record<string, string | number>): Promise<Row[][]> {
    const found: Row[][] = [];
    let cursor = '';
    do {
      const { json } = await ask(path, { ...query, ...(cursor !== '' && { cursor }) });
      expect(json.retCode, json.retMsg).to.equal(0);
      found.push(json.result.list ?? json.result.rows);
      cursor = json.result.nextPageCursor;
    } while (cursor !== '');
    return found;
  }

  /** Every row since `days` ago, by ranges of `stepMs`, newest first; both ends of a range are in it. */
  async function walk(
    path: string,
    query: Record<string, string | number>,
    days: number,
    stepMs: number,
  ): Promise<Row[]> {
    const rows: Row[] = [];
    for (let endTime = NOW_MS; endTime > NOW_MS - days * DAY_MS; endTime -= stepMs + 1) {
      rows.push(...(await pages(path, { ...query, startTime: endTime - stepMs, endTime })).flat());
    }
    return rows;
  }

  const account = (): SimulatedAccount => {
    const found = simulator.world.account('bybit', 'main');
    if (found === undefined) throw new Error('the world has no bybit/main');
    return found;
  };

  describe('of fills', () => {
    const PATH = '/v5/execution/list';

    it('give everything, newest first, to who walks by weeks through a quiet gap', async () => {
      await start({ fills: 135, plain: true, symbols: ['BTC/USDT'], gaps: [{ fromDay: 30, days: 16 }] }, 60);
      const rows = await walk(PATH, { category: 'spot', limit: 100 }, 60, WEEK_MS);
      expect(idsOf(rows, 'execId')).to.deep.equal(newest(account().history.fills('spot')));
      expect(rows).to.have.length(135);
    });

    it('reach seven days: from a start on, up to an end, or until now', async () => {
      await start({ fills: 300, plain: true, symbols: ['BTC/USDT'] }, 60);
      const startTime = NOW_MS - 40 * DAY_MS;
      const between = (fromMs: number, toMs: number) => newest(account().history.fills('spot'), fromMs, toMs);
      const asked = async (query: Record<string, number>) =>
        idsOf((await pages(PATH, { category: 'spot', ...query })).flat(), 'execId');
      expect(await asked({ startTime })).to.deep.equal(between(startTime, startTime + WEEK_MS));
      expect(await asked({ endTime: startTime })).to.deep.equal(between(startTime - WEEK_MS, startTime));
      expect(await asked({})).to.deep.equal(between(nowMs - WEEK_MS, nowMs));
      expect(await asked({ startTime: startTime - WEEK_MS, endTime: startTime })).to.deep.equal(
        between(startTime - WEEK_MS, startTime),
      );
    });

    it('are refused with 10001 where the ends are too far apart or the wrong way round', async () => {
      await start({ fills: 5, plain: true }, 60);
      const far = { category: 'spot', startTime: NOW_MS - WEEK_MS - 1, endTime: NOW_MS };
      expect((await ask(PATH, far)).json.retCode).to.equal(10001);
      const turned = { category: 'spot', startTime: NOW_MS, endTime: NOW_MS - 1 };
      expect((await ask(PATH, turned)).json.retCode).to.equal(10001);
    });

    it('neither lose nor double rows of one millisecond at the end of a page', async () => {
      const bursts = [{ at: 97, size: 7 }];
      await start({ fills: 150, plain: true, symbols: ['BTC/USDT'], bursts }, 6);
      const [first = [], second = []] = await pages(PATH, { category: 'spot', limit: 100 });
      expect(first.at(-1)?.execTime).to.equal(second[0]?.execTime);
      expect([first.length, second.length]).to.deep.equal([100, 50]);
      expect(idsOf([...first, ...second], 'execId')).to.deep.equal(newest(account().history.fills('spot')));
    });

    it('are forgotten after two years', async () => {
      await start({ fills: 400, plain: true, symbols: ['BTC/USDT'] }, 800);
      const kept = newest(account().history.fills('spot'), NOW_MS - 730 * DAY_MS, NOW_MS);
      expect(kept.length).to.be.lessThan(400);
      const rows = await walk(PATH, { category: 'spot', limit: 100 }, 800, WEEK_MS);
      expect(idsOf(rows, 'execId')).to.deep.equal(kept);
    });

    it('have the funding payments among them, unless the type is named; what was paid is positive', async () => {
      await start({ fills: 120, symbols: ['BTC/USDT:USDT'] }, 30);
      const all = await walk(PATH, { category: 'linear', limit: 100 }, 30, WEEK_MS);
      const payments = all.filter((row) => row.execType === 'Funding');
      expect(payments.length).to.be.greaterThan(5);
      const { history } = account();
      expect(idsOf(payments, 'execId')).to.deep.equal(newest(history.funding('linear')));
      const received = listed(history.funding('linear')).map(({ amount }) => amount);
      expect(sum([...received, ...payments.map((row) => row.execFee ?? '')])).to.equal('0');
      const trades = await walk(PATH, { category: 'linear', execType: 'Trade', limit: 100 }, 30, WEEK_MS);
      const fills = listed(history.fills('linear')).filter(({ kind }) => kind === 'trade');
      expect(trades).to.have.length(fills.length);
    });
  });

  describe('of the wallet', () => {
    const PATH = '/v5/account/transaction-log';

    it('give every change, and add up to what the wallet holds', async () => {
      await start({ fills: 200 }, 30);
      const rows = await walk(PATH, { limit: 50 }, 30, WEEK_MS);
      const wallet = account();
      expect(idsOf(rows, 'id')).to.deep.equal(newest(wallet.history.statement('UNIFIED')));
      for (const asset of wallet.assets('UNIFIED')) {
        const own = rows.filter((row) => row.currency === asset);
        const change = sum(own.map((row) => row.change ?? ''));
        expect(subtract(change, wallet.balance('UNIFIED', asset)), asset).to.equal('0');
        expect(own[0]?.cashBalance, asset).to.equal(wallet.balance('UNIFIED', asset));
      }
    });

    it('explain each change: cash flow and funding less the fee', async () => {
      await start({ fills: 150 }, 30);
      const rows = await walk(PATH, { limit: 50 }, 30, WEEK_MS);
      for (const row of rows) {
        const parts = sum([row.cashFlow ?? '', row.funding === '' ? '0' : (row.funding ?? '')]);
        expect(subtract(subtract(parts, row.fee ?? ''), row.change ?? ''), JSON.stringify(row)).to.equal('0');
      }
      const types = new Set(rows.map((row) => row.type));
      expect(types).to.include.keys(
        'TRADE',
        'SETTLEMENT',
        'TRANSFER_IN',
        'INTEREST',
        'FEE_REFUND',
        'AIRDROP',
      );
    });

    it('reach a day where only a start or nothing is sent, and a week between two ends', async () => {
      await start({ fills: 200 }, 30);
      const { history } = account();
      const between = (fromMs: number, toMs: number) => newest(history.statement('UNIFIED'), fromMs, toMs);
      const asked = async (query: Record<string, number>) =>
        idsOf((await pages(PATH, { limit: 50, ...query })).flat(), 'id');
      const startTime = NOW_MS - 20 * DAY_MS;
      expect(await asked({ startTime })).to.deep.equal(between(startTime, startTime + DAY_MS));
      expect(await asked({})).to.deep.equal(between(nowMs - DAY_MS, nowMs));
      const tooFar = { startTime, endTime: startTime + WEEK_MS + 1 };
      expect((await ask(PATH, tooFar)).json.retCode).to.equal(10001);
    });

    it('have at most 50 rows on a page', async () => {
      await start({ fills: 200, plain: true }, 6);
      const [first] = await pages(PATH, { limit: 200, startTime: NOW_MS - WEEK_MS, endTime: NOW_MS });
      expect(first).to.have.length(50);
    });
  });

  describe('of transfers', () => {
    it('give deposits, withdrawals and moves between wallets, which add up to the funding wallet', async () => {
      await start({ fills: 400 }, 90);
      const deposits = await walk('/v5/asset/deposit/query-record', {}, 90, 30 * DAY_MS - 1000);
      const withdrawals = await walk('/v5/asset/withdraw/query-record', {}, 90, 30 * DAY_MS);
      const moves = await walk('/v5/asset/transfer/query-inter-transfer-list', {}, 90, WEEK_MS - 1000);
      const { history } = account();
      expect(new Set(idsOf(deposits, 'id'))).to.have.keys(newest(history.transfers('deposit')));
      expect(idsOf(withdrawals, 'withdrawId')).to.deep.equal(newest(history.transfers('withdrawal')));
      const flows = (asset: string) => [
        ...deposits
          .filter((row) => row.coin === asset && Number(row.status) === 3)
          .map((row) => row.amount ?? ''),
        ...withdrawals
          .filter((row) => row.coin === asset && row.status === 'success')
          .map((row) => `-${sum([row.amount ?? '', row.withdrawFee ?? ''])}`),
        ...unique(moves, 'transferId')
          .filter((row) => row.coin === asset)
          .map((row) => (row.toAccountType === 'FUND' ? (row.amount ?? '') : `-${row.amount}`)),
      ];
      for (const asset of ['USDT', 'BTC', 'ETH']) {
        expect(subtract(sum(flows(asset)), account().balance('FUND', asset)), asset).to.equal('0');
      }
    });

    it('are refused beyond 30 days, and moves beyond 7', async () => {
      await start({ fills: 5, plain: true }, 60);
      const range = (days: number) => ({ startTime: NOW_MS - days * DAY_MS - 1, endTime: NOW_MS });
      const code = async (path: string, days: number) => (await ask(path, range(days))).json.retCode;
      expect(await code('/v5/asset/deposit/query-record', 30)).to.equal(10001);
      expect(await code('/v5/asset/withdraw/query-record', 30)).to.equal(10001);
      expect(await code('/v5/asset/transfer/query-inter-transfer-list', 7)).to.equal(10001);
      expect(await code('/v5/asset/transfer/query-universal-transfer-list', 7)).to.equal(10001);
      expect(await code('/v5/asset/deposit/query-record', 29)).to.equal(0);
    });
  });
});

function listed<Row>(list: RowList<Row & { timestampMs: number; seq: number }>): Row[] {
  return Array.from({ length: list.length }, (_, index) => list.at(index));
}

/** The numbers of a list's rows between two times, both included, newest first. */
function newest(
  list: RowList<{ readonly id: string; readonly timestampMs: number; readonly seq: number }>,
  fromMs = 0,
  toMs = NOW_MS,
): string[] {
  return listed(list)
    .filter(({ timestampMs }) => timestampMs >= fromMs && timestampMs <= toMs)
    .map(({ id }) => id)
    .reverse();
}

function idsOf(rows: readonly Row[], field: string): string[] {
  return rows.map((row) => row[field] ?? '');
}

function unique(rows: readonly Row[], field: string): Row[] {
  return [...new Map(rows.map((row) => [row[field], row])).values()];
}
