import { accountId } from '../domain/account.js';
import { ExchangeSyncError } from '../domain/errors.js';
import type { SynchronizerEvents } from '../domain/events.js';
import { isNotOffered, type SyncReport } from '../domain/report.js';
import type { Logger } from '../logging/logger.js';
import type { Transaction } from '../storage/database.js';
import type { PostgresDatabase } from '../storage/postgres-database.js';
import type { ScopeRepository } from '../storage/scope-repository.js';
import type { SyncHistoryRepository } from '../storage/sync-history-repository.js';
import type { SyncStatusRepository } from '../storage/sync-status-repository.js';
import { dueBeforeLossMs } from './before-loss.js';
import type { PreparedSync } from './data-sync.js';
import type { HeldLease } from './held-lease.js';
import type { HistoryRetention } from './history-retention.js';
import type { HoldKeeper } from './hold-keeper.js';
import type { Acquisition, LeaseKeeper } from './lease-keeper.js';
import { reportedError } from './read-scope.js';
import type { DataSyncRegistry } from './registry.js';
import { logReport, nothing, reportOf } from './sync-report.js';
import type { SyncRunResult, SyncTask } from './sync-task.js';
import { watchingMeter } from './watching-meter.js';

export interface SyncRunnerOptions {
  readonly registry: DataSyncRegistry;
  readonly database: Pick<PostgresDatabase, 'transaction'>;
  /** Resolves when the schema is there; rejects when the database can't be used now. */
  readonly databaseReady: () => Promise<void>;
  readonly leaseKeeper: Pick<LeaseKeeper, 'acquire' | 'durationMs'>;
  readonly scopes: Pick<ScopeRepository, 'record' | 'lossInMs'>;
  readonly status: Pick<SyncStatusRepository, 'record'>;
  readonly history: Pick<SyncHistoryRepository, 'record'>;
  readonly retention: Pick<HistoryRetention, 'pruneWhenDue'>;
  readonly holdKeeper: Pick<HoldKeeper, 'refresh' | 'save'>;
  readonly logger: Logger;
  readonly now: () => number;
  readonly emitStart: (run: Parameters<SynchronizerEvents['sync:start']>[0]) => void;
}

/**
 * Carries one run through under its account's lease: read, commit everything in one transaction, report.
 * Rejects only when aborted.
 */
export class SyncRunner {
  readonly #options: SyncRunnerOptions;

  constructor(options: SyncRunnerOptions) {
    this.#options = options;
  }

  async run(task: SyncTask): Promise<SyncRunResult> {
    const { logger, now } = this.#options;
    const { runId, account, dataType, signal } = task;
    const begun = { task, startedAtMs: now(), logger: logger.child({ runId, ...account, dataType }) };
    let acquired: Acquisition;
    try {
      acquired = await this.#acquire(task);
    } catch (error) {
      signal.throwIfAborted();
      // Without a place to write to, asking the exchange would only spend its rate limit.
      return { report: this.#unattempted(begun, nothing(reportedError(error))) };
    }
    if (acquired.kind !== 'acquired') return this.#leaveOut(begun, acquired);
    const { lease } = acquired;
    try {
      signal.throwIfAborted();
      return await this.#carryOut(begun, lease);
    } catch (error) {
      await lease.release();
      throw error;
    } finally {
      lease.end();
    }
  }

  async #acquire({ account, dataType, onlyIfDue, signal }: SyncTask): Promise<Acquisition> {
    const { databaseReady, leaseKeeper, holdKeeper } = this.#options;
    await databaseReady();
    const request = { ...account, dataType, ...(onlyIfDue && { onlyIfDue }) };
    return leaseKeeper.acquire(request, signal, (transaction) => holdKeeper.refresh(transaction));
  }

