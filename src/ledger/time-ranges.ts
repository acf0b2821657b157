import type { TimeRange } from '../domain/time-range.js';

/*
 * Sets of moments as half-open ranges. What goes in may overlap and be in any order; what comes out is in order
 * of time, and no two ranges of it overlap or touch. Ranges that hold no moment are none.
 */

/** The moments that are in any of the ranges. */
export function mergeRanges(ranges: readonly TimeRange[]): readonly TimeRange[] {
  const merged: { fromMs: number; toMs: number }[] = [];
  for (const { fromMs, toMs } of ranges.filter(holdsMoments).sort(byStart)) {
    const last = merged.at(-1);
    if (last !== undefined && fromMs <= last.toMs) last.toMs = Math.max(last.toMs, toMs);
    else merged.push({ fromMs, toMs });
  }
  return merged;
}

/** The moments that are in both. */
export function intersectRanges(
  left: readonly TimeRange[],
  right: readonly TimeRange[],
): readonly TimeRange[] {
  const lefts = mergeRanges(left);
  const rights = mergeRanges(right);
  const both: TimeRange[] = [];
  for (let i = 0, j = 0; i < lefts.length && j < rights.length; ) {
    const [a, b] = [lefts[i] as TimeRange, rights[j] as TimeRange];
    const fromMs = Math.max(a.fromMs, b.fromMs);
    const toMs = Math.min(a.toMs, b.toMs);
    if (fromMs < toMs) both.push({ fromMs, toMs });
    if (a.toMs < b.toMs) i += 1;
    else j += 1;
  }
  return both;
}

/** The moments of `ranges` that are not in `without`. */
export function subtractRanges(
  ranges: readonly TimeRange[],
  without: readonly TimeRange[],
): readonly TimeRange[] {
  const taken = mergeRanges(without);
  const left: TimeRange[] = [];
  let next = 0;
  for (const { fromMs, toMs } of mergeRanges(ranges)) {
    let startMs = fromMs;
    while (next < taken.length && (taken[next] as TimeRange).toMs <= startMs) next += 1;
    for (let index = next; index < taken.length; index += 1) {
      const hole = taken[index] as TimeRange;
      if (hole.fromMs >= toMs) break;
      if (startMs < hole.fromMs) left.push({ fromMs: startMs, toMs: hole.fromMs });
      startMs = Math.max(startMs, hole.toMs);
    }
    if (startMs < toMs) left.push({ fromMs: startMs, toMs });
  }
  return left;
}

/** How many milliseconds the ranges hold; those that overlap count once. */
export function totalLengthMs(ranges: readonly TimeRange[]): number {
  return mergeRanges(ranges).reduce((sum, { fromMs, toMs }) => sum + (toMs - fromMs), 0);
}

function holdsMoments({ fromMs, toMs }: TimeRange): boolean {
  return fromMs < toMs;
}

function byStart(left: TimeRange, right: TimeRange): number {
  return left.fromMs - right.fromMs;
}
