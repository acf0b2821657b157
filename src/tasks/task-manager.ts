import type { AccountRef } from '../domain/account.js';
import type { Clock } from '../domain/clock.js';
import { DataType, type HistoryDataType, type SyncedDataType } from '../domain/data-type.js';
import { ExchangeSyncError } from '../domain/errors.js';
import { asExchangeSyncError } from '../domain/foreign-error.js';
import { isNotOffered, type SyncReport } from '../domain/report.js';
import type { Logger } from '../logging/logger.js';
import type { HistoryDemand } from '../sync/history/history-demand.js';
import type { SyncRunResult, SyncTask } from '../sync/sync-task.js';
import { answered, settlesWithin, UNANSWERED } from './deadline.js';
import { carryOut } from './run-execution.js';
import { RunRegistry } from './run-registry.js';
import { type DueTime, ScheduleLoop } from './schedule-loop.js';
import { type SyncTarget, targetId, targetOf } from './sync-target.js';
import { stopped } from './task-errors.js';
import { TaskQueue } from './task-queue.js';
import type { TaskRun } from './task-run.js';
import { Timetable } from './timetable.js';
import { triggerTargets } from './trigger-targets.js';

export interface TaskManagerOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Carries one sync out. A rejection is taken for a defect, or for the answer to an aborted signal. */
  readonly execute: (task: SyncTask) => Promise<SyncRunResult>;
  /** The configured accounts; asked anew whenever it matters, so that new credentials are seen. */
  readonly accounts: () => Promise<readonly AccountRef[]>;
  /** What was stored of earlier runs; asked once after a start. */
  readonly dueTimes: () => Promise<readonly DueTime[]>;
  readonly schedule: {
    /** False leaves triggers working. */
    readonly enabled: boolean;
    readonly intervalMs: Readonly<Record<SyncedDataType, number>>;
  };
  readonly concurrencyPerExchange: number;
  /** 0 to 1, as `Math.random`. */
  readonly random: () => number;
  /** Told of what goes wrong in the background. */
  readonly onError: (error: ExchangeSyncError) => void;
}

/**
 * `idle` → `running` → `stopping` → `stopped` → `running`. Triggers are taken only while it is running.
 */
export type TaskManagerState = 'idle' | 'running' | 'stopping' | 'stopped';

/** For what doesn't heed its signal. */
const ABORT_GRACE_MS = 2_000;

/** Decides when each kind of data of each account is synced: by the schedule, and when somebody asks. */
export class TaskManager {
  readonly #options: TaskManagerOptions;
  readonly #registry = new RunRegistry();
  /** One of its own for each exchange, so that a slow one delays no other. */
  readonly #queues = new Map<string, TaskQueue>();
  #state: TaskManagerState = 'idle';
  #timetable: Timetable;
  #scheduleLoop: ScheduleLoop | undefined;
  #loop: Promise<void> = Promise.resolve();
  #stopping: Promise<void> | undefined;
  #scheduling = new AbortController();
  #executing = new AbortController();

  constructor(options: TaskManagerOptions) {
    this.#options = Object.freeze({ ...options });
    this.#timetable = this.#newTimetable();
  }

  get state(): TaskManagerState {
    return this.#state;
  }

  /** Takes triggers, and starts the schedule where it is enabled. Throws `STOPPED` while it is stopping. */
  start(): void {
    if (this.#state === 'running') return;
    if (this.#state === 'stopping') throw stopped();
    this.#scheduling = new AbortController();
    this.#executing = new AbortController();
    this.#timetable = this.#newTimetable();
    this.#setState('running');
    if (!this.#options.schedule.enabled) return;
    this.#scheduleLoop = this.#newLoop();
    this.#loop = this.#scheduleLoop.run(this.#scheduling.signal);
  }

  /**
   * Rejects what waits with `STOPPED`, lets what runs finish until the deadline, and aborts it then.
   * Resolves at the latest two seconds after the deadline.
   */
  stop(deadlineMs: number): Promise<void> {
    if (this.#state !== 'running') {
      if (this.#state === 'idle') this.#setState('stopped');
      return this.#stopping ?? Promise.resolve();
    }
    this.#setState('stopping');
    this.#stopping = this.#stop(deadlineMs).finally(() => {
      this.#stopping = undefined;
    });
    return this.#stopping;
  }

  /**
   * Syncs now, and resolves with one report per account and data type, in the order of the data types.
   * What they hold is never from before the call. `ALL` leaves out what the exchange does not offer. Rejects
   * with `EXCHANGE_NOT_CONFIGURED`, `NOT_STARTED` or `STOPPED`.
   */
  async trigger(
    exchange: string,
    account: string | undefined,
    dataType: DataType,
  ): Promise<readonly SyncReport[]> {
    const reports = await this.#syncNow((configured) =>
      triggerTargets({ exchange, account, dataType }, configured),
    );
    return dataType === DataType.ALL ? reports.filter((report) => !isNotOffered(report)) : reports;
  }

  /** What a trigger would sync; rejects as it does. */
  async plan(
    exchange: string,
    account: string | undefined,
    dataType: DataType,
  ): Promise<readonly SyncTarget[]> {
    this.#assertRunning();
    return triggerTargets({ exchange, account, dataType }, await this.#configuredAccounts());
  }

  /** Syncs every configured account now, all data types that its exchange offers. */
  async triggerAll(): Promise<readonly SyncReport[]> {
    const reports = await this.#syncNow((configured) => {
      const exchanges = [...new Set(configured.map(({ exchange }) => exchange))];
      return exchanges.flatMap((exchange) =>
        triggerTargets({ exchange, account: undefined, dataType: DataType.ALL }, configured),
      );
    });
    return reports.filter((report) => !isNotOffered(report));
  }

