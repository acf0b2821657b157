import type { HistoryDemand } from '../sync/history/history-demand.js';
import type { SyncTask } from '../sync/sync-task.js';
import { inputsOf, type SyncTarget, targetId } from './sync-target.js';
import { TaskRun } from './task-run.js';

export interface RequestedRun {
  readonly run: TaskRun;
  /** Whether it was made for this request and is yet to be queued. */
  readonly isNew: boolean;
}

/**
 * The unfinished runs of every target, and who may share which. Whoever triggers a sync gets a picture from
 * after the trigger: a run that has sent its first request is of no use to him, and he gets the follow-up.
 */
export class RunRegistry {
  /** By target, oldest first. */
  readonly #unfinished = new Map<string, readonly TaskRun[]>();

  /** Undefined when the schedule asks for a target that is still under way from an earlier time. */
  request(target: SyncTarget, priority: SyncTask['priority'], nowMs: number): RequestedRun | undefined {
    // A backfill has no picture of now, and lasts too long to be waited for.
    const unfinished = this.#of(target).filter(({ history }) => history === undefined);
    if (priority === 'schedule' && unfinished.length > 0) return undefined;
    const inputs = inputsOf(target).flatMap((input) => this.#of(input));
    const shared = shareable(unfinished, inputs);
    if (shared !== undefined) {
      shared.promote();
      return { run: shared, isNew: false };
    }
    const run = new TaskRun(target, priority, nowMs);
    run.waitFor(inputs);
    this.#add(run);
    return { run, isNew: true };
  }

  /** A run of a backfill or a repair, which nobody shares. */
  requestHistory(target: SyncTarget, history: HistoryDemand, nowMs: number): TaskRun {
    const run = new TaskRun(target, 'schedule', nowMs, history);
    this.#add(run);
    return run;
  }

  /** Somebody waits for what is under way, so that it is fresh for the schedule as well. */
  isTriggered(target: SyncTarget): boolean {
    return this.#of(target).some(({ priority }) => priority === 'trigger');
  }

  remove(run: TaskRun): void {
    const left = this.#of(run.target).filter((other) => other !== run);
    if (left.length > 0) this.#unfinished.set(targetId(run.target), left);
    else this.#unfinished.delete(targetId(run.target));
  }

  #add(run: TaskRun): void {
    this.#unfinished.set(targetId(run.target), [...this.#of(run.target), run]);
  }

  #of(target: SyncTarget): readonly TaskRun[] {
    return this.#unfinished.get(targetId(target)) ?? [];
  }
}

function shareable(unfinished: readonly TaskRun[], inputs: readonly TaskRun[]): TaskRun | undefined {
  const last = unfinished.at(-1);
  if (!last?.isStillToRead) return undefined;
  if (inputs.every((input) => last.isMadeOf(input))) return last;
  // It would come before inputs that this trigger waits for. The first in the queue is left as it is, or a
  // stream of triggers would make it wait for ever; the second takes on more inputs until it is the first.
  if (unfinished.filter(({ state }) => state === 'queued').length < 2) return undefined;
  last.waitFor(inputs);
  return last;
}
