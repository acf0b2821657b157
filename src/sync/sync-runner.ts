import type { AccountRef } from '../domain/account.js';
import type { SyncedDataType } from '../domain/data-type.js';
import type { ErrorCode } from '../domain/errors.js';
import type { SynchronizerEvents } from '../domain/events.js';
import type { ReportedError, SyncOutcome, SyncReport } from '../domain/report.js';
import type { ScopeResult } from '../domain/scope-result.js';
import type { RequestMeter } from '../exchange/exchange-client.js';
import type { Logger } from '../logging/logger.js';
import type { Transaction } from '../storage/database.js';
import type { PostgresDatabase } from '../storage/postgres-database.js';
import type { ScopeRepository } from '../storage/scope-repository.js';
import type { SyncHistoryRepository } from '../storage/sync-history-repository.js';
import type { SyncStatusRepository } from '../storage/sync-status-repository.js';
import type { PreparedSync, SyncRun } from './data-sync.js';
import type { HistoryRetention } from './history-retention.js';
import type { HoldKeeper } from './hold-keeper.js';
import { reportedError } from './read-scope.js';
import type { DataSyncRegistry } from './registry.js';

/** One run as the TaskManager asks for it. */
export interface SyncTask {
  readonly runId: string;
  readonly account: AccountRef;
  readonly dataType: SyncedDataType;
  readonly priority: 'trigger' | 'schedule';
  /** When the schedule runs this again; undefined leaves the stored time alone. */
  readonly nextDueMs: number | undefined;
  readonly signal: AbortSignal;
  /** Told once, before the first request is sent. */
  readonly onFirstRequest?: () => void;
}

export interface SyncRunnerOptions {
  readonly registry: DataSyncRegistry;
  readonly database: Pick<PostgresDatabase, 'transaction'>;
  /** Resolves when the schema is there; rejects when the database can't be used now. */
  readonly databaseReady: () => Promise<void>;
  readonly scopes: Pick<ScopeRepository, 'record'>;
  readonly status: Pick<SyncStatusRepository, 'record'>;
  readonly history: Pick<SyncHistoryRepository, 'record'>;
  readonly retention: Pick<HistoryRetention, 'pruneWhenDue'>;
  readonly holdKeeper: Pick<HoldKeeper, 'save'>;
  readonly logger: Logger;
  readonly now: () => number;
  readonly emitStart: (run: Parameters<SynchronizerEvents['sync:start']>[0]) => void;
}

/** Carries one run through: read, commit everything in one transaction, report. Rejects only when aborted. */
export class SyncRunner {
  readonly #options: SyncRunnerOptions;

  constructor(options: SyncRunnerOptions) {
    this.#options = options;
  }

  async run(task: SyncTask): Promise<SyncReport> {
    const { logger, now, emitStart } = this.#options;
    const { runId, dataType, account, signal } = task;
    const run: SyncRun = {
      account,
      context: { signal, priority: task.priority, meter: announcingMeter(task.onFirstRequest) },
      runId,
      startedAtMs: now(),
      logger: logger.child({ runId, ...account, dataType }),
    };
    emitStart({ ...account, runId, dataType });
    run.logger.debug('Sync started');
    const unusable = await this.#databaseProblem();
    signal.throwIfAborted();
    const report =
      unusable === undefined ? await this.#sync(task, run) : this.#report(task, run, nothing(unusable));
    logReport(run.logger, report);
    return report;
  }

