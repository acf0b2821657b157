import { expect } from 'chai';
import { ExchangeSyncError } from '#src/domain/errors.js';
import { HistoryDemand } from '#src/sync/history/history-demand.js';
import { everyInterval } from '../support/intervals.js';
import { settled } from '../support/manual-clock.js';
import { accountRef, Harness, type HarnessOptions, MINUTE, reportOf, watch } from './task-manager-harness.js';

const NOT_OFFERED = { code: 'NOT_SUPPORTED', message: 'bybit offers no ledger' } as const;
const UNSCHEDULED = { enabled: false, intervalMs: everyInterval(30 * MINUTE) };

describe('TaskManager on demand', () => {
  const harnesses: Harness[] = [];
  const started = (options: HarnessOptions = {}): Harness => {
    const harness = new Harness({ schedule: UNSCHEDULED, ...options });
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

  describe('what it syncs', () => {
    it('one data type of one account', async () => {
      const harness = started({ configured: ['bybit/main', 'bybit/sub1'] });
      const trigger = harness.manager.trigger('bybit', 'sub1', 'orders');
      await harness.clock.advance(5_000);
      const reports = await trigger;
      expect(reports.map(({ account, dataType }) => `${account} ${dataType}`)).to.deep.equal(['sub1 orders']);
      expect(harness.calls.map(({ task }) => task.priority)).to.deep.equal(['trigger']);
      expect(reports[0]?.runId).to.equal(harness.calls[0]?.task.runId);
    });

    it('all data types of all accounts, prices once', async () => {
      const harness = started({ configured: ['bybit/main', 'bybit/sub1', 'binance/main'] });
      const trigger = harness.manager.trigger('bybit', undefined, 'all');
      await harness.clock.advance(MINUTE);
      const reports = await trigger;
      expect(reports.map(({ account, dataType }) => `${account} ${dataType}`)).to.deep.equal([
        'main balances',
        'sub1 balances',
        'main positions',
        'sub1 positions',
        'main orders',
        'sub1 orders',
        '* prices',
        'main transfers',
        'sub1 transfers',
        'main ledger',
        'sub1 ledger',
        'main trades',
        'sub1 trades',
        'main portfolio',
        'sub1 portfolio',
      ]);
      expect(harness.calls).to.have.length(15);
    });

    it('every configured account', async () => {
      const harness = started({ configured: ['bybit/main', 'bybit/sub1', 'binance/main'] });
      const trigger = harness.manager.triggerAll();
      await harness.clock.advance(MINUTE);
      const reports = await trigger;
      expect(reports).to.have.length(15 + 8);
      expect(new Set(reports.map(({ exchange }) => exchange))).to.deep.equal(new Set(['bybit', 'binance']));
    });

    it('says that the exchange has no such data only to who asked for it by name', async () => {
      const harness = started({
        result: (task) =>
          task.dataType === 'ledger'
            ? { report: { ...reportOf(task), status: 'skipped', errors: [NOT_OFFERED] } }
            : undefined,
      });
      const all = harness.manager.trigger('bybit', undefined, 'all');
      const named = harness.manager.trigger('bybit', undefined, 'ledger');
      const every = harness.manager.triggerAll();
      await harness.clock.advance(MINUTE);
      const offered = ['balances', 'positions', 'orders', 'prices', 'transfers', 'trades', 'portfolio'];
      expect((await all).map(({ dataType }) => dataType)).to.deep.equal(offered);
      expect((await every).map(({ dataType }) => dataType)).to.deep.equal(offered);
      expect((await named).map(({ errors }) => errors)).to.deep.equal([[NOT_OFFERED]]);
    });

    it('balances and prices before a portfolio, and reports all three', async () => {
      const harness = started({
        duration: ({ dataType }) => ({ totalMs: dataType === 'prices' ? 9_000 : 1_000 }),
      });
      const trigger = harness.manager.trigger('bybit', 'main', 'portfolio');
      await harness.clock.advance(MINUTE);
      expect((await trigger).map(({ dataType }) => dataType)).to.deep.equal([
        'balances',
        'prices',
        'portfolio',
      ]);
      expect(harness.starts).to.deep.equal([
        'bybit/main balances @ 0',
        'bybit/* prices @ 0',
        'bybit/main portfolio @ 9000',
      ]);
    });
  });

  describe('a backfill beside it', () => {
    const demand = () => new HistoryDemand({});

    it('waits behind the schedule, shares nothing and leaves the due time alone', async () => {
      const harness = started({ schedule: { ...UNSCHEDULED, enabled: true } });
      await settled();
      const history = demand();
      const slice = watch(harness.manager.runHistory(accountRef('bybit/main'), 'trades', history));
      await harness.clock.advance(MINUTE);
      expect(slice.settled).to.equal(true);
      const [scheduled, backfill] = harness.callsOf('bybit/main trades');
      expect(scheduled?.task.history).to.equal(undefined);
      expect(backfill?.task).to.include({
        history,
        priority: 'schedule',
        nextDueMs: undefined,
        onlyIfDue: undefined,
      });
      expect(harness.starts.at(-1)).to.equal('bybit/main trades @ 7000');
    });

    it('goes on as whoever asked for it says, not as its last run does', async () => {
      const harness = started({
        schedule: { ...UNSCHEDULED, enabled: true },
        result: (task) =>
          task.history === undefined ? undefined : { report: reportOf(task), retryInMs: 0, dueInMs: 0 },
      });
      await harness.clock.advance(MINUTE);
      const slice = watch(harness.manager.runHistory(accountRef('bybit/main'), 'trades', demand()));
      await harness.clock.advance(5 * MINUTE);
      expect(slice.settled).to.equal(true);
      expect(
        harness.callsOf('bybit/main trades').map(({ task }) => task.history === undefined),
      ).to.deep.equal([true, false]);
    });

    it('keeps neither the schedule nor a trigger from reading what is new', async () => {
      const harness = started();
      const slice = watch(harness.manager.runHistory(accountRef('bybit/main'), 'trades', demand()));
      const again = watch(harness.manager.runHistory(accountRef('bybit/main'), 'trades', demand()));
      await settled();
      const trigger = watch(harness.manager.trigger('bybit', 'main', 'trades'));
      await harness.clock.advance(5_000);
      expect([slice, again, trigger].map((each) => each.settled)).to.deep.equal([true, true, true]);
      expect(
        harness.callsOf('bybit/main trades').map(({ task }) => task.history === undefined),
      ).to.deep.equal([false, true, false]);
    });

    it('is told when another process has the account', async () => {
      const harness = started({ result: () => ({ report: undefined, retryInMs: 1_000 }) });
      const slice = watch(harness.manager.runHistory(accountRef('bybit/main'), 'trades', demand()));
      await harness.clock.advance(5_000);
      expect(slice.error).to.include({ code: 'LEASE_HELD' });
    });
  });

  describe('what it refuses', () => {
    const expectRefusal = async (trigger: Promise<unknown>, code: string, ...words: string[]) => {
      const outcome = watch(trigger);
      await settled();
      expect(outcome.error).to.be.instanceOf(ExchangeSyncError).and.include({ code });
      for (const word of words) expect((outcome.error as Error).message).to.contain(word);
    };

    it('an exchange or account that is not configured, naming those that are', async () => {
      const { manager } = started({ configured: ['bybit/sub1', 'bybit/main'] });
      await expectRefusal(
        manager.trigger('kraken', undefined, 'all'),
        'EXCHANGE_NOT_CONFIGURED',
        'kraken is not configured',
        'bybit/main, bybit/sub1',
      );
      await expectRefusal(
        manager.trigger('bybit', 'sub9', 'all'),
        'EXCHANGE_NOT_CONFIGURED',
        'bybit/sub9 is not configured',
      );
      await expectRefusal(manager.trigger('bybit', '*', 'prices'), 'EXCHANGE_NOT_CONFIGURED');
    });

    it('anything when no account is', async () => {
      const { manager } = started({ configured: [] });
      await expectRefusal(
        manager.trigger('bybit', undefined, 'all'),
        'EXCHANGE_NOT_CONFIGURED',
        'set the credentials of one',
      );
      expect(await manager.triggerAll()).to.deep.equal([]);
    });

    it('a call before the start and after a stop', async () => {
      const { manager } = new Harness({ schedule: UNSCHEDULED });
      await expectRefusal(manager.trigger('bybit', undefined, 'all'), 'NOT_STARTED', 'start()');
      manager.start();
      await manager.stop(0);
      await expectRefusal(manager.trigger('bybit', undefined, 'all'), 'STOPPED');
    });

    it('a call whose list of accounts has not come when it is stopped, or never comes', async () => {
      const harness = started({ accounts: () => new Promise(() => undefined) });
      const hanging = watch(harness.manager.trigger('bybit', undefined, 'balances'));
      await harness.clock.advance(30_000);
      expect(hanging.error).to.include({ code: 'INTERNAL' });
      const trigger = harness.manager.trigger('bybit', undefined, 'balances');
      await harness.manager.stop(0);
      await expectRefusal(trigger, 'STOPPED');
      expect(harness.clock.sleepers).to.equal(0);
    });

    it('a call whose list of accounts comes in the moment of the stop', async () => {
      let stop: Promise<void> | undefined;
      const harness: Harness = started({
        accounts: async () => {
          stop = harness.manager.stop(0);
          return [accountRef('bybit/main')];
        },
      });
      await expectRefusal(harness.manager.trigger('bybit', undefined, 'balances'), 'STOPPED');
      await stop;
      expect(harness.calls).to.have.length(0);
    });

    it('a call that is stopped before its list of accounts is waited for', async () => {
      const harness: Harness = started({
        accounts: () => {
          void harness.manager.stop(0);
          return new Promise(() => undefined);
        },
      });
      await expectRefusal(harness.manager.trigger('bybit', undefined, 'balances'), 'STOPPED');
    });

    it('a call whose list of accounts fails, with a code', async () => {
      const { manager } = started({ accounts: () => Promise.reject(new Error('vault is sealed')) });
      await expectRefusal(manager.trigger('bybit', undefined, 'all'), 'INTERNAL', 'vault is sealed');
    });
  });

  describe('whom it shares a run with', () => {
    const slowToAsk = { duration: () => ({ requestMs: 2_000, totalMs: 10_000 }) };
    const balancesOf = (harness: Harness) => harness.manager.trigger('bybit', 'main', 'balances');

    it('with a run that waits or has not sent its first request', async () => {
      const harness = started(slowToAsk);
      const first = balancesOf(harness);
      const queuedToo = balancesOf(harness);
      await harness.clock.advance(1_999);
      const before = balancesOf(harness);
      await harness.clock.advance(20_000);
      const reports = await Promise.all([first, queuedToo, before]);
      expect(new Set(reports.map(([report]) => report?.runId)).size).to.equal(1);
      expect(harness.starts).to.deep.equal(['bybit/main balances @ 0']);
    });

    it('after the first request one follow-up is queued, for all who come until it asks in turn', async () => {
      const harness = started(slowToAsk);
      const first = watch(balancesOf(harness));
      await harness.clock.advance(2_000);
      const second = watch(balancesOf(harness));
      await harness.clock.advance(4_000);
      const third = watch(balancesOf(harness));
      await harness.clock.advance(4_000);
      expect(first.settled).to.equal(true);
      expect(second.settled).to.equal(false);
      // It runs by now and has not asked yet.
      await harness.clock.advance(1_000);
      const fourth = watch(balancesOf(harness));
      await harness.clock.advance(60_000);
      expect(harness.starts).to.deep.equal(['bybit/main balances @ 0', 'bybit/main balances @ 10000']);
      const runIds = [first, second, third, fourth].map(({ value }) => value?.[0]?.runId);
      expect(runIds).to.deep.equal([
        harness.calls[0]?.task.runId,
        ...Array(3).fill(harness.calls[1]?.task.runId),
      ]);
    });

    it('never gives a picture from before the trigger', async () => {
      const harness = started({ duration: () => ({ requestMs: 300, totalMs: 1_700 }) });
      const asked: { atMs: number; reports: ReturnType<typeof watch<readonly { runId: string }[]>> }[] = [];
      for (let step = 0; step < 60; step += 1) {
        const atMs = step * 130;
        asked.push({ atMs, reports: watch(balancesOf(harness)) });
        await harness.clock.advance(130);
      }
      await harness.clock.advance(MINUTE);
      for (const { atMs, reports } of asked) {
        const runId = reports.value?.[0]?.runId;
        const call = harness.calls.find(({ task }) => task.runId === runId);
        expect(call?.requestedMs, `asked at ${atMs}`).to.be.at.least(atMs);
      }
      expect(harness.calls.length).to.be.at.most(6);
    });

    it('a portfolio is always made from balances and prices of after the trigger', async () => {
      const harness = started({
        duration: ({ dataType }) => ({
          totalMs: { prices: 7_000, balances: 900 }[dataType as string] ?? 400,
        }),
      });
      const asked: { atMs: number; reports: ReturnType<typeof watch<readonly { runId: string }[]>> }[] = [];
      for (let step = 0; step < 80; step += 1) {
        const reports = watch(harness.manager.trigger('bybit', 'main', 'portfolio'));
        asked.push({ atMs: step * 500, reports });
        await harness.clock.advance(500);
      }
      await harness.clock.advance(MINUTE);
      for (const { atMs, reports } of asked) {
        const [balances, prices, portfolio] = (reports.value ?? []).map(({ runId }) =>
          harness.calls.find(({ task }) => task.runId === runId),
        );
        expect(balances?.requestedMs, `asked at ${atMs}`).to.be.at.least(atMs);
        expect(prices?.requestedMs, `asked at ${atMs}`).to.be.at.least(atMs);
        expect(portfolio?.startedMs).to.be.at.least(balances?.endedMs ?? Number.NaN);
        expect(portfolio?.startedMs).to.be.at.least(prices?.endedMs ?? Number.NaN);
        // A stream of triggers must not keep it waiting for ever newer ingredients: four rounds of the slowest.
        expect(portfolio?.startedMs, `asked at ${atMs}`).to.be.at.most(atMs + 4 * 7_000 + 1_500);
      }
    });

    it('with a scheduled run that waits, which then goes before the rest of the schedule', async () => {
      const harness = started({ schedule: { ...UNSCHEDULED, enabled: true }, concurrencyPerExchange: 1 });
      await settled();
      const orders = watch(harness.manager.trigger('bybit', 'main', 'orders'));
      await harness.clock.advance(MINUTE);
      expect(orders.settled).to.equal(true);
      expect(harness.starts.slice(0, 2)).to.deep.equal([
        'bybit/main balances @ 0',
        'bybit/main orders @ 1000',
      ]);
      expect(harness.calls).to.have.length(8);
      expect(harness.calls[1]?.task).to.include({ priority: 'trigger' });
      expect(harness.calls[1]?.task.nextDueMs).to.be.a('number');
    });
  });

  describe('before whom it goes', () => {
    it('before scheduled runs', async () => {
      const harness = started({
        schedule: { ...UNSCHEDULED, enabled: true },
        configured: ['bybit/a', 'bybit/b', 'bybit/c'],
        concurrencyPerExchange: 1,
      });
      await settled();
      const trigger = watch(harness.manager.trigger('bybit', 'c', 'positions'));
      await harness.clock.advance(MINUTE);
      expect(trigger.settled).to.equal(true);
      expect(harness.starts[1]).to.equal('bybit/c positions @ 1000');
    });

    it('but a stream of triggers does not starve the schedule', async () => {
      const harness = started({
        schedule: { ...UNSCHEDULED, enabled: true },
        duration: () => ({ totalMs: 1_500 }),
      });
      for (let second = 0; second < 150; second += 1) {
        watch(harness.manager.trigger('bybit', 'main', 'balances'));
        await harness.clock.advance(1_000);
      }
      const waited = harness.callsOf('bybit/main orders').map(({ startedMs }) => startedMs);
      expect(waited).to.have.length(1);
      expect(waited[0]).to.be.at.most(70_000);
      expect(harness.callsOf('bybit/main portfolio')).to.have.length(1);
    });
  });
});
