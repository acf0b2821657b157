import type { TimeRange } from '../domain/time-range.js';
import { intersectRanges, mergeRanges, subtractRanges, totalLengthMs } from './time-ranges.js';
import { namesWithTurn } from './turns.js';

/* What of one list of a history is to be read now, what is lost, and when the next loss is due. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** What falls off while it is asked for would be refused, or left out without a word. */
const EDGE_MS = 5 * MINUTE_MS;

/** Read before anything older of any list, so that today is usable while years are still to come. */
const TODAY_MS = DAY_MS;

/** Rows that are not final are read with one request where they are no further apart. */
const NEAR_MS = DAY_MS;

/** What did not become right in so long is looked at in its turn. */
const ROW_RESTS_AFTER_MS = 7 * DAY_MS;
const TURN_EVERY_MS = DAY_MS;

/** As far as a list's rows can be known only together. A longer gap has more in it than a row that is set aside. */
const LONGEST_RESTING_MS = 31 * DAY_MS;

export interface HistoryFacts {
  /** By the exchange's clock. */
  readonly nowMs: number;
  /** The earliest moment that is asked for. */
  readonly startMs: number;
  readonly servedFromMs: number;
  /** Absent: the exchange keeps everything. */
  readonly retentionMs?: number | undefined;
  readonly settleLagMs: number;
  readonly lateMs: number;
  readonly complete: readonly TimeRange[];
  readonly lost: readonly TimeRange[];
  /** Asked for once more. */
  readonly rereads: readonly TimeRange[];
  /** When rows happened that may still change. */
  readonly nonFinalMs: readonly number[];
  /** Where rows are set aside, which are gaps until they are valid. */
  readonly aside?: readonly TimeRange[];
  /**
   * By the exchange's clock, when it was planned last: what is old and stays as it is is read in its turn, once a
   * day. Absent: all of it is.
   */
  readonly lookedAtMs?: number | undefined;
  /** By the exchange's clock: what came later is not asked for; absent: now. */
  readonly asOfMs?: number | undefined;
  /** Nothing from then on is read; absent: everything that is settled. */
  readonly untilMs?: number | undefined;
  /** Not to be read again by whoever asks. */
  readonly attempted?: readonly TimeRange[];
}

export interface HistoryPlan {
  /** What should be known: all that is asked for, up to what is settled by now. */
  readonly wanted: TimeRange;
  /** From here on the exchange answers in full. */
  readonly servedMs: number;
  /** What is to be read, newest first. */
  readonly read: readonly TimeRange[];
  /** Where that ends. */
  readonly readToMs: number;
  /** Of that, what was read too soon after it happened to be the last word. */
  readonly late: readonly TimeRange[];
  /** From here on it is read before anything older of other lists. */
  readonly tailFromMs: number;
  /** No longer served, and not known to be lost yet. */
  readonly lost: readonly TimeRange[];
  /** Rereads that can't be read any more. */
  readonly unreadable: readonly TimeRange[];
}

export function planHistory(facts: HistoryFacts): HistoryPlan {
  const { nowMs, startMs, settleLagMs, lateMs, complete, rereads, nonFinalMs } = facts;
  const settledMs = (facts.asOfMs ?? nowMs) - settleLagMs;
  const toMs = Math.min(settledMs, facts.untilMs ?? Number.POSITIVE_INFINITY);
  const servedMs = Math.max(facts.servedFromMs, keptFromMs(facts));
  const readable = { fromMs: servedMs, toMs };

  // What is served again was lost by mistake, e.g. by what was known of the exchange then.
  const lost = intersectRanges(facts.lost, [{ fromMs: -Infinity, toMs: servedMs + HOUR_MS }]);
  const hasTurn = turnsOf(facts, servedMs);
  const gaps = subtractRanges([{ fromMs: Math.max(startMs, servedMs), toMs }], [...complete, ...lost]).filter(
    (gap) => gap.toMs > toMs - TODAY_MS || !isExplained(gap, facts) || hasTurn(gap.fromMs),
  );
  // Where nothing new is read, what came late is found when there is.
  const late = facts.untilMs === undefined ? intersectRanges(lateWindow(complete, lateMs), [readable]) : [];
  const open = nonFinalMs.filter((ms) => ms >= toMs - ROW_RESTS_AFTER_MS || hasTurn(ms));
  const again = intersectRanges([...rereads, ...nearby(open)], [readable]);
  const read = subtractRanges([...gaps, ...late, ...again], facts.attempted ?? []);
  return {
    wanted: { fromMs: startMs, toMs: settledMs },
    servedMs,
    readToMs: toMs,
    read: [...read].reverse(),
    late: intersectRanges(late, read),
    tailFromMs: toMs - TODAY_MS,
    lost: subtractRanges(
      [{ fromMs: startMs, toMs: Math.min(servedMs, settledMs) }],
      [...complete, ...facts.lost],
    ),
    unreadable: intersectRanges(rereads, [{ fromMs: -Infinity, toMs: servedMs }]),
  };
}

/**
 * When the oldest of what is not known falls off at the exchange; undefined: nothing ever does. `unread`: what is
 * missing of what is still served, up to `toMs`.
 */
export function nextLossMs(
  unread: readonly TimeRange[],
  toMs: number,
  retentionMs: number | undefined,
): number | undefined {
  if (retentionMs === undefined) return undefined;
  return Math.min(toMs, ...unread.map(({ fromMs }) => fromMs)) + retentionMs;
}

/** From where on the exchange can be trusted to answer in full. */
function keptFromMs({ nowMs, retentionMs }: HistoryFacts): number {
  return retentionMs === undefined ? -Infinity : nowMs - retentionMs + Math.min(EDGE_MS, retentionMs / 10);
}

/**
 * Which of what is old, and may well never become right, is read now: in hundreds of places that would be hundreds of
 * requests each time.
 */
function turnsOf({ nowMs, lookedAtMs }: HistoryFacts, servedMs: number): (ms: number) => boolean {
  if (lookedAtMs === undefined) return () => true;
  const since = { fromMs: lookedAtMs, toMs: nowMs };
  return (ms) =>
    ms < servedMs + TURN_EVERY_MS || namesWithTurn([String(ms)], TURN_EVERY_MS, since).length > 0;
}

/** Whether rows that are set aside are why it is a gap. */
function isExplained(gap: TimeRange, { aside = [] }: HistoryFacts): boolean {
  return gap.toMs - gap.fromMs <= LONGEST_RESTING_MS && totalLengthMs(intersectRanges([gap], aside)) > 0;
}

/** Rows may appear that long after their time, so that the end of what was read is read once more. */
function lateWindow(complete: readonly TimeRange[], lateMs: number): readonly TimeRange[] {
  const endMs = mergeRanges(complete).at(-1)?.toMs;
  if (endMs === undefined) return [];
  return intersectRanges(complete, [{ fromMs: endMs - lateMs, toMs: endMs }]);
}

function nearby(moments: readonly number[]): readonly TimeRange[] {
  const stretched = moments.map((ms) => ({ fromMs: ms, toMs: ms + NEAR_MS }));
  // Stretched so that near ones touch; the last of each group is taken back to its own millisecond.
  return mergeRanges(stretched).map(({ fromMs, toMs }) => ({ fromMs, toMs: toMs - NEAR_MS + 1 }));
}
