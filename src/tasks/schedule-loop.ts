import { type AccountRef, WHOLE_EXCHANGE } from '../domain/account.js';
import type { Clock } from '../domain/clock.js';
import { SYNCED_DATA_TYPES } from '../domain/data-type.js';
import type { Logger } from '../logging/logger.js';
import { answered, sleepOrAbort, UNANSWERED } from './deadline.js';
import { type SyncTarget, targetId, targetsOf } from './sync-target.js';
import type { Timetable } from './timetable.js';

/** When a target is due, as the last run stored it. */
export interface DueTime extends SyncTarget {
  readonly dueMs: number;
}

export interface ScheduleLoopOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly timetable: Timetable;
  readonly accounts: () => Promise<readonly AccountRef[]>;
  readonly dueTimes: () => Promise<readonly DueTime[]>;
  readonly random: () => number;
  readonly enqueue: (target: SyncTarget) => void;
  readonly onError: (error: unknown) => void;
}

/** How soon a new account is seen when nothing else is due. */
const LOOK_AGAIN_MS = 60_000;
const FIRST_BACKOFF_MS = 1_000;

/** Puts into the queue what is due, until it is aborted; a failure is told and tried again, never its end. */
export class ScheduleLoop {
  readonly #options: ScheduleLoopOptions;
  #storedMs: ReadonlyMap<string, number> | undefined;
  #failures = 0;
  #pause = new AbortController();

  constructor(options: ScheduleLoopOptions) {
    this.#options = options;
  }

  /** Resolves once the signal is aborted; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#lookForTargets(signal);
      if (signal.aborted) return;
      // Known targets stay on time also while no answer says whether there are new ones.
      this.#enqueueDue();
      await this.#sleep(signal);
    }
  }

  /** The timetable has something earlier than when the loop went to sleep. */
  wake(): void {
    this.#pause.abort();
  }

  async #sleep(signal: AbortSignal): Promise<void> {
    const pause = new AbortController();
    this.#pause = pause;
    const end = () => pause.abort();
    signal.addEventListener('abort', end, { once: true });
    await sleepOrAbort(this.#options.clock, this.#pauseMs(), pause.signal);
    signal.removeEventListener('abort', end);
  }

  async #lookForTargets(signal: AbortSignal): Promise<void> {
    const { clock, timetable, logger, accounts, dueTimes, onError } = this.#options;
    try {
      this.#storedMs ??= byTarget(await answered(clock, dueTimes(), UNANSWERED.dueTimes, signal));
      const stored = this.#storedMs;
      const found = await answered(clock, accounts(), UNANSWERED.accounts, signal);
      const configured = found.filter(({ account }) => account !== WHOLE_EXCHANGE);
      timetable.setTargets(targetsOf(configured, SYNCED_DATA_TYPES), clock.now(), (target) =>
        stored.get(targetId(target)),
      );
      this.#failures = 0;
    } catch (error: unknown) {
      if (signal.aborted) return;
      this.#failures += 1;
      // The error itself is logged by whoever is told of it.
      logger.warning('The schedule could not be brought up to date and will try again', {
        failures: this.#failures,
      });
      onError(error);
    }
  }

  #enqueueDue(): void {
    const { clock, timetable, logger, enqueue, onError } = this.#options;
    for (const target of timetable.takeDue(clock.now())) {
      try {
        enqueue(target);
      } catch (error: unknown) {
        logger.error('A sync that is due could not be queued', { ...target, error });
        onError(error);
      }
    }
  }

  #pauseMs(): number {
    const { clock, timetable } = this.#options;
    const lookMs = this.#failures === 0 ? LOOK_AGAIN_MS : this.#backoffMs();
    const startMs = timetable.nextStartMs ?? Number.POSITIVE_INFINITY;
    return Math.max(0, Math.min(lookMs, startMs - clock.now()));
  }

  #backoffMs(): number {
    const doublings = Math.min(this.#failures - 1, 16);
    const spread = 0.5 + this.#options.random() / 2;
    return Math.min(FIRST_BACKOFF_MS * 2 ** doublings * spread, LOOK_AGAIN_MS);
  }
}

function byTarget(dueTimes: readonly DueTime[]): ReadonlyMap<string, number> {
  return new Map(dueTimes.map((each) => [targetId(each), each.dueMs]));
}
