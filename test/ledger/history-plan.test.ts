import { expect } from 'chai';
import fc from 'fast-check';
import type { TimeRange } from '#src/domain/time-range.js';
import { type HistoryFacts, nextLossMs, planHistory } from '#src/ledger/history-plan.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 5, 1);

const moment = fc.integer({ min: -60, max: 2 }).map((hours) => NOW + hours * HOUR + 7);
const ranges = fc
  .array(fc.tuple(moment, fc.integer({ min: 1, max: 12 * HOUR })), { maxLength: 4 })
  .map((list) => list.map(([fromMs, lengthMs]) => ({ fromMs, toMs: fromMs + lengthMs })));

const facts: fc.Arbitrary<HistoryFacts> = fc.record({
  nowMs: fc.constant(NOW),
  startMs: moment,
  servedFromMs: fc.constantFrom(0, NOW - 40 * HOUR),
  retentionMs: fc.constantFrom(undefined, 30 * HOUR, 3 * HOUR),
  settleLagMs: fc.constantFrom(0, MINUTE),
  lateMs: fc.constantFrom(0, 2 * HOUR),
  complete: ranges,
  lost: ranges,
  rereads: ranges,
  nonFinalMs: fc.array(moment, { maxLength: 3 }),
  asOfMs: fc.constantFrom(undefined, NOW - MINUTE),
  untilMs: fc.constantFrom(undefined, NOW - HOUR),
  attempted: ranges,
});

function holds(set: readonly TimeRange[], ms: number): boolean {
  return set.some(({ fromMs, toMs }) => fromMs <= ms && ms < toMs);
}

/** Every moment at which any answer can change, and its neighbours. */
function moments(given: HistoryFacts): readonly number[] {
  const all = [given.complete, given.lost, given.rereads, given.attempted ?? []].flat();
  const edges = all.flatMap(({ fromMs, toMs }) => [fromMs, toMs]);
  const others = [
    given.startMs,
    given.servedFromMs,
    NOW,
    NOW - HOUR,
    NOW - MINUTE,
    NOW - 2 * MINUTE,
    ...given.nonFinalMs,
  ];
  return [...edges, ...others].flatMap((ms) => [ms - 1, ms, ms + 1, ms - 2 * HOUR, ms - HOUR]);
}

/** The same in plain words, one moment at a time. */
function expected(given: HistoryFacts, ms: number) {
  const { retentionMs, complete, lost, rereads, nonFinalMs, attempted = [] } = given;
  const edgeMs = Math.min(5 * MINUTE, (retentionMs ?? 0) / 10);
  const keptMs = retentionMs === undefined ? 0 : NOW - retentionMs + edgeMs;
  const servedMs = Math.max(keptMs, given.servedFromMs);
  const settledMs = (given.asOfMs ?? NOW) - given.settleLagMs;
  const toMs = Math.min(settledMs, given.untilMs ?? NOW);
  const lastMs = Math.max(...complete.map((range) => range.toMs));
  const isGap = ms >= given.startMs && !holds(complete, ms) && !(holds(lost, ms) && ms < servedMs + HOUR);
  const isLate = given.untilMs === undefined && holds(complete, ms) && ms >= lastMs - given.lateMs;
  const isBetween = nonFinalMs.some(
    (first) => first <= ms && nonFinalMs.some((last) => ms <= last && reaches(nonFinalMs, first, last)),
  );
  const isAsked = isGap || isLate || isBetween || holds(rereads, ms);
  return {
    read: isAsked && ms >= servedMs && ms < toMs && !holds(attempted, ms),
    lost: ms >= given.startMs && ms < servedMs && ms < settledMs && !holds(complete, ms) && !holds(lost, ms),
    unreadable: holds(rereads, ms) && ms < servedMs,
  };
}

/** Whether one gets from one to the other in steps of a day at most. */
function reaches(all: readonly number[], first: number, last: number): boolean {
  if (last - first <= DAY) return first <= last;
  const further = all.filter((ms) => ms > first && ms - first <= DAY);
  return further.some((ms) => reaches(all, ms, last));
}

const EMPTY: HistoryFacts = {
  nowMs: NOW,
  startMs: NOW - 40 * DAY,
  servedFromMs: 0,
  settleLagMs: MINUTE,
  lateMs: HOUR,
  complete: [],
  lost: [],
  rereads: [],
  nonFinalMs: [],
};

