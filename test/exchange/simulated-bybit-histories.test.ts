import { expect } from 'chai';
import type { AccountRef } from '#src/domain/account.js';
import type { TimeRange } from '#src/domain/time-range.js';
import type { AccountClient } from '#src/exchange/exchange-client.js';
import type { ExchangeManager } from '#src/exchange/exchange-manager.js';
import { negate } from '#src/ledger/decimal.js';
import { type Simulator, startSimulator } from '#src/simulator/simulator.js';
import type { HistoryPlan } from '#src/simulator/world/world-plan.js';
import { pagesOf } from './readers/history/pages-of.js';
import { readContext, rejection } from './support/managed.js';
import { simulatedManager } from './support/simulated-manager.js';
import { SkippingClock } from './support/skipping-clock.js';
import { unexplained, wholeHistories } from './support/whole-histories.js';

const DAY = 24 * 60 * 60_000;
const MAIN = { exchange: 'bybit', account: 'main' };
const SUB = { exchange: 'bybit', account: 'sub1' };

describe('the histories of a simulated bybit', () => {
  let simulator: Simulator;
  let manager: ExchangeManager;
  let clock: SkippingClock;
  afterEach(async () => {
    await manager.close();
    await simulator.stop();
  });

  async function start(
    seed: string,
    days: number,
    history: HistoryPlan,
    refs: readonly AccountRef[] = [MAIN],
  ): Promise<AccountClient> {
    clock = new SkippingClock();
    simulator = await startSimulator({
      seed,
      clock,
      historyMs: days * DAY,
      plan: { accounts: refs.map((ref) => ({ ...ref, holdings: [], history })) },
    });
    manager = simulatedManager({ simulator, exchange: 'bybit', clock });
    return manager.account(MAIN, readContext());
  }

  const lastDays = (days: number): TimeRange => ({
    fromMs: clock.now() - (days + 1) * DAY,
    toMs: clock.now() + 1,
  });
  const fills = () => [...simulator.history('bybit', 'main').fills()];

  for (let world = 1; world <= 5; world += 1) {
    it(`explain every balance of world ${world} to the last digit`, async () => {
      const days = 20 + 5 * world;
      const account = await start(`world ${world}`, days, { fills: 40 * world });
      const histories = await wholeHistories(account, lastDays(days));
      expect(histories.trades.map(({ tradeId }) => tradeId).sort()).deep.equal(
        fills()
          .map(({ tradeId }) => tradeId)
          .sort(),
      );
      expect(await unexplained(account, histories)).deep.equal([]);
    });
  }

  it('explain what two accounts of one owner sent each other, in both of them', async () => {
    const account = await start('family', 20, { fills: 60 }, [MAIN, SUB]);
    const [main, sub] = [MAIN, SUB].map((ref) => simulator.world.account(ref.exchange, ref.account));
    const movement = { asset: 'USDT', amount: '123.456', timestampMs: clock.now() - DAY };
    simulator.world.treasury.transferBetween(main!, 'UNIFIED', sub!, 'FUND', movement);
    const histories = await wholeHistories(account, lastDays(20));
    expect(await unexplained(account, histories)).deep.equal([]);
    const other = await manager.account(SUB, readContext());
    const others = await wholeHistories(other, lastDays(20));
    expect(await unexplained(other, others)).deep.equal([]);
    const sent = [histories, others].map(({ transfers }) =>
      transfers.filter(({ amount }) => amount === '123.456').map(({ change }) => change),
    );
    expect(sent).deep.equal([['-123.456'], ['123.456']]);
  });

  it('have no withdrawals of a subaccount whose key may not read them, but of a main account nobody knows', async () => {
    await start('refused', 10, { fills: 10 }, [MAIN, SUB]);
    for (const { account } of [MAIN, SUB]) {
      simulator.world.account('bybit', account)!.permissions = new Set();
    }
    const range = lastDays(10);
    const read = async (ref: AccountRef, scope: string) => {
      const account = await manager.account(ref, readContext());
      const { covered } = await pagesOf(account, 'transfers', { scope, range });
      return covered;
    };
    expect(await read(SUB, 'withdrawals')).deep.equal([range]);
    expect(await read(SUB, 'withdrawals'), 'again, once it is suspended').deep.equal([range]);
    for (const refused of [read(SUB, 'deposits'), read(MAIN, 'withdrawals')]) {
      expect(await rejection(refused)).property('code', 'PERMISSION_DENIED');
    }
  });

  it('leave unexplained exactly what a row that is missing moved', async () => {
    const account = await start('withheld', 30, { fills: 80 });
    const spot = fills().filter(({ marketKind }) => marketKind === 'spot');
    const missing = spot[Math.floor(spot.length / 2)];
    if (missing === undefined) throw new Error('the world has no spot fills');
    simulator.serving.add({ kind: 'withhold', match: { path: '/v5/execution/list' }, id: missing.tradeId });
    const histories = await wholeHistories(account, lastDays(30));
    const moved = Object.entries(missing.changes).map(
      ([asset, change]) => `${asset}: ${negate(negate(change))}`,
    );
    expect(await unexplained(account, histories)).deep.equal(moved.sort());
  });

  it('are given once where a moment fills pages, and pages begin with rows of the ones before', async () => {
    const account = await start('burst', 30, {
      fills: 500,
      symbols: ['BTC/USDT'],
      bursts: [{ at: 60, size: 230 }],
    });
    simulator.serving.add({ kind: 'drift', match: {}, rows: 7 });
    const { trades, ledger } = await wholeHistories(account, lastDays(30));
    expect(trades.map(({ tradeId }) => tradeId).sort()).deep.equal(
      fills()
        .map(({ tradeId }) => tradeId)
        .sort(),
    );
    const ofWallet = ({ wallet }: { readonly wallet: string | undefined }) => wallet === 'UNIFIED';
    const rows = [...simulator.history('bybit', 'main').ledger()].filter(ofWallet);
    expect(
      ledger
        .filter(ofWallet)
        .map(({ id }) => id)
        .sort(),
    ).deep.equal(rows.map(({ id }) => id).sort());
  });

  it('of 135 fills over 60 days with a quiet gap take one request per window, and one per further page', async () => {
    const account = await start('quiet', 60, {
      fills: 135,
      plain: true,
      symbols: ['BTC/USDT'],
      gaps: [{ fromDay: 20, days: 16 }],
    });
    const range = { fromMs: clock.now() - 60 * DAY, toMs: clock.now() };
    const context = readContext();
    const records = [];
    for await (const page of account.readHistory('trades', { scope: 'spot', range }, context)) {
      records.push(...page.records);
    }
    expect(records).length(135);
    const windows = Math.ceil(60 / 7);
    const furtherPages = Math.floor(135 / 100);
    expect(context.meter.requests).most(windows + furtherPages + 1);
  });
});
