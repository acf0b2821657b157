import { expect } from 'chai';
import { ExchangeSyncError } from '#src/domain/errors.js';
import { everyInterval } from '../support/intervals.js';
import { settled } from '../support/manual-clock.js';
import { Harness, type HarnessOptions, MINUTE, watch } from './task-manager-harness.js';

describe('TaskManager stopping', () => {
  const started = (options: HarnessOptions = {}): Harness => {
    const harness = new Harness({
      schedule: { enabled: false, intervalMs: everyInterval(30 * MINUTE) },
      duration: () => ({ totalMs: 10_000 }),
      ...options,
    });
    harness.manager.start();
    return harness;
  };

  it('lets what runs finish within the deadline, and rejects what waits', async () => {
    const { manager, clock, calls } = started();
    const running = watch(manager.trigger('bybit', 'main', 'balances'));
    const waiting = watch(manager.trigger('bybit', 'main', 'orders'));
    await clock.advance(4_000);
    const stop = watch(manager.stop(30_000));
    await settled();
    expect(manager.state).to.equal('stopping');
    expect(waiting.error).to.be.instanceOf(ExchangeSyncError).and.include({ code: 'STOPPED' });
    expect(stop.settled).to.equal(false);
    await clock.advance(6_000);
    expect(running.value?.[0]).to.include({ status: 'ok' });
    expect(stop.settled).to.equal(true);
    expect(manager.state).to.equal('stopped');
    expect(calls).to.have.length(1);
    expect(clock.sleepers).to.equal(0);
  });

  it('aborts at the deadline what still runs', async () => {
    const { manager, clock, calls } = started({ duration: () => ({ totalMs: 60 * MINUTE }) });
    const running = watch(manager.trigger('bybit', 'main', 'balances'));
    await clock.advance(1_000);
    const stop = watch(manager.stop(5_000));
    await clock.advance(4_999);
    expect(stop.settled).to.equal(false);
    expect(calls[0]?.task.signal.aborted).to.equal(false);
    await clock.advance(1);
    expect(calls[0]?.task.signal.aborted).to.equal(true);
    expect(running.error).to.include({ code: 'STOPPED' });
    expect(stop.settled).to.equal(true);
    expect(manager.running()).to.deep.equal([]);
    expect(clock.sleepers).to.equal(0);
  });

  it('leaves behind, after two more seconds, what does not heed its signal', async () => {
    const { manager, clock } = started({ execute: () => new Promise(() => undefined) });
    const running = watch(manager.trigger('bybit', 'main', 'balances'));
    await clock.advance(1_000);
    const stop = watch(manager.stop(5_000));
    await clock.advance(6_999);
    expect(stop.settled).to.equal(false);
    await clock.advance(1);
    expect(stop.settled).to.equal(true);
    expect(running.error).to.include({ code: 'STOPPED' });
    expect(clock.sleepers).to.equal(0);
  });

  it('does not run beside one that was left behind, also after the next start', async () => {
    let release: () => void = () => undefined;
    const harness: Harness = started({
      execute: (task) =>
        harness.calls.length > 0
          ? harness.execute(task)
          : new Promise((resolve) => {
              release = () => resolve(harness.execute(task));
            }),
    });
    watch(harness.manager.trigger('bybit', 'main', 'balances'));
    await settled();
    const stop = harness.manager.stop(0);
    await harness.clock.advance(2_000);
    await stop;
    harness.manager.start();
    const again = watch(harness.manager.trigger('bybit', 'main', 'balances'));
    await harness.clock.advance(MINUTE);
    expect(again.settled).to.equal(false);
    release();
    await harness.clock.advance(MINUTE);
    expect(again.value?.[0]).to.include({ status: 'ok' });
    await harness.manager.stop(0);
  });

  it('is idempotent, shares its promise, and works before a start', async () => {
    const { manager, clock } = started();
    watch(manager.trigger('bybit', 'main', 'balances'));
    await clock.advance(1_000);
    const first = manager.stop(30_000);
    expect(manager.stop(1)).to.equal(first);
    await clock.advance(10_000);
    await first;
    await manager.stop(1);
    const never = new Harness().manager;
    await never.stop(1_000);
    expect(never.state).to.equal('stopped');
  });

  it('starts again afterwards, with due times asked anew', async () => {
    let asked = 0;
    const { manager, clock, calls } = started({
      schedule: { enabled: true, intervalMs: everyInterval(30 * MINUTE) },
      duration: () => ({ totalMs: 10 }),
      dueTimes: async () => {
        asked += 1;
        return [];
      },
    });
    manager.start();
    await clock.advance(1_000);
    expect(calls).to.have.length(8);
    await manager.stop(1_000);
    await clock.advance(120 * MINUTE);
    expect(calls).to.have.length(8);
    manager.start();
    await clock.advance(1_000);
    expect(calls).to.have.length(16);
    expect(asked).to.equal(2);
    await manager.stop(1_000);
    expect(clock.sleepers).to.equal(0);
  });

  it('refuses to start while it is stopping', async () => {
    const { manager, clock } = started();
    watch(manager.trigger('bybit', 'main', 'balances'));
    await clock.advance(1);
    const stop = manager.stop(30_000);
    expect(() => manager.start())
      .to.throw(ExchangeSyncError)
      .and.include({ code: 'STOPPED' });
    await clock.advance(30_000);
    await stop;
  });

  it('ends at once while the list of accounts hangs', async () => {
    const { manager, clock } = started({
      schedule: { enabled: true, intervalMs: everyInterval(30 * MINUTE) },
      accounts: () => new Promise(() => undefined),
    });
    await clock.advance(1_000);
    await manager.stop(5_000);
    expect(clock.sleepers).to.equal(0);
  });

  it('says what is running', async () => {
    const { manager, clock } = started();
    watch(manager.trigger('bybit', 'main', 'portfolio'));
    await clock.advance(1);
    expect(manager.running()).to.deep.equal([
      { exchange: 'bybit', account: 'main', dataType: 'balances' },
      { exchange: 'bybit', account: '*', dataType: 'prices' },
    ]);
    const stop = manager.stop(0);
    await clock.advance(1);
    await stop;
    expect(manager.running()).to.deep.equal([]);
  });
});
