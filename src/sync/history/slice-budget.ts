/** So many pages, or so long, one run reads of what is older than a day before it gives the lease back. */
const PAGES = 60;
const DURATION_MS = 20_000;

/** What one run may read of older history, so that balances stay fresh while years are loading. */
export class SliceBudget {
  readonly #now: () => number;
  readonly #endsAtMs: number;
  #pages = PAGES;

  constructor(now: () => number) {
    this.#now = now;
    this.#endsAtMs = now() + DURATION_MS;
  }

  /** Whether there is another page in it. */
  take(): boolean {
    this.#pages -= 1;
    return this.#pages >= 0 && this.#now() < this.#endsAtMs;
  }
}