describe('planHistory', () => {
  it('reads what a look at each single moment says', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const plan = planHistory(given);
        for (const ms of moments(given)) {
          const answer = {
            read: holds(plan.read, ms),
            lost: holds(plan.lost, ms),
            unreadable: holds(plan.unreadable, ms),
          };
          expect(answer, new Date(ms).toISOString()).to.deep.equal(expected(given, ms));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('begins with the newest', () => {
    const plan = planHistory({ ...EMPTY, complete: [{ fromMs: NOW - 9 * DAY, toMs: NOW - 8 * DAY }] });
    expect(plan.read).to.deep.equal([
      { fromMs: NOW - 8 * DAY - HOUR, toMs: NOW - MINUTE },
      { fromMs: NOW - 40 * DAY, toMs: NOW - 9 * DAY },
    ]);
    expect(plan.late).to.deep.equal([{ fromMs: NOW - 8 * DAY - HOUR, toMs: NOW - 8 * DAY }]);
    expect(plan.tailFromMs).to.equal(NOW - MINUTE - DAY);
  });

  it('calls lost what falls off, a little before it does', () => {
    const plan = planHistory({ ...EMPTY, retentionMs: 30 * DAY });
    const edgeMs = NOW - 30 * DAY + 5 * MINUTE;
    expect(plan.lost).to.deep.equal([{ fromMs: NOW - 40 * DAY, toMs: edgeMs }]);
    expect(plan.read).to.deep.equal([{ fromMs: edgeMs, toMs: NOW - MINUTE }]);
  });

  describe('where rows are set aside', () => {
    const hole = { fromMs: NOW - 9 * DAY, toMs: NOW - 9 * DAY + 1 };
    const known = (gap: TimeRange) => [
      { fromMs: NOW - 40 * DAY, toMs: gap.fromMs },
      { fromMs: gap.toMs, toMs: NOW - MINUTE },
    ];
    const isRead = (given: Partial<HistoryFacts>, ms: number) =>
      holds(planHistory({ ...EMPTY, lookedAtMs: NOW - HOUR, ...given }).read, ms);

    it('looks at each once a day, in its turn', () => {
      let turns = 0;
      for (let hour = 0; hour < 48; hour += 1) {
        const nowMs = NOW + hour * HOUR;
        const facts = { nowMs, lookedAtMs: nowMs - HOUR, complete: known(hole), aside: [hole] };
        if (isRead(facts, hole.fromMs)) turns += 1;
      }
      expect(turns).to.equal(2);
    });

    it('looks at it each time on its last day, and where nobody knows when it was read last', () => {
      const facts = { complete: known(hole), aside: [hole] };
      const hours = Array.from({ length: 24 }, (_, hour) => NOW + hour * HOUR);
      const each = (changes: Partial<HistoryFacts>) =>
        hours.filter((nowMs) =>
          isRead({ ...facts, nowMs, lookedAtMs: nowMs - HOUR, ...changes }, hole.fromMs),
        );
      expect(each({ retentionMs: 10 * DAY })).to.have.length.above(22);
      expect(each({ retentionMs: 40 * DAY })).to.have.length(1);
      expect(each({ lookedAtMs: undefined })).to.have.length(24);
    });

    it('does not wait with a gap that has more in it, or another reason', () => {
      const years = { fromMs: NOW - 40 * DAY, toMs: NOW - 5 * DAY };
      for (let hour = 0; hour < 24; hour += 1) {
        const nowMs = NOW + hour * HOUR;
        const facts = { nowMs, lookedAtMs: nowMs - HOUR, startMs: NOW - 60 * DAY };
        expect(isRead({ ...facts, complete: known(years), aside: [hole] }, years.fromMs)).to.equal(true);
        expect(isRead({ ...facts, complete: known(hole), aside: [] }, hole.fromMs)).to.equal(true);
      }
    });
  });

  it('reads nothing where nothing is settled or served yet', () => {
    expect(planHistory({ ...EMPTY, startMs: NOW + DAY })).to.deep.include({ read: [], lost: [] });
    expect(planHistory({ ...EMPTY, startMs: NOW - 10 }).read).to.deep.equal([]);
  });
});

describe('nextLossMs', () => {
  it('is when the oldest of what is missing falls off, else what comes next', () => {
    const gaps = [
      { fromMs: NOW - 2 * DAY, toMs: NOW - DAY },
      { fromMs: NOW - 5 * DAY, toMs: NOW - 4 * DAY },
    ];
    expect(nextLossMs(gaps, NOW, 7 * DAY)).to.equal(NOW + 2 * DAY);
    expect(nextLossMs([], NOW, 7 * DAY)).to.equal(NOW + 7 * DAY);
    expect(nextLossMs(gaps, NOW, undefined)).to.equal(undefined);
  });
});
