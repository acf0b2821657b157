import { expect } from 'chai';
import fc from 'fast-check';
import type { TimeRange } from '#src/domain/time-range.js';
import { intersectRanges, mergeRanges, subtractRanges, totalLengthMs } from '#src/ledger/time-ranges.js';

/** Few moments, so that ranges overlap, touch and hold nothing. */
const MOMENTS = 24;
const range = fc
  .tuple(fc.nat({ max: MOMENTS }), fc.nat({ max: 6 }))
  .map(([fromMs, length]) => ({ fromMs, toMs: fromMs + length }));
const ranges = fc.array(range, { maxLength: 8 });

function holds(set: readonly TimeRange[], ms: number): boolean {
  return set.some(({ fromMs, toMs }) => fromMs <= ms && ms < toMs);
}

function expectSet(actual: readonly TimeRange[], isIn: (ms: number) => boolean): void {
  for (let ms = -1; ms <= MOMENTS + 8; ms += 1) expect(holds(actual, ms), `${ms}`).to.equal(isIn(ms));
  for (const [index, { fromMs, toMs }] of actual.entries()) {
    expect(fromMs).to.be.lessThan(toMs);
    const next = actual[index + 1];
    if (next !== undefined) expect(toMs, 'they touch').to.be.lessThan(next.fromMs);
  }
}

describe('time ranges', () => {
  it('merge to the same moments, in order and apart', () => {
    fc.assert(
      fc.property(ranges, (set) => {
        expectSet(mergeRanges(set), (ms) => holds(set, ms));
      }),
    );
  });

  it('intersect to the moments of both', () => {
    fc.assert(
      fc.property(ranges, ranges, (left, right) => {
        expectSet(intersectRanges(left, right), (ms) => holds(left, ms) && holds(right, ms));
      }),
    );
  });

  it('subtract to the moments of one alone', () => {
    fc.assert(
      fc.property(ranges, ranges, (set, without) => {
        expectSet(subtractRanges(set, without), (ms) => holds(set, ms) && !holds(without, ms));
      }),
    );
  });

  it('are as long as the moments they hold', () => {
    fc.assert(
      fc.property(ranges, (set) => {
        const moments = Array.from({ length: MOMENTS + 8 }, (_, ms) => ms).filter((ms) => holds(set, ms));
        expect(totalLengthMs(set)).to.equal(moments.length);
      }),
    );
  });

  it('leave what they are given as it is', () => {
    const set = Object.freeze([Object.freeze({ fromMs: 5, toMs: 7 }), Object.freeze({ fromMs: 1, toMs: 6 })]);
    expect(mergeRanges(set)).to.deep.equal([{ fromMs: 1, toMs: 7 }]);
    expect(subtractRanges(set, set)).to.deep.equal([]);
  });
});
