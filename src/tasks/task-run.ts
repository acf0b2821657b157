import { randomUUID } from 'node:crypto';
import { ExchangeSyncError } from '../domain/errors.js';
import type { SyncReport } from '../domain/report.js';
import type { HistoryDemand } from '../sync/history/history-demand.js';
import type { SyncTask } from '../sync/sync-task.js';
import { inputsOf, type SyncTarget } from './sync-target.js';

/** `queued` → `running` (from its first request on: `requested`) → `finished`. */
export type TaskRunState = 'queued' | 'running' | 'requested' | 'finished';

/** One run of one target, from the moment somebody asks for it; all who share it get its report. */
export class TaskRun {
  readonly id = randomUUID();
  readonly target: SyncTarget;
  readonly queuedAtMs: number;
  /** Set where it is part of a backfill or a repair. */
  readonly history: HistoryDemand | undefined;
  /** Rejects when the run is called off. */
  readonly report: Promise<SyncReport>;
  #priority: SyncTask['priority'];
  #state: TaskRunState = 'queued';
  #isCarriedOut = false;
  readonly #inputs = new Set<TaskRun>();
  #resolve!: (report: SyncReport) => void;
  #reject!: (error: unknown) => void;

  constructor(
    target: SyncTarget,
    priority: SyncTask['priority'],
    queuedAtMs: number,
    history?: HistoryDemand,
  ) {
    this.target = target;
    this.queuedAtMs = queuedAtMs;
    this.#priority = priority;
    this.history = history;
    this.report = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Nobody waits for a scheduled run: its being called off is not an unhandled rejection.
    this.report.catch(() => undefined);
  }

  get state(): TaskRunState {
    return this.#state;
  }

  get priority(): SyncTask['priority'] {
    return this.#priority;
  }

  /** Whether its picture will be from after now. */
  get isStillToRead(): boolean {
    return this.#state === 'queued' || this.#state === 'running';
  }

  /** Whether something it is made of is still under way. */
  get isWaitingForInputs(): boolean {
    return [...this.#inputs].some(({ state }) => state !== 'finished');
  }

  /** Whether something it is made of was read by this process, not left to another one. */
  get hasFreshInput(): boolean {
    return [...this.#inputs].some((input) => input.#isCarriedOut);
  }

  isMadeOf(run: TaskRun): boolean {
    return this.#inputs.has(run);
  }

  waitFor(inputs: readonly TaskRun[]): void {
    for (const input of inputs) this.#inputs.add(input);
  }

  /** Somebody waits for it now. */
  promote(): void {
    this.#priority = 'trigger';
  }

  started(): void {
    // What is made of the mirror reads that when it starts, and never sends a request.
    this.#state = inputsOf(this.target).length > 0 ? 'requested' : 'running';
  }

  firstRequest(): void {
    if (this.#state === 'running') this.#state = 'requested';
  }

  finished(report: SyncReport): void {
    this.#state = 'finished';
    this.#isCarriedOut = true;
    this.#resolve(report);
  }

  /** Nobody waits for it: whoever does makes it a trigger, which is not left out. */
  leftOut(): void {
    this.calledOff(new ExchangeSyncError('LEASE_HELD', 'Another process does this sync.'));
  }

  calledOff(error: unknown): void {
    this.#state = 'finished';
    this.#reject(error);
  }
}
