import type { Clock } from '../domain/clock.js';
import type { SyncReport } from '../domain/report.js';
import type { Logger } from '../logging/logger.js';
import type { SyncTask } from '../sync/sync-runner.js';
import { stopped } from './task-errors.js';
import type { TaskRun } from './task-run.js';

export interface RunExecutionOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly execute: (task: SyncTask) => Promise<SyncReport>;
  readonly onError: (error: unknown) => void;
}

/** Carries one run out and settles it, whatever happens; never rejects. */
export async function carryOut(
  run: TaskRun,
  nextDueMs: number | undefined,
  signal: AbortSignal,
  { clock, logger, execute, onError }: RunExecutionOptions,
): Promise<void> {
  const { exchange, account, dataType } = run.target;
  const startedAtMs = clock.now();
  try {
    const report = await execute({
      runId: run.id,
      account: { exchange, account },
      dataType,
      priority: run.priority,
      nextDueMs,
      signal,
      onFirstRequest: () => run.firstRequest(),
    });
    run.finished(report);
  } catch (error: unknown) {
    if (signal.aborted) {
      run.calledOff(stopped(error));
      return;
    }
    logger.error('A sync ended with an unexpected error', { ...run.target, runId: run.id, error });
    onError(error);
    run.finished(defectReport(run, startedAtMs, clock.now()));
  }
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
