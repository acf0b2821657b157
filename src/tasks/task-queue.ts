import type { TaskRun } from './task-run.js';

export interface TaskQueueOptions {
  /** How many runs may be under way at once. */
  readonly concurrency: number;
  readonly now: () => number;
  /** Carries the run out; must not reject. */
  readonly perform: (run: TaskRun) => Promise<void>;
}

/** A scheduled run that has waited this long goes with the triggers, lest a stream of them starve it. */
const PATIENCE_MS = 60_000;

/**
 * The runs of one exchange: so many at once, one at a time of each account, none before what it is made
 * of. Triggers go before the schedule, otherwise first come, first served.
 */
export class TaskQueue {
  readonly #options: TaskQueueOptions;
  /** In the order of their coming. */
  readonly #waiting = new Set<TaskRun>();
  readonly #running = new Set<TaskRun>();

  constructor(options: TaskQueueOptions) {
    this.#options = options;
  }

  get running(): readonly TaskRun[] {
    return [...this.#running];
  }

  add(run: TaskRun): void {
    this.#waiting.add(run);
    this.#startNext();
  }

  /** Takes out what has not been started. */
  clear(): readonly TaskRun[] {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    return waiting;
  }

  #startNext(): void {
    for (const run of this.#inOrder()) {
      if (this.#running.size >= this.#options.concurrency) return;
      if (!this.#mayStart(run)) continue;
      this.#waiting.delete(run);
      this.#running.add(run);
      void this.#carryOut(run);
    }
  }

  async #carryOut(run: TaskRun): Promise<void> {
    run.started();
    await this.#options.perform(run);
    this.#running.delete(run);
    this.#startNext();
  }

  #inOrder(): readonly TaskRun[] {
    const patienceEndsMs = this.#options.now() - PATIENCE_MS;
    const isUrgent = (run: TaskRun) => run.priority === 'trigger' || run.queuedAtMs <= patienceEndsMs;
    const waiting = [...this.#waiting];
    return [...waiting.filter(isUrgent), ...waiting.filter((run) => !isUrgent(run))];
  }

  #mayStart(run: TaskRun): boolean {
    if (run.isWaitingForInputs) return false;
    return ![...this.#running].some(({ target }) => target.account === run.target.account);
  }
}
