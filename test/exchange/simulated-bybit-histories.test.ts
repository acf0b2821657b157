import { expect } from 'chai';
import type { Clock } from '#src/domain/clock.js';
import { systemClock } from '#src/domain/clock.js';
import type { HistoryDataType } from '#src/domain/data-type.js';
import type { HistoryRecords } from '#src/domain/history-records.js';
import type { TimeRange } from '#src/domain/time-range.js';
import type { AccountClient } from '#src/exchange/exchange-client.js';
import type { ExchangeManager } from '#src/exchange/exchange-manager.js';
import { isZero, negate, subtract, sum } from '#src/ledger/decimal.js';
import { type Simulator, startSimulator } from '#src/simulator/simulator.js';
import type { HistoryPlan } from '#src/simulator/world/world-plan.js';
import { joined } from './readers/history/pages-of.js';
import { readContext } from './support/managed.js';
import { simulatedManager } from './support/simulated-manager.js';

const DAY = 24 * 60 * 60_000;
const MAIN = { exchange: 'bybit', account: 'main' };

/** Waits for the limiter are over at once and time goes by as much; deadlines never come. */
class SkippingClock implements Clock {
  #nowMs = 1_780_000_000_000;
  now(): number {
    return this.#nowMs;
  }
  async sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    if (durationMs > 20_000) return systemClock.sleep(durationMs, signal);
    this.#nowMs += durationMs;
  }
}

describe('the histories of a simulated bybit', () => {
  let simulator: Simulator;
  let manager: ExchangeManager;
  let clock: SkippingClock;
  afterEach(async () => {
    await manager.close();
    await simulator.stop();
  });

  async function start(seed: string, days: number, history: HistoryPlan): Promise<AccountClient> {
    clock = new SkippingClock();
    simulator = await startSimulator({
      seed,
      clock,
      historyMs: days * DAY,
      plan: { accounts: [{ ...MAIN, holdings: [], history }] },
    });
    manager = simulatedManager({ simulator, exchange: 'bybit', clock });
    return manager.account(MAIN, readContext());
  }

  async function everything<Type extends HistoryDataType>(
    account: AccountClient,
    dataType: Type,
    range: TimeRange,
  ): Promise<HistoryRecords[Type][]> {
    const records: HistoryRecords[Type][] = [];
    for (const { id: scope } of account.historyScopes(dataType)) {
      const covered: TimeRange[] = [];
      for await (const page of account.readHistory(dataType, { scope, range }, readContext())) {
        expect(page.rejected).deep.equal([]);
        records.push(...page.records);
        covered.push(...page.covered);
      }
      expect(joined(covered), `${dataType} ${scope}`).deep.equal([range]);
    }
    return records;
  }

  for (let world = 1; world <= 5; world += 1) {
    it(`explain every balance of world ${world} to the last digit`, async () => {
      const days = 20 + 5 * world;
      const account = await start(`world ${world}`, days, { fills: 40 * world });
      const range = { fromMs: clock.now() - (days + 1) * DAY, toMs: clock.now() + 1 };
      const trades = await everything(account, 'trades', range);
      const given = await everything(account, 'transfers', range);
      // Deposits are asked for beyond each window, so that some are given with two of them.
      const transfers = [...new Map(given.map((row) => [`${row.kind} ${row.id}`, row])).values()];
      const ledger = await everything(account, 'ledger', range);

      const truth = [...simulator.history('bybit', 'main').fills()];
      expect(trades.map(({ tradeId }) => tradeId).sort()).deep.equal(
        truth.map(({ tradeId }) => tradeId).sort(),
      );

      const flows: (readonly [string, string])[] = [
        ...trades
          .filter(({ flow }) => flow === 'exchange')
          .flatMap(({ side, base, quote, amount, cost = '0', feeCost = '0', feeCurrency = base }) => [
            [base, side === 'buy' ? amount : negate(amount)] as const,
            [quote, side === 'buy' ? negate(cost) : cost] as const,
            [feeCurrency, negate(feeCost)] as const,
          ]),
        ...transfers
          .filter(({ status }) => status === 'ok')
          .map(({ currency, change }) => [currency, change] as const),
        ...ledger
          .filter(({ counts }) => counts)
          .map(({ currency, amount, feeCost = '0' }) => [currency, subtract(amount, feeCost)] as const),
      ];
      const reads = await Promise.all(
        account.balanceScopes().map((scope) => account.readBalances(scope, readContext())),
      );
      const reported = reads.flatMap(({ records }) => records);
      const assets = new Set([...flows.map(([asset]) => asset), ...reported.map(({ currency }) => currency)]);
      const unexplained = [...assets].flatMap((asset) => {
        const expected = sum(flows.filter(([of]) => of === asset).map(([, amount]) => amount));
        const total = sum(reported.filter(({ currency }) => currency === asset).map((one) => one.total));
        const rest = subtract(total, expected);
        return isZero(rest) ? [] : [`${asset}: ${rest}`];
      });
      expect(unexplained).deep.equal([]);
      expect(assets.size).above(3);
    });
  }

  it('are given once where a moment fills pages, and pages begin with rows of the ones before', async () => {
    const account = await start('burst', 30, {
      fills: 500,
      symbols: ['BTC/USDT'],
      bursts: [{ at: 60, size: 230 }],
    });
    simulator.serving.add({ kind: 'drift', match: {}, rows: 7 });
    const range = { fromMs: clock.now() - 31 * DAY, toMs: clock.now() };
    const trades = await everything(account, 'trades', range);
    const truth = [...simulator.history('bybit', 'main').fills()].map(({ tradeId }) => tradeId);
    expect(trades.map(({ tradeId }) => tradeId).sort()).deep.equal(truth.sort());
    const ledger = await everything(account, 'ledger', range);
    const ids = ledger.filter(({ wallet }) => wallet === 'UNIFIED').map(({ id }) => id);
    const rows = [...simulator.history('bybit', 'main').ledger()].filter(
      ({ wallet }) => wallet === 'UNIFIED',
    );
    expect(ids.sort()).deep.equal(rows.map(({ id }) => id).sort());
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
