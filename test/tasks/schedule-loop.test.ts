import { expect } from 'chai';
import { ScheduleLoop } from '#src/tasks/schedule-loop.js';
import type { SyncTarget } from '#src/tasks/sync-target.js';
import { Timetable } from '#src/tasks/timetable.js';
import { everyInterval } from '../support/intervals.js';
import { ManualClock } from '../support/manual-clock.js';
import { silentLogger } from '../support/silent-logger.js';
import { MINUTE } from './task-manager-harness.js';

describe('ScheduleLoop', () => {
  it('goes on with the other targets when one cannot be queued', async () => {
    const clock = new ManualClock();
    const queued: SyncTarget[] = [];
    const errors: unknown[] = [];
    const stopping = new AbortController();
    const loop = new ScheduleLoop({
      clock,
      logger: silentLogger,
      timetable: new Timetable({ intervalMs: everyInterval(30 * MINUTE), random: () => 0 }),
      accounts: async () => [
        { exchange: 'bybit', account: 'main' },
        { exchange: 'bybit', account: '*' },
        { exchange: 'bybit', account: 'main' },
      ],
      dueTimes: async () => [],
      random: () => 0,
      enqueue: (target) => {
        if (target.dataType === 'balances') throw new Error('full');
        queued.push(target);
      },
      onError: (error) => errors.push(error),
    }).run(stopping.signal);
    await clock.advance(31 * MINUTE);
    stopping.abort();
    await loop;
    const once = [
      'main positions',
      'main orders',
      '* prices',
      'main transfers',
      'main ledger',
      'main trades',
      'main portfolio',
    ];
    expect(queued.map(({ account, dataType }) => `${account} ${dataType}`)).to.deep.equal([...once, ...once]);
    expect(errors).to.have.length(2);
    expect(clock.sleepers).to.equal(0);
  });
});
