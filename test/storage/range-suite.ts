import { expect } from 'chai';
import fc from 'fast-check';
import type { AccountRef } from '#src/domain/account.js';
import type { TimeRange } from '#src/domain/time-range.js';
import { CoverageRepository } from '#src/storage/coverage-repository.js';
import { RereadRepository } from '#src/storage/reread-repository.js';
import type { TestDatabase } from '../support/postgres.js';

const MAIN: AccountRef = { exchange: 'bybit', account: 'main' };
const ORIGIN_MS = Date.UTC(2026, 0, 1);
const LENGTH_MS = 24;

const ranges = fc
  .array(fc.tuple(fc.nat(LENGTH_MS), fc.nat(LENGTH_MS)), { maxLength: 4 })
  .map((pairs) => pairs.map(([fromMs, toMs]) => range(fromMs, toMs)));
const reason = fc.constantFrom('retention', 'no longer listed');

type CoverageStep =
  | { readonly kind: 'cover' | 'forget'; readonly ranges: readonly TimeRange[] }
  | { readonly kind: 'lose'; readonly ranges: readonly TimeRange[]; readonly reason: string };

const coverageStep: fc.Arbitrary<CoverageStep> = fc.oneof(
  fc.record({ kind: fc.constantFrom('cover' as const, 'forget' as const), ranges }),
  fc.record({ kind: fc.constant('lose' as const), ranges, reason }),
);

type RereadStep =
  | { readonly kind: 'done'; readonly ranges: readonly TimeRange[] }
  | { readonly kind: 'request'; readonly ranges: readonly TimeRange[]; readonly reason: 'repair' | 'proof' };

const rereadStep: fc.Arbitrary<RereadStep> = fc.oneof(
  fc.record({ kind: fc.constant('done' as const), ranges }),
  fc.record({
    kind: fc.constant('request' as const),
    ranges,
    reason: fc.constantFrom('repair' as const, 'proof' as const),
  }),
);

/** Ranges as they are stored, against one word per millisecond. */
export function describeRanges(test: TestDatabase): void {
  it('coverage says of each millisecond what was said of it, in as few rows as can be', async () => {
    const repository = new CoverageRepository(test);
    await fc.assert(
      fc.asyncProperty(fc.array(coverageStep, { maxLength: 8 }), async (steps) => {
        const words: (string | undefined)[] = Array(LENGTH_MS).fill(undefined);
        await test.database.transaction(async (transaction) => {
          await transaction.query(`DELETE FROM "${test.schema}".sync_coverage`);
          for (const step of steps) {
            if (step.kind === 'lose') {
              for (const each of step.ranges) {
                await repository.lose(transaction, MAIN, 'trades', 'spot', each, step.reason);
              }
              say(words, step.ranges, (word) => word ?? step.reason);
            } else {
              await repository[step.kind](transaction, MAIN, 'trades', 'spot', step.ranges);
              say(words, step.ranges, () => (step.kind === 'cover' ? 'complete' : undefined));
            }
          }
        });
        const stored = await repository.list(test.database, MAIN, 'trades');
        expect(
          stored.map((each) => [each.fromMs, each.toMs, each.state === 'lost' ? each.reason : each.state]),
        ).to.deep.equal(rangesOf(words));
      }),
      { numRuns: 60 },
    );
  });

  it('coverage touches no row that stays as it is, not even between ranges that change', async () => {
    const repository = new CoverageRepository(test);
    const cover = (...ranges: readonly TimeRange[]) =>
      test.database.transaction((transaction) =>
        repository.cover(transaction, MAIN, 'trades', 'spot', ranges),
      );
    const rows = async () =>
      (
        await test.database.query<{ row: string }>(
          `SELECT (from_at, to_at, xmin, xmax)::text AS row FROM "${test.schema}".sync_coverage ORDER BY from_at`,
        )
      ).rows;
    await cover(range(0, 2), range(4, 6), range(8, 10));
    const before = await rows();
    await cover(range(1, 2), range(5, 6), range(10, 12));
    const after = await rows();
    expect(after.slice(0, 2)).to.deep.equal(before.slice(0, 2));
    expect(after[2]).not.to.deep.equal(before[2]);
    await cover(range(0, 12));
    expect(await rows()).to.have.length(1);
  });

  it('rereads say of each millisecond who asked for it first, in as few rows as can be', async () => {
    const repository = new RereadRepository(test);
    await fc.assert(
      fc.asyncProperty(fc.array(rereadStep, { maxLength: 8 }), async (steps) => {
        const words: (string | undefined)[] = Array(LENGTH_MS).fill(undefined);
        await test.database.transaction(async (transaction) => {
          await transaction.query(`DELETE FROM "${test.schema}".sync_rereads`);
          for (const step of steps) {
            if (step.kind === 'request') {
              for (const each of step.ranges) {
                await repository.request(transaction, MAIN, 'trades', 'spot', each, step.reason);
              }
              say(words, step.ranges, (word) => word ?? step.reason);
            } else {
              await repository.done(transaction, MAIN, 'trades', 'spot', step.ranges);
              say(words, step.ranges, () => undefined);
            }
          }
        });
        const stored = await repository.list(test.database, MAIN);
        expect(stored.map((each) => [each.fromMs, each.toMs, each.reason])).to.deep.equal(rangesOf(words));
      }),
      { numRuns: 60 },
    );
  });
}

function range(fromMs: number, toMs: number): TimeRange {
  return { fromMs: ORIGIN_MS + fromMs, toMs: ORIGIN_MS + toMs };
}

function say(
  words: (string | undefined)[],
  among: readonly TimeRange[],
  next: (word: string | undefined) => string | undefined,
): void {
  for (const { fromMs, toMs } of among) {
    for (let ms = fromMs; ms < toMs; ms += 1) words[ms - ORIGIN_MS] = next(words[ms - ORIGIN_MS]);
  }
}

/** The longest ranges of one word, as `[fromMs, toMs, word]`. */
function rangesOf(words: readonly (string | undefined)[]): readonly [number, number, string][] {
  const found: [number, number, string][] = [];
  words.forEach((word, ms) => {
    if (word === undefined) return;
    const last = found.at(-1);
    if (last && last[1] === ORIGIN_MS + ms && last[2] === word) last[1] += 1;
    else found.push([ORIGIN_MS + ms, ORIGIN_MS + ms + 1, word]);
  });
  return found;
}
