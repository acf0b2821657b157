import type { AccountRef } from '../domain/account.js';
import type { SyncedDataType } from '../domain/data-type.js';
import type { SyncReport } from '../domain/report.js';
import type { DueRule } from '../storage/lease-repository.js';
import type { HistoryDemand } from './history/history-demand.js';

/** One run as the TaskManager asks for it. */
export interface SyncTask {
  readonly runId: string;
  readonly account: AccountRef;
  readonly dataType: SyncedDataType;
  /** At this moment: a scheduled run that somebody begins to wait for becomes a trigger. */
  readonly priority: 'trigger' | 'schedule';
  /** At this moment: set where the run is left out when another process has just done it. */
  readonly onlyIfDue: DueRule | undefined;
  /** When the schedule runs this again; undefined leaves the stored time alone. */
  readonly nextDueMs: number | undefined;
  /** Set where somebody asks for more of a history than the schedule reads. */
  readonly history?: HistoryDemand | undefined;
  readonly signal: AbortSignal;
  /** Told once, before the first request is sent. */
  readonly onFirstRequest?: () => void;
}

/** How a run ended, and what that means for the schedule. */
export interface SyncRunResult {
  /** Undefined: the schedule's run was left out, for another process has just done it or is at it. */
  readonly report: SyncReport | undefined;
  /** Set where another process has done it: the schedule follows the time that it has stored. */
  readonly dueInMs?: number;
  /** Set where the schedule looks again before its time: something is left to be read or about to be lost, or it is
   * not known whether another process does it. */
  readonly retryInMs?: number;
}
