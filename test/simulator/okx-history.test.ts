import { expect } from 'chai';
import { add, negate, subtract, sum } from '#src/ledger/decimal.js';
import type { Simulator } from '#src/simulator/simulator.js';
import type { HistoryPlan } from '#src/simulator/world/world-plan.js';
import { accountOf, between, DAY_MS, HandClock, ids, listed, NOW_MS, startPast } from './past-worlds.js';
import { type Answer, askOkx } from './simulated-http.js';

type Row = Record<string, string>;

const SPOT = { fills: 350, plain: true, symbols: ['BTC/USDT', 'ETH/BTC'] };

describe("okx's histories", () => {
  let simulator: Simulator;
  let clock: HandClock;
  beforeEach(() => {
    clock = new HandClock();
  });
  afterEach(() => simulator.stop());

  const start = async (history: HistoryPlan, days: number): Promise<void> => {
    simulator = await startPast('okx', history, { days, clock });
  };
  const ask = (path: string, query: Record<string, string | number> = {}): Promise<Answer> => {
    clock.advance(1_000);
    const text = Object.entries(query).map(([name, value]) => [name, String(value)]);
    return askOkx(simulator, path, Object.fromEntries(text), { timestampMs: clock.now() });
  };
  const rows = async (path: string, query: Record<string, string | number> = {}): Promise<Row[]> => {
    const { json } = await ask(path, query);
    expect(json.code, json.msg).to.equal('0');
    return json.data;
  };
  /** Every page, each behind the last row of the one before. */
  const walk = async (path: string, field: string, query: Record<string, string | number> = {}) => {
    const found: Row[] = [];
    for (;;) {
      const last = found.at(-1)?.[field];
      const page = await rows(path, { ...query, ...(last !== undefined && { after: last }) });
      found.push(...page);
      if (page.length < 100) return found;
    }
  };
  const column = (found: readonly Row[], field: string) => found.map((row) => row[field] ?? '');
  const history = () => accountOf(simulator, 'okx').history;

  describe('of fills', () => {
    it('give three months of one type, behind the number of the last row', async () => {
      await start(SPOT, 120);
      const found = await walk('trade/fills-history', 'billId', { instType: 'SPOT' });
      const kept = between(history().fills('spot'), clock.now() - 90 * DAY_MS, clock.now());
      expect(column(found, 'tradeId')).to.deep.equal(ids(kept).reverse());
      expect(found.length).to.be.within(101, 349);
      const { json } = await ask('trade/fills-history');
      expect([json.code, json.msg]).to.deep.equal(['50014', 'Parameter instType cannot be empty.']);
    });

    it('neither lose nor double rows of one millisecond at the end of a page', async () => {
      await start({ ...SPOT, bursts: [{ at: 97, size: 7 }] }, 60);
      const found = await walk('trade/fills-history', 'billId', { instType: 'SPOT' });
      expect(found[99]?.ts).to.equal(found[100]?.ts);
      expect(column(found, 'tradeId')).to.deep.equal(ids(listed(history().fills('spot'))).reverse());
    });

    it('give what lies between two times, and three days in the short list', async () => {
      await start({ ...SPOT, fills: 90 }, 20);
      const begin = NOW_MS - 9 * DAY_MS;
      const end = NOW_MS - 5 * DAY_MS;
      const found = await rows('trade/fills-history', { instType: 'SPOT', begin, end });
      expect(column(found, 'tradeId')).to.deep.equal(
        ids(between(history().fills('spot'), begin, end)).reverse(),
      );
      const recent = await rows('trade/fills');
      const kept = between(history().fills('spot'), clock.now() - 3 * DAY_MS, clock.now());
      expect(column(recent, 'tradeId')).to.deep.equal(ids(kept).reverse());
      expect(recent.length).to.be.within(1, 89);
    });

    it('give newer rows before a number', async () => {
      await start({ ...SPOT, fills: 30 }, 20);
      const all = await rows('trade/fills-history', { instType: 'SPOT' });
      const before = all[10]?.billId ?? '';
      expect(await rows('trade/fills-history', { instType: 'SPOT', before })).to.deep.equal(all.slice(0, 10));
      const { json } = await ask('trade/fills-history', { instType: 'SPOT', after: 'x' });
      expect(json.code).to.equal('51000');
    });

    it('write what was paid with a minus, and the profit of a contract', async () => {
      await start({ fills: 400 }, 60);
      const byType = new Map([
        ['SPOT', listed(history().fills('spot'))],
        ['SWAP', [...listed(history().fills('linear')), ...listed(history().fills('inverse'))]],
      ]);
      for (const [instType, own] of byType) {
        const found = await walk('trade/fills-history', 'billId', { instType });
        expect(found).to.have.length(own.length);
        const known = new Map(own.map((fill) => [`${fill.market.id} ${fill.id} ${fill.side}`, fill]));
        for (const row of found) {
          const fill = known.get(`${row.instId} ${row.tradeId} ${row.side}`);
          expect(row.fee).to.equal(negate(fill?.fee ?? 'none'));
          expect(row.fillPnl).to.equal(fill?.realizedPnl ?? '0');
        }
        expect(found.some((row) => row.fee?.startsWith('-'))).to.equal(true);
      }
      const swaps = await walk('trade/fills-history', 'billId', { instType: 'SWAP' });
      expect(swaps.some((row) => !row.fee?.startsWith('-'))).to.equal(true);
    });
  });

  describe('of the trading account', () => {
    it('give every change of three months, which adds up to what is there', async () => {
      await start({ fills: 350 }, 60);
      const account = accountOf(simulator, 'okx');
      const found = await walk('account/bills-archive', 'billId');
      expect(column(found, 'billId')).to.deep.equal(ids(listed(history().statement('TRADING'))).reverse());
      for (const asset of account.assets('TRADING')) {
        const own = found.filter((row) => row.ccy === asset);
        expect(subtract(sum(column(own, 'balChg')), account.balance('TRADING', asset)), asset).to.equal('0');
        expect(own[0]?.bal, asset).to.equal(account.balance('TRADING', asset));
      }
      expect(new Set(column(found, 'type'))).to.include.keys('1', '2', '7', '8');
      const funding = found.filter((row) => row.type === '8');
      expect(funding.every((row) => (row.subType === '173') === row.pnl?.startsWith('-'))).to.equal(true);
      const trades = found.filter((row) => row.type === '2' && row.instType === 'SWAP');
      for (const row of trades) expect(row.balChg).to.equal(add(row.pnl ?? '', row.fee ?? ''));
    });

    it('give seven days in the short list, three months in the other', async () => {
      await start({ ...SPOT, fills: 150 }, 120);
      for (const [path, days] of [
        ['account/bills', 7],
        ['account/bills-archive', 90],
      ] as const) {
        const found = await walk(path, 'billId');
        const kept = between(history().statement('TRADING'), clock.now() - days * DAY_MS, clock.now());
        expect(column(found, 'billId'), path).to.deep.equal(ids(kept).reverse());
      }
    });

    it('give one type when asked', async () => {
      await start({ fills: 150 }, 20);
      const all = await walk('account/bills-archive', 'billId');
      const moves = await walk('account/bills-archive', 'billId', { type: '1' });
      expect(moves).to.deep.equal(all.filter((row) => row.type === '1'));
      expect(moves.every((row) => (row.from === '6') === (row.subType === '11'))).to.equal(true);
    });
  });

  describe('of the funding account', () => {
    it('give deposits, withdrawals and bills, which add up to what is there', async () => {
      await start({ fills: 400 }, 80);
      const account = accountOf(simulator, 'okx');
      const bills = await walk('asset/bills-history', 'billId', { pagingType: 2 });
      expect(column(bills, 'billId')).to.deep.equal(ids(listed(history().statement('FUNDING'))).reverse());
      for (const asset of account.assets('FUNDING')) {
        const own = bills.filter((row) => row.ccy === asset);
        expect(subtract(sum(column(own, 'balChg')), account.balance('FUNDING', asset)), asset).to.equal('0');
      }
      expect(new Set(column(bills, 'type'))).to.include.keys('1', '2', '48', '68', '131');
      const total = (type: string, asset: string) =>
        sum(
          column(
            bills.filter((row) => row.type === type && row.ccy === asset),
            'balChg',
          ),
        );
      const deposits = await walk('asset/deposit-history', 'ts');
      const arrived = deposits.filter((row) => row.ccy === 'USDT').map((row) => row.amt ?? '');
      expect(sum(arrived)).to.equal(total('1', 'USDT'));
      const withdrawals = (await walk('asset/withdrawal-history', 'ts')).filter(
        (row) => row.ccy === 'USDT' && row.state === '2',
      );
      expect(negate(sum(withdrawals.map((row) => add(row.amt ?? '', row.fee ?? ''))))).to.equal(
        total('2', 'USDT'),
      );
    });

    it('give a month in the short list, and what is older than a time', async () => {
      await start({ fills: 100 }, 80);
      const found = await walk('asset/bills', 'ts');
      const kept = between(history().statement('FUNDING'), clock.now() - 30 * DAY_MS, clock.now());
      expect(new Set(column(found, 'billId'))).to.deep.equal(new Set(ids(kept)));
      const after = String(kept.at(-1)?.timestampMs);
      expect(column(await rows('asset/bills', { after }), 'ts')).not.to.include(after);
    });
  });
});
