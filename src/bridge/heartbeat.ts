import type { Clock } from '../domain/clock.js';

export interface HeartbeatTiming {
  readonly intervalMs: number;
  /** So many intervals in a row without an answer, and the other side is taken for hung. */
  readonly missedLimit: number;
}

/** A loop is taken for hung that was blocked for 4 to 4.5 seconds: less can be a busy machine. */
export const HEARTBEAT: HeartbeatTiming = Object.freeze({ intervalMs: 500, missedLimit: 8 });

export interface HeartbeatOptions {
  readonly clock: Clock;
  readonly timing: HeartbeatTiming;
  readonly ping: () => void;
  /** Called once; the heartbeat has ended by then. */
  readonly onSilence: (silentMs: number) => void;
}

/** Asks the worker for a sign of life again and again: a hung loop raises no event by itself. */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  readonly #abort = new AbortController();
  #answered = false;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  start(): void {
    void this.#run();
  }

  stop(): void {
    this.#abort.abort();
  }

  /** Any message from the other side is a sign of life. */
  heard(): void {
    this.#answered = true;
  }

  async #run(): Promise<void> {
    const { clock, timing, ping, onSilence } = this.#options;
    let missed = 0;
    while (missed < timing.missedLimit) {
      this.#answered = false;
      ping();
      const askedAtMs = clock.now();
      try {
        await clock.sleep(timing.intervalMs, this.#abort.signal);
      } catch {
        // Only stop() ends the sleep early.
        return;
      }
      // A tick that comes late means that this thread was blocked or the machine asleep: the answer may be
      // in the queue behind this timer, so that it says nothing about the other side.
      const late = clock.now() - askedAtMs >= 2 * timing.intervalMs;
      if (this.#answered) missed = 0;
      else if (!late) missed += 1;
    }
    onSilence(missed * timing.intervalMs);
  }
}
