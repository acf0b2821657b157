import type { TimeRange } from '../domain/time-range.js';

/** One list of an account's history: which time is read, and which can't be read any more. */
export interface ListHistory {
  /** As a person reads it, e.g. `trades spot:BTC/USDT`. */
  readonly name: string;
  /** Neither these nor the lost ones overlap. */
  readonly complete: readonly TimeRange[];
  readonly lost: readonly TimeRange[];
  /** Before this the list did not exist, so that nothing can be missing. */
  readonly servedFromMs: number;
  /**
   * Whether its newest time must be read. `quiet`: what it can change has not changed since it was read.
   * `doubtful`: some of it has, which may have another reason.
   */
  readonly tail: 'needed' | 'quiet' | 'doubtful';
}

/** A time that is not read, of one list. */
export interface MissingRange extends TimeRange {
  readonly name: string;
}

export type HistoryReach =
  /** History says nothing about the moment: something that can still be read is missing. */
  | { readonly kind: 'missing'; readonly missing: MissingRange }
  | {
      readonly kind: 'known';
      /** From here on every list is known. */
      readonly horizonMs: number;
      /** Nothing can have been held at the horizon. */
      readonly isOpening: boolean;
      /** What was known at the stored horizon can't be carried on: time after it is lost. */
      readonly isNew: boolean;
      readonly doubt: MissingRange | undefined;
    };

export interface ReachOptions {
  readonly lists: readonly ListHistory[];
  /** History must be known up to here. */
  readonly untilMs: number;
  readonly openedAtMs: number | undefined;
  readonly storedHorizonMs: number | undefined;
}

/**
 * From when on history is known without a hole. It only moves forward past what is lost for good: a gap that can
 * still be read must not make what was known forgotten, or what it hides would never be seen.
 */
export function historyReach({ lists, untilMs, openedAtMs, storedHorizonMs }: ReachOptions): HistoryReach {
  let horizonMs = Number.NEGATIVE_INFINITY;
  let isNew = false;
  let doubt: MissingRange | undefined;
  for (const list of lists) {
    const range = list.complete
      .filter(({ fromMs }) => fromMs < untilMs)
      .reduce<TimeRange | undefined>(
        (last, next) => (last && last.fromMs > next.fromMs ? last : next),
        undefined,
      );
    const { name } = list;
    if (range === undefined) {
      const fromMs = Math.max(list.servedFromMs, openedAtMs ?? list.servedFromMs);
      if (fromMs >= untilMs) continue;
      return { kind: 'missing', missing: { name, fromMs, toMs: untilMs } };
    }
    if (range.toMs < untilMs) {
      const missing = { name, fromMs: range.toMs, toMs: untilMs };
      if (list.tail === 'needed') return { kind: 'missing', missing };
      if (list.tail === 'doubtful') doubt ??= missing;
    }
    const fromMs = startOfRun(list.complete, range);
    if (storedHorizonMs !== undefined && fromMs > storedHorizonMs && fromMs > list.servedFromMs) {
      const gap = firstGap(list, { fromMs: Math.max(storedHorizonMs, list.servedFromMs), toMs: fromMs });
      if (gap !== undefined) return { kind: 'missing', missing: { name, ...gap } };
      isNew = true;
    }
    if (fromMs > list.servedFromMs) horizonMs = Math.max(horizonMs, fromMs);
  }
  if (openedAtMs !== undefined && horizonMs <= openedAtMs) {
    return { kind: 'known', horizonMs: openedAtMs, isOpening: true, isNew, doubt };
  }
  // Where every list reaches back to its beginning, history begins with the first of them.
  if (horizonMs === Number.NEGATIVE_INFINITY) {
    horizonMs = Math.min(untilMs, ...lists.map(({ servedFromMs }) => servedFromMs));
  }
  return { kind: 'known', horizonMs, isOpening: false, isNew, doubt };
}

/** Ranges that touch are one. */
function startOfRun(ranges: readonly TimeRange[], last: TimeRange): number {
  let { fromMs } = last;
  for (const range of [...ranges].sort((left, right) => right.fromMs - left.fromMs)) {
    if (range.fromMs < fromMs && range.toMs >= fromMs) fromMs = range.fromMs;
  }
  return fromMs;
}

/** The first time within the range that is neither read nor lost. */
function firstGap({ complete, lost }: ListHistory, { fromMs, toMs }: TimeRange): TimeRange | undefined {
  let atMs = fromMs;
  for (const known of [...complete, ...lost].sort((left, right) => left.fromMs - right.fromMs)) {
    if (known.fromMs >= toMs || known.fromMs > atMs) break;
    atMs = Math.max(atMs, known.toMs);
  }
  if (atMs >= toMs) return undefined;
  const next = [...complete, ...lost].map((known) => known.fromMs).filter((at) => at > atMs);
  return { fromMs: atMs, toMs: Math.min(toMs, ...next) };
}
