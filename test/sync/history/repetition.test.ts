import { expect } from 'chai';
import { useTestDatabase } from '../../support/postgres.js';
import { MirroredHistory, type MirroredOptions } from './mirrored-history.js';
import type { ScriptedRow } from './scripted-history.js';

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;
const START = 1000 * DAY;

describe('HistorySync, where something stays as it is', function () {
  this.timeout(120_000);
  const test = useTestDatabase();
  const mirrored = (options: Partial<MirroredOptions> = {}) =>
    new MirroredHistory(test, { rows: [], pageSize: 100, nowMs: START, openedMs: 0, ...options });
  const never = { validFromMs: Number.POSITIVE_INFINITY };

  function spread(count: number, changes: Partial<ScriptedRow>): readonly ScriptedRow[] {
    return Array.from({ length: count }, (_, index) => ({
      id: `row ${index}`,
      timeMs: START - 3 * DAY - index * 3 * DAY,
      visibleAtMs: 0,
      ...changes,
    }));
  }

  /** Until no other run is asked for; how many there were, 20 at most. */
  async function runs(history: MirroredHistory): Promise<number> {
    for (let count = 1; count < 20; count += 1) if ((await history.run())?.isMore !== true) return count;
    return 20;
  }

  it('comes to an end with rows that can not be', async () => {
    const history = mirrored({ rows: spread(150, never) });
    expect(await runs(history)).to.be.below(20);
    history.exchange.nowMs += HOUR;
    const asked = history.exchange.asked.length;
    await runs(history);
    expect(history.exchange.asked.length - asked).to.be.below(10);
  });

  it('asks once for a list that can not be read, while slices of another follow each other', async () => {
    const list = { needsSymbol: false, servedFromMs: 0, settleLagMs: 10, lateMs: 0 };
    const history = mirrored({
      account: 'broken',
      lists: [
        { ...list, id: 'broken' },
        { ...list, id: 'deposits' },
      ],
      rows: spread(200, {}),
      pageSize: 1,
    });
    history.exchange.broken.add('broken');
    const asked = () => history.exchange.asked.filter(({ scope }) => scope === 'broken').length;
    for (
      let last = await history.run(undefined, 'schedule');
      last?.isMore === true;
      last = await history.run(undefined, 'schedule')
    ) {
      history.exchange.nowMs += 20_000;
      expect(last.scopes.find(({ scope }) => scope === 'broken')?.error?.code).to.equal('EXCHANGE_REJECTED');
    }
    expect(await history.ids()).to.have.length(200);
    expect(asked()).to.equal(1);
    await history.run();
    expect(asked(), 'for who asks himself').to.equal(2);
    history.exchange.nowMs += 5 * 60_000;
    await history.run(undefined, 'schedule');
    expect(asked()).to.equal(3);
  });

  it('goes on with a list of which only rows can not be', async () => {
    const bad = { id: 'bad', timeMs: START - HOUR, visibleAtMs: 0, ...never };
    const later = { id: 'later', timeMs: START + 1000, visibleAtMs: 0 };
    const history = mirrored({ account: 'rows', rows: [bad, later], openedMs: START - DAY });
    await history.run(undefined, 'schedule');
    history.exchange.nowMs += 60_000;
    await history.run(undefined, 'schedule');
    expect(await history.ids()).to.deep.equal(['later']);
  });

  it('comes past a moment of which one run can not read all pages', async () => {
    const timeMs = START - 3 * DAY;
    const moment = spread(150, {}).map((row) => ({ ...row, timeMs }));
    const older = { id: 'older', timeMs: timeMs - DAY, visibleAtMs: 0 };
    const history = mirrored({ account: 'moment', rows: [...moment, older], pageSize: 1 });
    let last = await history.run();
    for (let count = 1; count < 5 && last?.isMore === true; count += 1) {
      // New time is read in each run, which is no progress with the old.
      history.exchange.nowMs += 1000;
      last = await history.run();
    }
    expect(last?.isMore).to.equal(false);
    expect(await history.ids()).to.have.length(151);
  });

  it('comes to an end with rows that never become final', async () => {
    const history = mirrored({
      account: 'open',
      rows: spread(150, { finalFromMs: Number.POSITIVE_INFINITY }),
    });
    expect(await runs(history)).to.be.below(20);
    history.exchange.nowMs += HOUR;
    const asked = history.exchange.asked.length;
    await runs(history);
    expect(history.exchange.asked.length - asked).to.be.below(10);
  });
});
