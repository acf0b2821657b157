export interface RestartTiming {
  /** Before the first restart; doubled for each further one. */
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  /** Having run so long, the next failure counts as a first one again. */
  readonly ranWellMs: number;
}

export const RESTART: RestartTiming = Object.freeze({
  firstDelayMs: 1_000,
  maxDelayMs: 60_000,
  ranWellMs: 5 * 60_000,
});

export interface Restart {
  /** Counts from 1 since it last ran well. */
  readonly attempt: number;
  readonly delayMs: number;
}

/** How long to wait before each restart: never given up, never more often than about once a minute for long. */
export class RestartBackoff {
  readonly #timing: RestartTiming;
  #attempt = 0;

  constructor(timing: RestartTiming) {
    this.#timing = timing;
  }

  /** `ranMs`: how long it had been ready; 0 when it never was. */
  next(ranMs: number): Restart {
    const { firstDelayMs, maxDelayMs, ranWellMs } = this.#timing;
    this.#attempt = ranMs >= ranWellMs ? 1 : this.#attempt + 1;
    return { attempt: this.#attempt, delayMs: Math.min(firstDelayMs * 2 ** (this.#attempt - 1), maxDelayMs) };
  }
}
