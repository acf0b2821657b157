import type { Random } from '../random.js';
import type { HistoryPlan } from '../world-plan.js';

const DAY_MS = 24 * 60 * 60_000;

/** Finer than this, a random number of 32 bits has no digits for years in milliseconds. */
const GRAIN_MS = 60_000;

/** A moment of the time that is left when the gaps are cut out. */
export class Schedule {
  readonly #random: Random;
  readonly #parts: readonly { readonly fromMs: number; readonly toMs: number }[];

  constructor(random: Random, { gaps = [] }: HistoryPlan, fromMs: number, toMs: number) {
    this.#random = random;
    const parts: { fromMs: number; toMs: number }[] = [];
    let startMs = fromMs;
    for (const gap of [...gaps].sort((left, right) => left.fromDay - right.fromDay)) {
      const gapMs = fromMs + gap.fromDay * DAY_MS;
      if (gapMs > startMs) parts.push({ fromMs: startMs, toMs: gapMs });
      startMs = Math.max(startMs, gapMs + gap.days * DAY_MS);
    }
    if (startMs < toMs) parts.push({ fromMs: startMs, toMs });
    this.#parts = parts;
  }

  /** `count` moments, sorted. */
  times(count: number): number[] {
    return Array.from({ length: count }, () => this.#moment()).sort((left, right) => left - right);
  }

  /** The moments of the fills, with bursts of several in the same millisecond. */
  fillTimes({ fills, bursts = [], plain = false }: HistoryPlan): number[] {
    const times = this.times(fills);
    for (let index = 1; index < times.length && !plain; index += 1) {
      if (this.#random.between(0, 7) === 0) times[index] = times[index - 1] ?? 0;
    }
    for (const { at, size } of bursts) {
      const newest = times.length - 1 - at;
      for (let index = newest; index > newest - size && index >= 0; index -= 1) {
        times[index] = times[newest] ?? 0;
      }
    }
    return times.sort((left, right) => left - right);
  }

  #moment(): number {
    const total = this.#parts.reduce((sum, part) => sum + part.toMs - part.fromMs, 0);
    const grains = Math.max(1, Math.floor(total / GRAIN_MS));
    let offset = this.#random.between(0, grains - 1) * GRAIN_MS + this.#random.between(0, GRAIN_MS - 1);
    for (const { fromMs, toMs } of this.#parts) {
      if (offset < toMs - fromMs) return fromMs + offset;
      offset -= toMs - fromMs;
    }
    return this.#parts.at(-1)?.toMs ?? 0;
  }
}