  /**
   * Without a place to write to, asking the exchange would only spend its rate limit; and a schema that is
   * not this program's gets no row of it, not even one that says so.
   */
  async #databaseProblem(): Promise<ReportedError | undefined> {
    try {
      await this.#options.databaseReady();
      return undefined;
    } catch (error) {
      return reportedError(error);
    }
  }

  async #sync(task: SyncTask, run: SyncRun): Promise<SyncReport> {
    const { registry, holdKeeper } = this.#options;
    let prepared: PreparedSync;
    try {
      prepared = await registry[task.dataType].prepare(run);
    } catch (error) {
      task.signal.throwIfAborted();
      prepared = nothing(reportedError(error));
    }
    task.signal.throwIfAborted();
    const report = await this.#commit(task, run, prepared);
    await holdKeeper.save();
    return report;
  }

  /** When the rows can't be written, the report says so; history is then written on its own if it can be. */
  async #commit(task: SyncTask, run: SyncRun, prepared: PreparedSync): Promise<SyncReport> {
    const { database } = this.#options;
    try {
      const report = this.#report(task, run, prepared);
      await database.transaction(async (transaction) => {
        await prepared.write(transaction);
        await this.#record(transaction, task, report, prepared.scopes);
      });
      return report;
    } catch (error) {
      run.logger.error('Nothing of the sync could be written', { error });
      const report = this.#report(task, run, {
        ...nothing(reportedError(error)),
        itemsProcessed: prepared.itemsProcessed,
      });
      try {
        await database.transaction((transaction) => this.#record(transaction, task, report, []));
      } catch (historyError) {
        run.logger.warning('The failed sync could not be recorded in the history either', {
          error: historyError,
        });
      }
      return report;
    }
  }

  async #record(
    transaction: Transaction,
    task: SyncTask,
    report: SyncReport,
    results: readonly ScopeResult[],
  ): Promise<void> {
    const { scopes, status, history, retention } = this.#options;
    if (results.length > 0) await scopes.record(transaction, task.account, task.dataType, results);
    await status.record(transaction, report, task.nextDueMs);
    await history.record(transaction, report);
    await retention.pruneWhenDue(transaction);
  }

  #report(task: SyncTask, run: SyncRun, prepared: PreparedSync): SyncReport {
    const scopeErrors = prepared.scopes.flatMap(({ error }) => (error === undefined ? [] : [error]));
    return {
      runId: task.runId,
      ...task.account,
      dataType: task.dataType,
      status: outcomeOf(prepared),
      itemsProcessed: prepared.itemsProcessed,
      itemsSynced: prepared.itemsSynced,
      startedAt: new Date(run.startedAtMs).toISOString(),
      finishedAt: new Date(this.#options.now()).toISOString(),
      requests: run.context.meter.requests,
      errors: [...scopeErrors, ...prepared.errors],
    };
  }
}

function nothing(error: ReportedError): PreparedSync {
  return { scopes: [], itemsProcessed: 0, itemsSynced: 0, errors: [error], write: async () => undefined };
}

/** Errors of a scope that gave something all the same. */
const READ_IN_PART: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['RECORD_INVALID', 'SCOPE_NEVER_READ']);

function wasRead({ error }: ScopeResult): boolean {
  return error === undefined || READ_IN_PART.has(error.code);
}

function outcomeOf({ scopes, errors }: PreparedSync): SyncOutcome {
  if (scopes.some(wasRead)) {
    return errors.length === 0 && scopes.every(({ error }) => error === undefined) ? 'ok' : 'partial';
  }
  return errors.some(({ code }) => code === 'NOT_SUPPORTED') ? 'skipped' : 'failed';
}

function announcingMeter(onFirstRequest: (() => void) | undefined): RequestMeter {
  let requests = 0;
  return {
    get requests() {
      return requests;
    },
    set requests(count) {
      if (requests === 0 && count > 0) onFirstRequest?.();
      requests = count;
    },
  };
}

function logReport(logger: Logger, report: SyncReport): void {
  const { status, itemsProcessed, itemsSynced, requests, errors } = report;
  const fields = { status, itemsProcessed, itemsSynced, requests, ...(errors.length > 0 && { errors }) };
  if (status === 'failed') logger.error('Sync failed', fields);
  else if (status === 'partial') logger.warning('Sync is partial', fields);
  else logger.info('Sync finished', fields);
}
