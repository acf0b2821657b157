import type { TimeRange } from '../../../domain/time-range.js';

/** The windows of a range that are still to be read, newest first. */
export class TimeWindows {
  readonly #rest: TimeRange[];
  readonly #windowMs: number;

  constructor(range: TimeRange, windowMs = Number.POSITIVE_INFINITY) {
    this.#rest = range.fromMs < range.toMs ? [range] : [];
    this.#windowMs = windowMs;
  }

  next(): TimeRange | undefined {
    const rest = this.#rest.pop();
    if (rest === undefined) return undefined;
    const fromMs = Math.max(rest.fromMs, rest.toMs - this.#windowMs);
    if (rest.fromMs < fromMs) this.#rest.push({ fromMs: rest.fromMs, toMs: fromMs });
    return { fromMs, toMs: rest.toMs };
  }

  /** Puts a window back in two halves. False: it is one millisecond, of which there are no halves. */
  halve({ fromMs, toMs }: TimeRange): boolean {
    const middleMs = Math.floor((fromMs + toMs) / 2);
    if (middleMs === fromMs) return false;
    this.#rest.push({ fromMs, toMs: middleMs }, { fromMs: middleMs, toMs });
    return true;
  }
}
