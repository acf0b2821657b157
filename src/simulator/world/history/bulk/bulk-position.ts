import type { Market } from '../../market.js';
import { cut, toScaled } from './scaled.js';

/** Digits that an average price has beyond those of its ticks. */
const PRICE_FACTOR = 1_000_000n;

/** A contract's position in whole numbers: steps, and the average price in millionths of a tick. */
export class BulkPosition {
  readonly market: Market;
  /** Negative for a short position. */
  steps = 0n;
  #average = 0n;
  readonly #isInverse: boolean;
  readonly #tick: bigint;
  readonly #step: bigint;
  updatedAtMs = 0;

  constructor(market: Market) {
    this.market = market;
    this.#isInverse = market.kind === 'inverse';
    this.#tick = toScaled(market.tickSize);
    this.#step = toScaled(market.qtyStep);
  }

  /** In billionths. */
  get averagePrice(): bigint {
    return (this.#average * this.#tick) / PRICE_FACTOR;
  }

  /** What so many steps are worth at a price in ticks, in billionths of the settle currency. */
  value(steps: bigint, price: bigint): bigint {
    return this.#worth(steps, price * PRICE_FACTOR);
  }

  /** Fills `steps`, negative for a sale; what that realises, in billionths. */
  fill(steps: bigint, price: bigint, timestampMs: number): bigint {
    this.updatedAtMs = timestampMs;
    const scaled = price * PRICE_FACTOR;
    const before = this.steps;
    const after = before + steps;
    const grows = before === 0n || before > 0n === steps > 0n;
    this.steps = after;
    if (grows) {
      this.#average = this.#blend(abs(before), abs(steps), scaled);
      return 0n;
    }
    const closed = abs(steps) < abs(before) ? abs(steps) : abs(before);
    const entry = this.#worth(closed, this.#average);
    const exit = this.#worth(closed, scaled);
    // Its first side is left behind: what remains was bought at this price.
    if (after !== 0n && after > 0n !== before > 0n) this.#average = scaled;
    const long = this.#isInverse ? entry - exit : exit - entry;
    return before > 0n ? long : -long;
  }

  #worth(steps: bigint, price: bigint): bigint {
    if (this.#isInverse) {
      const face = steps * this.#step * 1_000_000_000n * PRICE_FACTOR;
      return cut(face / (price * this.#tick));
    }
    return cut((steps * this.#step * price * this.#tick) / (1_000_000_000n * PRICE_FACTOR));
  }

  #blend(before: bigint, added: bigint, price: bigint): bigint {
    if (before === 0n) return price;
    const total = before + added;
    if (!this.#isInverse) return (before * this.#average + added * price) / total;
    return (total * this.#average * price) / (before * price + added * this.#average);
  }
}

export function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}