  /** Nobody waits for the schedule, so that nothing but a line in the log tells of it. */
  #leaveOut(begun: BegunRun, answer: Exclude<Acquisition, { kind: 'acquired' }>): SyncRunResult {
    const { task, logger } = begun;
    if (answer.kind === 'not-due') {
      const { dueInMs } = answer;
      logger.debug('Another process has just done this sync', { dueInMs });
      return { report: undefined, dueInMs };
    }
    const { owner = 'another process', freeInMs } = answer;
    if (task.priority === 'schedule') {
      const retryInMs = Math.max(freeInMs, this.#options.leaseKeeper.durationMs / 4);
      logger.debug('Another process is syncing this account', { owner, retryInMs });
      return { report: undefined, retryInMs };
    }
    const message = `${accountId(task.account)} is being synced by ${owner}. What it reads comes into the same tables; ask again if you need what came later.`;
    return { report: this.#unattempted(begun, nothing({ code: 'LEASE_HELD', message })) };
  }

  #unattempted({ task, startedAtMs, logger }: BegunRun, prepared: PreparedSync): SyncReport {
    const spent = { startedAtMs, finishedAtMs: this.#options.now(), requests: 0 };
    const report = reportOf(task, spent, prepared);
    logReport(logger, report);
    return report;
  }

  async #carryOut(begun: BegunRun, lease: HeldLease): Promise<SyncRunResult> {
    const { task, startedAtMs, logger } = begun;
    const { runId, account, dataType, signal, priority, history, onFirstRequest } = task;
    const { registry, emitStart, holdKeeper, leaseKeeper } = this.#options;
    const meter = watchingMeter(() => lease.check(), onFirstRequest);
    const context = { signal: lease.signal, priority, meter };
    emitStart({ ...account, runId, dataType });
    logger.debug('Sync started');
    let prepared: PreparedSync;
    try {
      prepared = await registry[dataType].prepare({
        ...{ account, context, runId, startedAtMs, logger, history },
        commit: (work) => this.#commitPart(lease, work),
      });
    } catch (error) {
      prepared = nothing(reportedError(error));
    }
    signal.throwIfAborted();
    lease.end();
    const { report, dueInMs } = await this.#commit(begun, lease, prepared, meter.requests);
    await holdKeeper.save();
    logReport(logger, report);
    const lost = report.errors.some(({ code }) => code === 'LEASE_LOST');
    const retryInMs = lost ? leaseKeeper.durationMs : dueInMs;
    return { report, ...(retryInMs !== undefined && { retryInMs }) };
  }

  #commitPart<Result>(
    lease: HeldLease,
    work: (transaction: Transaction) => Promise<Result>,
  ): Promise<Result> {
    return this.#options.database.transaction(async (transaction) => {
      await lease.extend(transaction);
      return await work(transaction);
    });
  }

  /** When the rows can't be written, the report says so; history is then written on its own if it can be. */
  async #commit(
    { task, startedAtMs, logger }: BegunRun,
    lease: HeldLease,
    prepared: PreparedSync,
    requests: number,
  ): Promise<CommittedRun> {
    const { now } = this.#options;
    const spent = { startedAtMs, finishedAtMs: now(), requests };
    const report = reportOf(task, spent, prepared);
    try {
      return { report, dueInMs: await this.#write(lease, task, report, prepared) };
    } catch (error) {
      const { itemsProcessed } = prepared;
      const unwritten = { ...nothing(reportedError(error)), itemsProcessed };
      const failed = reportOf(task, { ...spent, finishedAtMs: now() }, unwritten);
      if (error instanceof ExchangeSyncError && error.code === 'LEASE_LOST') {
        logger.warning('The writes of a sync were refused: its lease was lost', { itemsProcessed, requests });
        await lease.countRefused();
        return { report: failed, dueInMs: undefined };
      }
      logger.error('Nothing of the sync could be written', { error });
      try {
        await this.#write(lease, task, failed, unwritten);
      } catch (historyError) {
        logger.warning('The failed sync could not be recorded in the history either', {
          error: historyError,
        });
      }
      return { report: failed, dueInMs: undefined };
    }
  }

  /** All or nothing, and nothing without the lease. Gives what `#record` does. */
  #write(
    lease: HeldLease,
    task: SyncTask,
    report: SyncReport,
    prepared: PreparedSync,
  ): Promise<number | undefined> {
    return this.#options.database.transaction(async (transaction) => {
      await lease.fence(transaction);
      await prepared.write(transaction);
      return await this.#record(transaction, task, report, prepared);
    });
  }

  /** Gives in how long another run is due, where that is before the schedule's time. */
  async #record(
    transaction: Transaction,
    task: SyncTask,
    report: SyncReport,
    { scopes: results, isMore = false }: PreparedSync,
  ): Promise<number | undefined> {
    const { scopes, status, history, retention, now } = this.#options;
    const key = [transaction, task.account, task.dataType] as const;
    const lossInMs = await (results.length === 0 ? scopes.lossInMs(...key) : scopes.record(...key, results));
    const scheduledInMs = task.nextDueMs === undefined ? undefined : task.nextDueMs - now();
    const earlierInMs = isMore ? 0 : lossInMs === undefined ? undefined : dueBeforeLossMs(lossInMs);
    const isEarlier = scheduledInMs !== undefined && earlierInMs !== undefined && earlierInMs < scheduledInMs;
    await status.record(transaction, report, isEarlier ? earlierInMs : scheduledInMs);
    // Every half hour a row that says the same would only hide what went wrong.
    if (!isNotOffered(report)) await history.record(transaction, report);
    await retention.pruneWhenDue(transaction);
    return isEarlier ? earlierInMs : undefined;
  }
}

interface CommittedRun {
  readonly report: SyncReport;
  /** Set where another run is due before the schedule's time. */
  readonly dueInMs: number | undefined;
}

/** A run from its first moment on. */
interface BegunRun {
  readonly task: SyncTask;
  readonly startedAtMs: number;
  readonly logger: Logger;
}