  /**
   * One run of a backfill or a repair: behind whatever waits of the account, so that the schedule goes on beside
   * it. Rejects with `LEASE_HELD` where another process is syncing the account, and as `trigger` does.
   */
  async runHistory(
    account: AccountRef,
    dataType: HistoryDataType,
    demand: HistoryDemand,
  ): Promise<SyncReport> {
    this.#assertRunning();
    const target = targetOf(account, dataType);
    const run = this.#registry.requestHistory(target, demand, this.#options.clock.now());
    this.#queueOf(target.exchange).add(run);
    return run.report;
  }

  /** What is being synced at this moment. */
  running(): readonly SyncTarget[] {
    return this.#runs().map(({ target }) => target);
  }

  async #syncNow(
    targets: (configured: readonly AccountRef[]) => readonly SyncTarget[],
  ): Promise<readonly SyncReport[]> {
    this.#assertRunning();
    const configured = await this.#configuredAccounts();
    this.#assertRunning();
    const runs = targets(configured).flatMap((target) => this.#request(target, 'trigger') ?? []);
    return Promise.all(runs.map(({ report }) => report));
  }

  async #configuredAccounts(): Promise<readonly AccountRef[]> {
    const { clock, accounts } = this.#options;
    try {
      return await answered(clock, accounts(), UNANSWERED.accounts, this.#scheduling.signal);
    } catch (error: unknown) {
      this.#assertRunning();
      throw asExchangeSyncError(error);
    }
  }

  #request(target: SyncTarget, priority: SyncTask['priority']): TaskRun | undefined {
    const requested = this.#registry.request(target, priority, this.#options.clock.now());
    if (requested === undefined) {
      if (this.#registry.isTriggered(target)) return undefined;
      this.#options.logger.warning('A scheduled sync is left out because the one before is still under way', {
        ...target,
      });
      return undefined;
    }
    if (requested.isNew) this.#queueOf(target.exchange).add(requested.run);
    return requested.run;
  }

  async #perform(run: TaskRun): Promise<void> {
    const { target } = run;
    const times = {
      intervalMs: this.#options.schedule.intervalMs[target.dataType],
      // What is done beside the schedule does not change it.
      nextDueMs: run.history === undefined ? this.#timetable.dueMs(target) : undefined,
    };
    let result: SyncRunResult | undefined;
    try {
      result = await carryOut(run, times, this.#executing.signal, {
        ...this.#options,
        onError: (error) => this.#tell(error),
      });
    } finally {
      this.#registry.remove(run);
    }
    // Only now: a run that is due at once is left out while this one is known as unfinished.
    if (result !== undefined && run.history === undefined) this.#reschedule(target, result);
  }

  /** Where another process is at it, the schedule keeps step with that one. */
  #reschedule(target: SyncTarget, { dueInMs, retryInMs }: SyncRunResult): void {
    const nowMs = this.#options.clock.now();
    if (dueInMs !== undefined) this.#timetable.follow(target, nowMs + dueInMs);
    if (retryInMs === undefined) return;
    this.#timetable.retry(target, nowMs + retryInMs);
    this.#scheduleLoop?.wake();
  }

  async #stop(deadlineMs: number): Promise<void> {
    const { clock, logger } = this.#options;
    this.#scheduling.abort();
    for (const queue of this.#queues.values()) {
      for (const run of queue.clear()) {
        this.#registry.remove(run);
        run.calledOff(stopped());
      }
    }
    const allSettled = () => Promise.allSettled(this.#runs().map(({ report }) => report));
    if (!(await settlesWithin(clock, deadlineMs, allSettled()))) {
      this.#executing.abort(stopped());
      if (!(await settlesWithin(clock, ABORT_GRACE_MS, allSettled()))) {
        logger.error('Some syncs did not stop when they were aborted and are left behind', {
          targets: this.running().map(targetId),
        });
        for (const run of this.#runs()) run.calledOff(stopped());
      }
    }
    await this.#loop;
    this.#setState('stopped');
  }

  #newTimetable(): Timetable {
    const { schedule, random } = this.#options;
    return new Timetable({ intervalMs: schedule.intervalMs, random });
  }

  #newLoop(): ScheduleLoop {
    return new ScheduleLoop({
      ...this.#options,
      timetable: this.#timetable,
      enqueue: (target) => this.#request(target, 'schedule'),
      onError: (error) => this.#tell(error),
    });
  }

  #queueOf(exchange: string): TaskQueue {
    const known = this.#queues.get(exchange);
    if (known !== undefined) return known;
    const { concurrencyPerExchange, clock } = this.#options;
    const queue = new TaskQueue({
      concurrency: concurrencyPerExchange,
      now: () => clock.now(),
      perform: (run) => this.#perform(run),
    });
    this.#queues.set(exchange, queue);
    return queue;
  }

  #runs(): readonly TaskRun[] {
    return [...this.#queues.values()].flatMap(({ running }) => running);
  }

  #assertRunning(): void {
    if (this.#state === 'idle') {
      throw new ExchangeSyncError('NOT_STARTED', 'The synchronizer is not started. Call start() first.');
    }
    if (this.#state !== 'running') throw stopped();
  }

  #setState(state: TaskManagerState): void {
    this.#options.logger.debug('The task manager changes its state', { from: this.#state, to: state });
    this.#state = state;
  }

  /** A listener that throws must not end the loop that tells it. */
  #tell(error: unknown): void {
    try {
      this.#options.onError(asExchangeSyncError(error));
    } catch (listenerError: unknown) {
      this.#options.logger.error('A listener for errors failed', { error: listenerError });
    }
  }
}
