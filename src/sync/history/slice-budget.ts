import type { Clock } from '../../domain/clock.js';
import type { ReadContext } from '../../exchange/exchange-client.js';

/** So many pages, or so long, one run reads of what is older than a day before it gives the lease back. */
const PAGES = 60;
const DURATION_MS: Readonly<Record<ReadContext['priority'], number>> = {
  schedule: 20_000,
  // Somebody waits for today.
  trigger: 5_000,
};

export interface SliceBudgetOptions {
  readonly clock: Clock;
  readonly context: ReadContext;
}

/** What one run may read of older history, so that balances stay fresh while years are loading. */
export class SliceBudget {
  readonly #clock: Clock;
  readonly #durationMs: number;
  readonly #ended = new AbortController();
  readonly #closed = new AbortController();
  /** Aborted when the run is called off, and when the time is over: a page that is waited for then comes later. */
  readonly signal: AbortSignal;
  #endsAtMs = Number.POSITIVE_INFINITY;
  #pages = PAGES;

  constructor({ clock, context }: SliceBudgetOptions) {
    this.#clock = clock;
    this.#durationMs = DURATION_MS[context.priority];
    this.signal = AbortSignal.any([context.signal, this.#ended.signal]);
  }

  /** The time runs from here on. `endsWaiting`: also for a page that the exchange's limits hold back. */
  begin({ endsWaiting }: { readonly endsWaiting: boolean }): void {
    this.#endsAtMs = this.#clock.now() + this.#durationMs;
    if (!endsWaiting) return;
    const { signal } = this.#closed;
    const end = () =>
      this.#ended.abort(new DOMException('The time for older history is over', 'TimeoutError'));
    this.#clock.sleep(this.#durationMs, signal).then(end, () => undefined);
  }

  get isOver(): boolean {
    return this.#ended.signal.aborted;
  }

  /** Whether there is another page in it. */
  take(): boolean {
    this.#pages -= 1;
    return this.#pages >= 0 && this.#clock.now() < this.#endsAtMs;
  }

  close(): void {
    this.#closed.abort();
  }
}
