import type { AccountRef } from '../domain/account.js';
import type { SyncedDataType } from '../domain/data-type.js';
import type { ReportedError } from '../domain/report.js';
import type { ScopeResult } from '../domain/scope-result.js';
import type { ReadContext } from '../exchange/exchange-client.js';
import type { Logger } from '../logging/logger.js';
import type { Transaction } from '../storage/database.js';
import type { HistoryDemand } from './history/history-demand.js';

/** One run of one strategy. */
export interface SyncRun {
  readonly account: AccountRef;
  readonly context: ReadContext;
  readonly runId: string;
  readonly startedAtMs: number;
  readonly logger: Logger;
  /** Set where somebody asks for more of a history than the schedule reads. */
  readonly history?: HistoryDemand | undefined;
  /**
   * Commits what was read so far, in a transaction of its own under the account's lease. Rejects with LEASE_LOST
   * when another process has the account by now; then nothing of the work is kept.
   */
  commit<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
}

/** What a strategy read, ready to be committed in one transaction. */
export interface PreparedSync {
  readonly scopes: readonly ScopeResult[];
  readonly itemsProcessed: number;
  readonly itemsSynced: number;
  /** Problems that are not a whole scope's: set-aside rows, missing dependencies. */
  readonly errors: readonly ReportedError[];
  /** Whether there is more to be read than this run did: another one is due at once. */
  readonly isMore?: boolean;
  /** Writes rows and absences. Runs inside the transaction that also records scopes, status and history. */
  readonly write: (transaction: Transaction) => Promise<void>;
}

/** The strategy for one data type: what to read and what it means for the mirror. */
export interface DataSync {
  readonly dataType: SyncedDataType;
  /** Rejects only when nothing could be attempted; a failing scope is a result. */
  prepare(run: SyncRun): Promise<PreparedSync>;
}
