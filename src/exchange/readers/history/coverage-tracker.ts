import type { TimeRange } from '../../../domain/time-range.js';
import type { PageOrder } from './page-turner.js';

/** What a page says about the time that it covers. */
export interface PageTimes {
  /** Of the rows that were not on an earlier page. */
  readonly fresh: readonly number[];
  /** Of the rows that are set aside. */
  readonly setAside: readonly number[];
  /** One of its rows has no time, so that it may be anywhere on this page or at its ends. */
  readonly hasTimeless: boolean;
  readonly isLast: boolean;
}

export interface CoverageTrackerOptions {
  readonly window: TimeRange;
  readonly order: PageOrder;
  /** A page says nothing; only the whole window does. */
  readonly byWindow: boolean;
}

/**
 * Works out which part of a window is known after each page: from the end at which the list begins to the last
 * row of the page, without that row's millisecond, of which more rows may be on the next page.
 */
export class CoverageTracker {
  readonly #order: PageOrder;
  readonly #byWindow: boolean;
  readonly #window: TimeRange;
  /** In the time that runs as the list does backwards: nothing at or above it is left to be covered. */
  #top: number;
  /** No row of a later page is above it. */
  #highestLeft: number;
  #setAside: number[] = [];
  /** A row of an earlier page, whose place is not known, may be as far down as the next row that is. */
  #isBlurred = false;
  #hadTimeless = false;
  /** Later rows were above earlier ones: the rest of the window is known when its last page is. */
  #isScattered = false;

  constructor({ window, order, byWindow }: CoverageTrackerOptions) {
    this.#order = order;
    this.#byWindow = byWindow;
    this.#window = this.#turned(window);
    this.#top = this.#window.toMs;
    this.#highestLeft = Number.POSITIVE_INFINITY;
  }

  after(page: PageTimes): readonly TimeRange[] {
    const fresh = page.fresh.map((timeMs) => this.#turnedTime(timeMs));
    this.#setAside.push(...page.setAside.map((timeMs) => this.#turnedTime(timeMs)));
    this.#hadTimeless ||= page.hasTimeless;
    if (this.#byWindow) return this.#atEnd(page, !this.#hadTimeless && this.#setAside.length === 0);
    const highest = Math.max(...fresh);
    const lowest = Math.min(...fresh);
    this.#isScattered ||= highest > this.#highestLeft;
    if (this.#isScattered) return this.#atEnd(page, !this.#hadTimeless);
    if (this.#isBlurred && fresh.length > 0) this.#top = Math.min(this.#top, highest);
    this.#highestLeft = Math.min(this.#highestLeft, lowest);
    const wasBlurred = this.#isBlurred && fresh.length === 0;
    this.#isBlurred = page.hasTimeless || wasBlurred;
    if (this.#isBlurred) {
      if (fresh.length > 0) this.#top = Math.min(this.#top, lowest);
      return [];
    }
    return this.#coverDownTo(page.isLast ? this.#window.fromMs : lowest + 1);
  }

  #atEnd({ isLast }: PageTimes, isKnown: boolean): readonly TimeRange[] {
    return isLast && isKnown ? this.#coverDownTo(this.#window.fromMs) : [];
  }

  #coverDownTo(timeMs: number): readonly TimeRange[] {
    const fromMs = Math.max(timeMs, this.#window.fromMs);
    if (fromMs >= this.#top) return [];
    const covered = without({ fromMs, toMs: this.#top }, this.#setAside);
    this.#top = fromMs;
    this.#setAside = this.#setAside.filter((other) => other < fromMs);
    return covered.map((range) => this.#turned(range));
  }

  #turned({ fromMs, toMs }: TimeRange): TimeRange {
    return this.#order === 'newest-first' ? { fromMs, toMs } : { fromMs: 1 - toMs, toMs: 1 - fromMs };
  }

  #turnedTime(timeMs: number): number {
    return this.#order === 'newest-first' ? timeMs : -timeMs;
  }
}

function without({ fromMs, toMs }: TimeRange, times: readonly number[]): TimeRange[] {
  const inside = [...new Set(times)].filter((time) => time >= fromMs && time < toMs).sort((a, b) => a - b);
  const starts = [fromMs, ...inside.map((time) => time + 1)];
  return starts
    .map((start, index) => ({ fromMs: start, toMs: inside[index] ?? toMs }))
    .filter((range) => range.fromMs < range.toMs);
}
