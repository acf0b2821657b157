import { expect } from 'chai';
import { isNegative, isZero, multiply, subtract, sum } from '#src/ledger/decimal.js';
import { type Simulator, startSimulator } from '#src/simulator/simulator.js';
import type { FillTruth } from '#src/simulator/truth.js';
import { MILLION_HISTORY_MS, millionPlan } from '#src/simulator/world/presets/million.js';
import { accountOf, DAY_MS, HandClock, listed, NOW_MS } from './past-worlds.js';
import { ask, askBybit } from './simulated-http.js';

type Row = Record<string, string>;

const FILLS = 20_000;

describe('a world of very many fills', () => {
  let simulator: Simulator;
  let clock: HandClock;

  async function start(fills = FILLS, seed = 'bulk'): Promise<Simulator> {
    clock = new HandClock();
    return startSimulator({ seed, clock, historyMs: MILLION_HISTORY_MS, plan: millionPlan(fills) });
  }

  beforeEach(async () => {
    simulator = await start();
  });
  afterEach(() => simulator.stop());

  const fillsOf = (world: Simulator): FillTruth[] => [...world.history('bybit', 'main').fills()];

  it('has as many as it was told to, of every kind, over the whole time, each with a number of its own', () => {
    const fills = fillsOf(simulator);
    expect(fills).to.have.length(FILLS);
    expect(new Set(fills.map(({ tradeId }) => tradeId)).size).to.equal(FILLS);
    expect(new Set(fills.map(({ marketKind }) => marketKind))).to.have.keys('spot', 'linear', 'inverse');
    expect(fills.some(({ base, quote, feeCurrency }) => ![base, quote].includes(feeCurrency ?? ''))).to.equal(
      true,
    );
    expect(fills.some(({ feeCost }) => isNegative(feeCost ?? '0'))).to.equal(true);
    const times = fills.map(({ timestampMs }) => timestampMs);
    expect(Math.max(...times)).to.be.within(NOW_MS - 30 * DAY_MS, NOW_MS);
    expect(Math.min(...times)).to.be.within(
      NOW_MS - MILLION_HISTORY_MS,
      NOW_MS - MILLION_HISTORY_MS + DAY_MS,
    );
    expect(simulator.truth().exchanges.bybit?.accounts.main?.happened.fills).to.equal(FILLS);
  });

  it('adds up in every row: what the wallet held before, and what the row changed', () => {
    const account = accountOf(simulator, 'bybit');
    const held = new Map<string, string>();
    let last = { timestampMs: 0, seq: 0 };
    for (const row of listed(account.history.statement('UNIFIED'))) {
      const before = held.get(row.asset) ?? '0';
      expect(sum([before, row.flow, `-${row.fee}`.replace('--', '')])).to.equal(row.balanceAfter);
      expect(row.change).to.equal(subtract(row.flow, row.fee));
      held.set(row.asset, row.balanceAfter);
      const isLater =
        row.timestampMs > last.timestampMs || (row.timestampMs === last.timestampMs && row.seq > last.seq);
      expect(isLater).to.equal(true);
      last = row;
    }
    for (const asset of account.assets('UNIFIED')) {
      expect(held.get(asset), asset).to.equal(account.balance('UNIFIED', asset));
      expect(isNegative(held.get(asset) ?? '0'), asset).to.equal(false);
    }
  });

  it('tells of each fill what it changed, as its fills and its wallet do', () => {
    const changes = new Map<string, string[]>();
    for (const fill of fillsOf(simulator)) {
      for (const [asset, change] of Object.entries(fill.changes)) {
        const known = changes.get(asset);
        if (known === undefined) changes.set(asset, [change]);
        else known.push(change);
      }
      if (fill.marketKind === 'spot') expect(fill.cost).to.equal(multiply(fill.price, fill.amount));
    }
    const trades = [...simulator.history('bybit', 'main').ledger()].filter(({ event }) => event === 'trade');
    for (const [asset, amounts] of changes) {
      const booked = trades.filter(({ currency }) => currency === asset).map(({ change }) => change);
      expect(subtract(sum(amounts), sum(booked)), asset).to.equal('0');
    }
    const { positions = [] } = simulator.truth().exchanges.bybit?.accounts.main ?? {};
    for (const { symbol, side, contracts } of positions) {
      const own = fillsOf(simulator).filter((fill) => fill.symbol === symbol);
      const net = sum(own.map((fill) => (fill.side === 'buy' ? fill.amount : `-${fill.amount}`)));
      expect(net, symbol).to.equal(side === 'long' ? contracts : `-${contracts}`);
      expect(isZero(net)).to.equal(false);
    }
  });

  it('is the same for the same seed and another one for another', async () => {
    const first = JSON.stringify(fillsOf(simulator).slice(0, 50));
    const same = await start();
    expect(JSON.stringify(fillsOf(same).slice(0, 50))).to.equal(first);
    await same.stop();
    const other = await start(FILLS, 'another');
    expect(JSON.stringify(fillsOf(other).slice(0, 50))).not.to.equal(first);
    await other.stop();
  });

  it('is served page by page, together with what happens now', async () => {
    const account = accountOf(simulator, 'bybit');
    simulator.world.advance();
    const startTime = NOW_MS - 40 * DAY_MS;
    for (const [path, query, size, field, list] of [
      [
        '/v5/execution/list',
        { category: 'spot', limit: '100' },
        100,
        'execId',
        account.history.fills('spot'),
      ],
      ['/v5/account/transaction-log', { limit: '50' }, 50, 'id', account.history.statement('UNIFIED')],
    ] as const) {
      const found: Row[] = [];
      const endTime = startTime + 7 * DAY_MS;
      let cursor = '';
      do {
        clock.advance(1_000);
        const range = { startTime: String(startTime), endTime: String(endTime) };
        const asked = { ...query, ...range, ...(cursor !== '' && { cursor }) };
        const { json } = await askBybit(simulator, path, asked, { timestampMs: clock.now() });
        expect(json.retCode, json.retMsg).to.equal(0);
        found.push(...json.result.list);
        cursor = json.result.nextPageCursor;
        expect(json.result.list.length).to.be.at.most(size);
      } while (cursor !== '');
      const within = Array.from({ length: list.length }, (_, index) => list.at(index)).filter(
        ({ timestampMs }) => timestampMs >= startTime && timestampMs <= endTime,
      );
      expect(found.length).to.be.greaterThan(size);
      expect(found.map((row) => row[field])).to.deep.equal(within.map(({ id }) => id).reverse());
    }
  });

  it('tells its truth line by line', async () => {
    const { text } = await ask(`${simulator.url}/control/history?exchange=bybit&account=main&list=fills`);
    const lines = text.trimEnd().split('\n');
    expect(lines).to.have.length(FILLS);
    expect(JSON.parse(lines[77] ?? '').tradeId).to.equal(fillsOf(simulator)[77]?.tradeId);
  });

  it('says where big histories are not simulated', async () => {
    const history = { fills: 0, plain: true, bulkFills: 10 };
    const plan = { accounts: [{ exchange: 'okx', account: 'main', holdings: [], history }] };
    let refusal: unknown;
    try {
      await startSimulator({ clock, historyMs: MILLION_HISTORY_MS, plan });
    } catch (error: unknown) {
      refusal = error;
    }
    expect(String(refusal)).to.include('not simulated at okx');
  });
});
