import type { Clock } from '../domain/clock.js';
import type { SyncReport } from '../domain/report.js';
import type { Logger } from '../logging/logger.js';
import type { SyncRunResult, SyncTask } from '../sync/sync-task.js';
import { jitterMs } from './schedule.js';
import { stopped } from './task-errors.js';
import type { TaskRun } from './task-run.js';

export interface RunExecutionOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly execute: (task: SyncTask) => Promise<SyncRunResult>;
  readonly onError: (error: unknown) => void;
}

/** What a run needs to know of the schedule. */
export interface RunTimes {
  readonly intervalMs: number;
  /** Undefined: the target is not scheduled. */
  readonly nextDueMs: number | undefined;
}

/** Carries one run out and settles it, whatever happens; never rejects. Gives how it ended, where it did. */
export async function carryOut(
  run: TaskRun,
  times: RunTimes,
  signal: AbortSignal,
  { clock, logger, execute, onError }: RunExecutionOptions,
): Promise<SyncRunResult | undefined> {
  const startedAtMs = clock.now();
  const task = taskOf(run, times, signal);
  try {
    let result = await execute(task);
    // Somebody began to wait for it while it was being left out.
    while (result.report === undefined && run.priority === 'trigger') result = await execute(task);
    if (result.report === undefined) run.leftOut();
    else run.finished(result.report);
    return result;
  } catch (error: unknown) {
    if (signal.aborted) {
      run.calledOff(stopped(error));
      return undefined;
    }
    logger.error('A sync ended with an unexpected error', { ...run.target, runId: run.id, error });
    onError(error);
    run.finished(defectReport(run, startedAtMs, clock.now()));
    return undefined;
  }
}

function taskOf(run: TaskRun, { intervalMs, nextDueMs }: RunTimes, signal: AbortSignal): SyncTask {
  const { exchange, account, dataType } = run.target;
  return {
    runId: run.id,
    account: { exchange, account },
    dataType,
    get priority() {
      return run.priority;
    },
    get onlyIfDue() {
      // What this process has just read must get into what is made of it, also where another was first.
      if (run.priority === 'trigger' || run.hasFreshInput || run.history !== undefined) return undefined;
      return { intervalMs, toleranceMs: jitterMs(intervalMs, 1) };
    },
    nextDueMs,
    history: run.history,
    signal,
    onFirstRequest: () => run.firstRequest(),
  };
}

function defectReport(run: TaskRun, startedAtMs: number, finishedAtMs: number): SyncReport {
  const message = 'The sync ended with a defect of this program; the log of this run says which.';
  return {
    ...run.target,
    runId: run.id,
    status: 'failed',
    itemsProcessed: 0,
    itemsSynced: 0,
    startedAt: new Date(startedAtMs).toISOString(),
    finishedAt: new Date(finishedAtMs).toISOString(),
    requests: 0,
    errors: [{ code: 'INTERNAL', message }],
  };
}
