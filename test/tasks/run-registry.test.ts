import { expect } from 'chai';
import { RunRegistry } from '#src/tasks/run-registry.js';
import { targetOf } from '#src/tasks/sync-target.js';

const main = { exchange: 'bybit', account: 'main' };

describe('RunRegistry', () => {
  it('takes what is derived from the mirror to have read it as soon as it has started', () => {
    const registry = new RunRegistry();
    const portfolio = targetOf(main, 'portfolio');
    const first = registry.request(portfolio, 'trigger', 0);
    expect(registry.request(portfolio, 'trigger', 0)).to.deep.equal({ run: first?.run, isNew: false });
    first?.run.started();
    expect(registry.request(portfolio, 'trigger', 0)).to.include({ isNew: true });
  });

  it('keeps targets of different accounts, exchanges and data types apart', () => {
    const registry = new RunRegistry();
    const targets = [
      targetOf(main, 'balances'),
      targetOf(main, 'orders'),
      targetOf({ ...main, account: 'sub1' }, 'balances'),
      targetOf({ ...main, exchange: 'binance' }, 'balances'),
    ];
    for (const target of targets) {
      expect(registry.request(target, 'trigger', 0)).to.include({ isNew: true });
    }
  });

  it('shares the prices of an exchange among its accounts', () => {
    const registry = new RunRegistry();
    registry.request(targetOf(main, 'prices'), 'trigger', 0);
    const other = targetOf({ ...main, account: 'sub1' }, 'prices');
    expect(registry.request(other, 'trigger', 0)).to.include({ isNew: false });
  });

  it('forgets what is removed', () => {
    const registry = new RunRegistry();
    const target = targetOf(main, 'balances');
    const requested = registry.request(target, 'schedule', 0);
    expect(registry.request(target, 'schedule', 0)).to.equal(undefined);
    if (requested !== undefined) registry.remove(requested.run);
    expect(registry.request(target, 'schedule', 0)).to.include({ isNew: true });
  });
});
