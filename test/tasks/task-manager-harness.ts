import type { AccountRef } from '#src/domain/account.js';
import type { ExchangeSyncError } from '#src/domain/errors.js';
import type { SyncReport } from '#src/domain/report.js';
import type { SyncRunResult, SyncTask } from '#src/sync/sync-task.js';
import type { DueTime } from '#src/tasks/schedule-loop.js';
import { targetId } from '#src/tasks/sync-target.js';
import { TaskManager, type TaskManagerOptions } from '#src/tasks/task-manager.js';
import { everyInterval } from '../support/intervals.js';
import { ManualClock } from '../support/manual-clock.js';
import { silentLogger } from '../support/silent-logger.js';

export const MINUTE = 60_000;
export const START = Date.UTC(2026, 0, 1);

/** One call of `execute`, with times in milliseconds since the start. */
export interface Call {
  readonly id: string;
  readonly task: SyncTask;
  readonly startedMs: number;
  requestedMs: number | undefined;
  endedMs: number | undefined;
}

/** How long a sync takes, and how long until its first request. */
export interface Duration {
  readonly requestMs?: number;
  readonly totalMs: number;
}

export interface HarnessOptions extends Partial<Omit<TaskManagerOptions, 'clock'>> {
  readonly clock?: ManualClock;
  readonly configured?: readonly string[];
  readonly stored?: readonly DueTime[];
  readonly duration?: (task: SyncTask) => Duration;
  /** How a run ends; undefined: with a report. */
  readonly result?: (task: SyncTask) => SyncRunResult | undefined;
}

/** A task manager on a clock that is advanced by hand, whose syncs take as long as the test says. */
export class Harness {
  readonly clock: ManualClock;
  readonly calls: Call[] = [];
  readonly errors: ExchangeSyncError[] = [];
  readonly manager: TaskManager;
  /** Changed by tests; `bybit/main`. */
  configured: readonly string[];
  readonly #duration: (task: SyncTask) => Duration;
  readonly #result: (task: SyncTask) => SyncRunResult | undefined;

  constructor({ clock, configured, stored, duration, result, ...options }: HarnessOptions = {}) {
    this.clock = clock ?? new ManualClock(START);
    this.configured = configured ?? ['bybit/main'];
    this.#duration = duration ?? (() => ({ totalMs: 1_000 }));
    this.#result = result ?? (() => undefined);
    this.manager = new TaskManager({
      clock: this.clock,
      logger: silentLogger,
      execute: (task) => this.execute(task),
      accounts: async () => this.configured.map(accountRef),
      dueTimes: async () => stored ?? [],
      schedule: { enabled: true, intervalMs: everyInterval(30 * MINUTE) },
      concurrencyPerExchange: 2,
      random: () => 0,
      onError: (error) => this.errors.push(error),
      ...options,
    });
  }

  async execute(task: SyncTask): Promise<SyncRunResult> {
    const call: Call = {
      id: targetId({ ...task.account, dataType: task.dataType }),
      task,
      startedMs: this.#elapsedMs(),
      requestedMs: undefined,
      endedMs: undefined,
    };
    this.calls.push(call);
    const { requestMs = 0, totalMs } = this.#duration(task);
    try {
      await this.clock.sleep(requestMs, task.signal);
      if (task.dataType !== 'portfolio') {
        call.requestedMs = this.#elapsedMs();
        task.onFirstRequest?.();
      }
      await this.clock.sleep(totalMs - requestMs, task.signal);
      return this.#result(task) ?? { report: reportOf(task) };
    } finally {
      call.endedMs = this.#elapsedMs();
    }
  }

  /** `id @ start` of each call so far. */
  get starts(): readonly string[] {
    return this.calls.map(({ id, startedMs }) => `${id} @ ${startedMs}`);
  }

  callsOf(id: string): readonly Call[] {
    return this.calls.filter((call) => call.id === id);
  }

  #elapsedMs(): number {
    return this.clock.now() - START;
  }
}

export function accountRef(id: string): AccountRef {
  const [exchange = '', account = ''] = id.split('/');
  return { exchange, account };
}

export function reportOf(task: SyncTask): SyncReport {
  return {
    ...task.account,
    runId: task.runId,
    dataType: task.dataType,
    status: 'ok',
    itemsProcessed: 1,
    itemsSynced: 1,
    startedAt: '',
    finishedAt: '',
    requests: 1,
    errors: [],
  };
}

/** Notes how a promise ends, so that a test can look at it without waiting. */
export function watch<T>(promise: Promise<T>): { value?: T; error?: unknown; settled: boolean } {
  const outcome: { value?: T; error?: unknown; settled: boolean } = { settled: false };
  promise.then(
    (value) => Object.assign(outcome, { value, settled: true }),
    (error: unknown) => Object.assign(outcome, { error, settled: true }),
  );
  return outcome;
}
