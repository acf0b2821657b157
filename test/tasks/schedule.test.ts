import { expect } from 'chai';
import fc from 'fast-check';
import { firstDueMs, jitterMs, nextDueMs } from '#src/tasks/schedule.js';

const interval = fc.integer({ min: 1, max: 90 * 24 * 3_600_000 });
const time = fc.integer({ min: 0, max: 2 ** 41 });

describe('schedule', () => {
  it('runs at once when nothing is stored or the stored time has passed', () => {
    expect(firstDueMs(undefined, 1_000, 60)).to.equal(1_000);
    expect(firstDueMs(999, 1_000, 60)).to.equal(1_000);
    expect(firstDueMs(1_000, 1_000, 60)).to.equal(1_000);
  });

  it('keeps a stored time that is to come, but no further away than an interval', () => {
    expect(firstDueMs(1_030, 1_000, 60)).to.equal(1_030);
    expect(firstDueMs(9_000, 1_000, 60)).to.equal(1_060);
  });

  it('has its next time after now, on the grid, and not one later', () => {
    fc.assert(
      fc.property(time, time, interval, (dueMs, nowMs, intervalMs) => {
        const next = nextDueMs(dueMs, nowMs, intervalMs);
        expect(next).to.be.greaterThan(nowMs);
        expect(next).to.be.greaterThan(dueMs);
        expect((next - dueMs) % intervalMs).to.equal(0);
        expect(next - intervalMs).to.be.at.most(Math.max(nowMs, dueMs));
      }),
    );
  });

  it('jitters by no more than a tenth of the interval and 30 s', () => {
    fc.assert(
      fc.property(interval, fc.double({ min: 0, max: 1, noNaN: true }), (intervalMs, share) => {
        const jitter = jitterMs(intervalMs, share);
        expect(jitter).to.be.within(0, Math.min(intervalMs / 10, 30_000));
        expect(Number.isInteger(jitter)).to.equal(true);
      }),
    );
    expect(jitterMs(30 * 60_000, 0.5)).to.equal(15_000);
    expect(jitterMs(60_000, 0.5)).to.equal(3_000);
  });
});
