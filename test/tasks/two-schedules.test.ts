import { expect } from 'chai';
import { HISTORY_DATA_TYPES } from '#src/domain/data-type.js';
import type { SyncRunResult, SyncTask } from '#src/sync/sync-task.js';
import { everyInterval } from '../support/intervals.js';
import { settled } from '../support/manual-clock.js';
import { Harness, MINUTE, reportOf, START, watch } from './task-manager-harness.js';

const BALANCES = 'bybit/main balances';

describe('TaskManager beside another process', () => {
  const harnesses: Harness[] = [];
  const started = (options: ConstructorParameters<typeof Harness>[0] = {}): Harness => {
    const harness = new Harness(options);
    harnesses.push(harness);
    harness.manager.start();
    return harness;
  };
  /** The first run of balances ends like this, all others with a report. */
  const once = (result: SyncRunResult) => {
    let left: SyncRunResult | undefined = result;
    return ({ dataType }: SyncTask) => {
      if (dataType !== 'balances') return undefined;
      const given = left;
      left = undefined;
      return given;
    };
  };
  const starts = (harness: Harness, id: string) =>
    harness.callsOf(id).map(({ startedMs }) => startedMs / MINUTE);

  afterEach(async () => {
    for (const { manager, clock } of harnesses.splice(0)) {
      const stop = manager.stop(0);
      await clock.advance(10_000);
      await stop;
      expect(clock.sleepers).to.equal(0);
    }
  });

  it('follows the time that the other one has stored, and goes on from there', async () => {
    const harness = started({ result: once({ report: undefined, dueInMs: 12 * MINUTE }) });
    await harness.clock.advance(75 * MINUTE);
    const [, second, third, fourth] = starts(harness, BALANCES);
    expect([second, third, fourth].map((start) => Math.round(start ?? 0))).to.deep.equal([12, 42, 72]);
  });

  it('looks again soon where the other one may not finish, and stays on the grid', async () => {
    const harness = started({ result: once({ report: undefined, retryInMs: 20_000 }) });
    await harness.clock.advance(61 * MINUTE);
    const [, again, ...later] = starts(harness, BALANCES);
    expect(Math.round((again ?? 0) * MINUTE)).to.be.within(20_000, 25_000);
    expect(later).to.deep.equal([30, 60]);
  });

  it('asks only whether it is due, unless somebody waits or its inputs were read here', async () => {
    const harness = started({ schedule: { enabled: true, intervalMs: everyInterval(10 * MINUTE) } });
    await harness.clock.advance(MINUTE);
    const rule = { intervalMs: 10 * MINUTE, toleranceMs: 30_000 };
    expect(harness.callsOf(BALANCES)[0]?.task.onlyIfDue).to.deep.equal(rule);
    expect(harness.callsOf('bybit/main portfolio')[0]?.task.onlyIfDue).to.equal(undefined);
    const triggered = watch(harness.manager.trigger('bybit', 'main', 'balances'));
    await harness.clock.advance(MINUTE);
    expect(triggered.value).to.have.lengthOf(1);
    expect(harness.callsOf(BALANCES)[1]?.task.onlyIfDue).to.equal(undefined);
  });

  it('leaves a portfolio to the other one whose inputs it was', async () => {
    const harness = started({
      result: ({ dataType }) =>
        dataType === 'balances' || dataType === 'prices'
          ? { report: undefined, dueInMs: 30 * MINUTE }
          : undefined,
    });
    await harness.clock.advance(MINUTE);
    expect(harness.callsOf('bybit/main portfolio')[0]?.task.onlyIfDue).to.not.equal(undefined);
  });

  it('does for whoever waits what it was about to leave out', async () => {
    let asked = 0;
    const harness = started({
      duration: () => ({ requestMs: 500, totalMs: 500 }),
      // Before its first request it learns that the other process is at it.
      execute: async (task) => {
        if (task.dataType !== 'balances') return { report: reportOf(task) };
        asked += 1;
        await harness.clock.sleep(1_000, task.signal);
        return { report: task.priority === 'trigger' && asked > 1 ? reportOf(task) : undefined };
      },
    });
    await settled();
    const triggered = watch(harness.manager.trigger('bybit', 'main', 'balances'));
    await harness.clock.advance(5_000);
    expect(asked).to.equal(2);
    expect(triggered.value?.[0]?.status).to.equal('ok');
  });

  it('starts together what was stored some milliseconds apart', async () => {
    const shares = [0.9, 0.1, 0.5];
    const main = { exchange: 'bybit', account: 'main' };
    const harness = started({
      random: () => shares.shift() ?? 0,
      stored: [
        { ...main, dataType: 'balances', dueMs: START + 10 * MINUTE + 3 },
        { ...main, dataType: 'positions', dueMs: START + 10 * MINUTE },
        { ...main, dataType: 'orders', dueMs: START + 10 * MINUTE + 7 },
        { exchange: 'bybit', account: '*', dataType: 'prices', dueMs: START + 10 * MINUTE + 5 },
        { ...main, dataType: 'portfolio', dueMs: START + 10 * MINUTE - 2 },
        ...HISTORY_DATA_TYPES.map((dataType) => ({ ...main, dataType, dueMs: START + 25 * MINUTE })),
      ],
    });
    await harness.clock.advance(11 * MINUTE);
    expect(harness.calls.map(({ id }) => id)).to.deep.equal([
      BALANCES,
      'bybit/* prices',
      'bybit/main positions',
      'bybit/main orders',
      'bybit/main portfolio',
    ]);
  });
});
