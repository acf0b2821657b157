import { expect } from 'chai';
import fc from 'fast-check';
import { HISTORY_DATA_TYPES } from '#src/domain/data-type.js';
import { ExchangeSyncError } from '#src/domain/errors.js';
import { everyInterval } from '../support/intervals.js';
import { settled } from '../support/manual-clock.js';
import { silentLogger } from '../support/silent-logger.js';
import { accountRef, Harness, MINUTE, reportOf, START } from './task-manager-harness.js';

describe('TaskManager on schedule', () => {
  const harnesses: Harness[] = [];
  const started = (options: ConstructorParameters<typeof Harness>[0] = {}): Harness => {
    const harness = new Harness(options);
    harnesses.push(harness);
    harness.manager.start();
    return harness;
  };

  afterEach(async () => {
    for (const { manager, clock } of harnesses.splice(0)) {
      const stop = manager.stop(0);
      await clock.advance(10_000);
      await stop;
      expect(clock.sleepers).to.equal(0);
    }
  });

  it('syncs everything at once after a start, the data types of an account in order', async () => {
    const { clock, starts } = await advanced(started(), 10_000);
    expect(starts).to.deep.equal([
      'bybit/main balances @ 0',
      'bybit/* prices @ 0',
      'bybit/main positions @ 1000',
      'bybit/main orders @ 2000',
      'bybit/main transfers @ 3000',
      'bybit/main ledger @ 4000',
      'bybit/main trades @ 5000',
      'bybit/main portfolio @ 6000',
    ]);
    expect(clock.nextWakeMs).to.equal(START + MINUTE);
  });

  it('derives the portfolio only when slow prices are there too', async () => {
    const harness = started({
      duration: ({ dataType }) => ({ totalMs: dataType === 'prices' ? 20_000 : 1_000 }),
    });
    await harness.clock.advance(30_000);
    expect(harness.starts.at(-1)).to.equal('bybit/main portfolio @ 20000');
  });

  it('warns of an interval that is too short, and not of a trigger that came before the schedule', async () => {
    const warnings: string[] = [];
    const logger = { ...silentLogger, warning: (message: string) => void warnings.push(message) };
    const harness = started({ logger, duration: () => ({ requestMs: 5_000, totalMs: 10_000 }) });
    const triggered = harness.manager.trigger('bybit', 'main', 'balances');
    await harness.clock.advance(60_000);
    await triggered;
    expect(harness.callsOf('bybit/main balances')).to.have.length(1);
    expect(warnings).to.deep.equal([]);

    const slow = started({ logger, duration: () => ({ totalMs: 40 * MINUTE }) });
    await slow.clock.advance(31 * MINUTE);
    expect(warnings).to.contain('A scheduled sync is left out because the one before is still under way');
  });

  it('repeats every data type at its own interval and tells the run when the next one is due', async () => {
    const harness = started({
      schedule: {
        enabled: true,
        intervalMs: { ...everyInterval(30 * MINUTE), prices: 5 * MINUTE },
      },
    });
    await harness.clock.advance(59 * MINUTE);
    const prices = harness.callsOf('bybit/* prices').map(({ startedMs }) => startedMs / MINUTE);
    expect(prices).to.deep.equal([0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55]);
    const balances = harness.callsOf('bybit/main balances');
    expect(balances.map(({ startedMs }) => startedMs / MINUTE)).to.deep.equal([0, 30]);
    expect(balances.map(({ task }) => task.nextDueMs)).to.deep.equal([
      START + 30 * MINUTE,
      START + 60 * MINUTE,
    ]);
    expect(balances[0]?.task.priority).to.equal('schedule');
  });

  it('starts later by a jitter that is bounded, is drawn anew each time and never adds up', async () => {
    const shares = [0.5, 1, 0, 0.25];
    const harness = started({ random: () => shares.shift() ?? 0.1 });
    await harness.clock.advance(121 * MINUTE);
    const balances = harness.callsOf('bybit/main balances').map(({ startedMs }) => startedMs);
    expect(balances).to.deep.equal([
      0,
      30 * MINUTE + 15_000,
      60 * MINUTE + 30_000,
      90 * MINUTE,
      120 * MINUTE + 7_500,
    ]);
    // What is due together starts together: the portfolio follows its balances also under jitter.
    const portfolio = harness.callsOf('bybit/main portfolio').map(({ startedMs }) => startedMs);
    expect(portfolio).to.deep.equal(balances.map((startedMs) => startedMs + 6_000));
  });

  it('resumes at stored times, runs what was missed once, and pulls in what is too far away', async () => {
    const main = accountRef('bybit/main');
    const harness = started({
      stored: [
        { ...main, dataType: 'balances', dueMs: START + 10 * MINUTE },
        { ...main, dataType: 'positions', dueMs: START - 500 * MINUTE },
        { ...main, dataType: 'orders', dueMs: START + 24 * 60 * MINUTE },
        { exchange: 'bybit', account: '*', dataType: 'prices', dueMs: START + 20 * MINUTE },
        { ...main, dataType: 'portfolio', dueMs: START + 20 * MINUTE },
        ...HISTORY_DATA_TYPES.map((dataType) => ({ ...main, dataType, dueMs: START + 25 * MINUTE })),
      ],
    });
    await harness.clock.advance(45 * MINUTE);
    expect(harness.starts).to.deep.equal([
      'bybit/main positions @ 0',
      'bybit/main balances @ 600000',
      'bybit/* prices @ 1200000',
      'bybit/main portfolio @ 1201000',
      'bybit/main transfers @ 1500000',
      'bybit/main ledger @ 1501000',
      'bybit/main trades @ 1502000',
      'bybit/main positions @ 1800000',
      'bybit/main orders @ 1801000',
      'bybit/main balances @ 2400000',
    ]);
  });

  it('leaves out what falls into a run of the same, and stays on the grid', async () => {
    const harness = started({
      duration: ({ dataType }) => ({ totalMs: dataType === 'balances' ? 70 * MINUTE : 1 }),
    });
    await harness.clock.advance(181 * MINUTE);
    const balances = harness.callsOf('bybit/main balances').map(({ startedMs }) => startedMs / MINUTE);
    expect(balances).to.deep.equal([0, 90, 180]);
  });

  it('goes on at once with what is not read yet, behind what waits of the account', async () => {
    let slices = 3;
    const harness = started({
      result: (task) => {
        if (task.dataType !== 'trades' || slices === 0) return undefined;
        slices -= 1;
        return { report: reportOf(task), retryInMs: 0 };
      },
    });
    await harness.clock.advance(MINUTE);
    expect(harness.starts.slice(-5)).to.deep.equal([
      'bybit/main trades @ 5000',
      'bybit/main portfolio @ 6000',
      'bybit/main trades @ 7000',
      'bybit/main trades @ 8000',
      'bybit/main trades @ 9000',
    ]);
    await harness.clock.advance(30 * MINUTE);
    expect(harness.callsOf('bybit/main trades')).to.have.length(5);
  });

  it('sees a new account within a minute and forgets one that is gone', async () => {
    const harness = started();
    await harness.clock.advance(2 * MINUTE + 1);
    harness.configured = ['bybit/main', 'bybit/sub1'];
    await harness.clock.advance(MINUTE);
    expect(harness.callsOf('bybit/sub1 balances').map(({ startedMs }) => startedMs)).to.deep.equal([
      3 * MINUTE,
    ]);
    expect(harness.callsOf('bybit/* prices')).to.have.length(1);
    harness.configured = ['bybit/sub1'];
    await harness.clock.advance(60 * MINUTE);
    expect(harness.callsOf('bybit/main balances')).to.have.length(1);
    expect(harness.callsOf('bybit/sub1 balances')).to.have.length(3);
  });

  it('bounds what is under way at one exchange, and lets a slow one delay no other', async () => {
    const harness = started({
      configured: ['bybit/a', 'bybit/b', 'bybit/c', 'binance/main'],
      duration: ({ account }) => ({ totalMs: account.exchange === 'bybit' ? 5 * MINUTE : 1_000 }),
    });
    await harness.clock.advance(10_000);
    expect(harness.manager.running().map(({ account }) => account)).to.have.members(['a', 'b']);
    expect(harness.starts.at(-1)).to.equal('binance/main portfolio @ 6000');
  });

  it('does nothing of its own where the schedule is off, and still takes triggers', async () => {
    const harness = started({ schedule: { enabled: false, intervalMs: everyInterval(MINUTE) } });
    await harness.clock.advance(10 * MINUTE);
    expect(harness.calls).to.have.length(0);
    const reports = harness.manager.trigger('bybit', undefined, 'balances');
    await harness.clock.advance(MINUTE);
    expect(await reports).to.have.length(1);
    expect(harness.calls[0]?.task.nextDueMs).to.equal(undefined);
  });

  it('tries again with backoff while due times or accounts cannot be read, and tells each failure', async () => {
    let asked = 0;
    const harness = started({
      random: () => 1,
      dueTimes: async () => {
        asked += 1;
        if (asked <= 5) throw new ExchangeSyncError('DATABASE_UNAVAILABLE', 'no connection');
        return [];
      },
    });
    await harness.clock.advance(30_999);
    expect(harness.calls).to.have.length(0);
    expect(harness.errors.map(({ code }) => code)).to.deep.equal(Array(5).fill('DATABASE_UNAVAILABLE'));
    await harness.clock.advance(1);
    expect(harness.callsOf('bybit/main balances')[0]?.startedMs).to.equal(31_000);
  });

  it('says what to look at when the database does not answer, and goes on when it does', async () => {
    let asked = 0;
    const harness = started({
      dueTimes: () => {
        asked += 1;
        return asked === 1 ? new Promise(() => undefined) : Promise.resolve([]);
      },
    });
    await harness.clock.advance(40_000);
    expect(harness.errors.map(({ code }) => code)).to.deep.equal(['DATABASE_UNAVAILABLE']);
    expect(harness.errors[0]?.message).to.contain('locked or migrating');
    expect(harness.callsOf('bybit/main balances')).to.have.length(1);
  });

  it('keeps known accounts on time while the list of accounts fails or hangs', async () => {
    let answer: () => Promise<readonly ReturnType<typeof accountRef>[]> = async () => [
      accountRef('bybit/main'),
    ];
    const harness = started({ accounts: () => answer() });
    await harness.clock.advance(10_000);
    answer = () => Promise.reject(new Error('provider is down'));
    await harness.clock.advance(40 * MINUTE);
    const runs = () => harness.callsOf('bybit/main balances').map(({ startedMs }) => startedMs);
    expect(runs()).to.deep.equal([0, 30 * MINUTE]);
    expect(harness.errors[0]).to.include({ code: 'INTERNAL' });
    expect(harness.errors[0]?.message).to.contain('provider is down');
    answer = () => new Promise(() => undefined);
    await harness.clock.advance(60 * MINUTE);
    expect(runs()).to.have.length(4);
    expect(harness.errors.at(-1)?.message).to.contain('did not come within 30 s');
  });

  it('survives a listener for errors that throws', async () => {
    let failing = true;
    const harness = started({
      accounts: async () => {
        if (failing) throw new Error('down');
        return [accountRef('bybit/main')];
      },
      onError: () => {
        throw new Error('bad listener');
      },
    });
    await harness.clock.advance(5_000);
    failing = false;
    await harness.clock.advance(10_000);
    expect(harness.callsOf('bybit/main balances')).to.have.length(1);
  });

  it('goes on after a sync that threw, and reports it as failed', async () => {
    let thrown = 0;
    const harness: Harness = started({
      execute: (task) => {
        if (task.dataType !== 'balances') return harness.execute(task);
        thrown += 1;
        throw new TypeError('x is not a function');
      },
    });
    await settled();
    const trigger = harness.manager.trigger('bybit', 'main', 'balances');
    await harness.clock.advance(10_000);
    const reports = await trigger;
    expect(reports[0]).to.include({ status: 'failed', dataType: 'balances', account: 'main' });
    expect(reports[0]?.errors[0]?.code).to.equal('INTERNAL');
    expect(harness.errors[0]?.cause).to.be.instanceOf(TypeError);
    await harness.clock.advance(31 * MINUTE);
    expect(thrown).to.equal(3);
    expect(harness.callsOf('bybit/main portfolio')).to.have.length(2);
  });

  it('does not wait for an hour because the clock was set back by one', async () => {
    const harness = started();
    await harness.clock.advance(10 * MINUTE);
    harness.clock.jump(-60 * MINUTE);
    await harness.clock.advance(31 * MINUTE);
    expect(harness.callsOf('bybit/main balances')).to.have.length(2);
  });

  it('never overlaps, never drifts, never exceeds its bounds, however long syncs take', async () => {
    const durations = fc.array(fc.integer({ min: 1, max: 4 * MINUTE }), { minLength: 1, maxLength: 20 });
    const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 9 });
    const triggers = fc.array(
      fc.tuple(
        fc.integer({ min: 1, max: 5 * MINUTE }),
        fc.constantFrom('all', 'balances', 'orders', 'prices', 'portfolio'),
      ),
      { maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(durations, shares, triggers, async (lengths, jitters, asked) => {
        let call = 0;
        let draw = 0;
        const harness = new Harness({
          configured: ['bybit/a', 'bybit/b', 'binance/a'],
          schedule: { enabled: true, intervalMs: { ...everyInterval(3 * MINUTE), prices: 2 * MINUTE } },
          random: () => jitters[draw++ % jitters.length] ?? 0,
          duration: () => {
            const totalMs = lengths[call++ % lengths.length] ?? 1;
            return { totalMs, requestMs: Math.floor(totalMs / 3) };
          },
        });
        harness.manager.start();
        for (const [afterMs, dataType] of asked) {
          await harness.clock.advance(afterMs);
          const trigger = harness.manager.trigger('bybit', undefined, dataType);
          trigger.catch(() => 'stopped at the end');
        }
        await harness.clock.advance(20 * MINUTE);
        const stop = harness.manager.stop(0);
        await harness.clock.advance(10_000);
        await stop;
        expectBounds(harness);
        expectGrid(harness);
        expect(harness.clock.sleepers).to.equal(0);
      }),
      { numRuns: 60 },
    );
  }).timeout(60_000);
});

async function advanced(harness: Harness, durationMs: number): Promise<Harness> {
  await harness.clock.advance(durationMs);
  return harness;
}

/** One run at a time of an account, hence of a target; two at a time of an exchange. */
function expectBounds({ calls }: Harness): void {
  for (const call of calls) {
    const during = calls.filter(
      (other) =>
        other !== call &&
        other.task.account.exchange === call.task.account.exchange &&
        other.startedMs <= call.startedMs &&
        (other.endedMs ?? Number.POSITIVE_INFINITY) > call.startedMs,
    );
    expect(during.length, call.id).to.be.at.most(1);
    for (const { task, id } of during) {
      expect(task.account.account, `${id} with ${call.id}`).not.to.equal(call.task.account.account);
    }
  }
}

/** Whatever happened before, next times lie on the grid that the start anchored. */
function expectGrid({ calls }: Harness): void {
  for (const { task, id } of calls) {
    const intervalMs = task.dataType === 'prices' ? 2 * MINUTE : 3 * MINUTE;
    expect(((task.nextDueMs ?? Number.NaN) - START) % intervalMs, id).to.equal(0);
  }
}
