import type { AccountRef } from '../domain/account.js';
import type { Clock } from '../domain/clock.js';
import type { HistoryDataType } from '../domain/data-type.js';
import { ExchangeSyncError } from '../domain/errors.js';
import { isNotOffered, type ReportedError, type SyncReport } from '../domain/report.js';
import type { HistoryDemand } from '../sync/history/history-demand.js';
import type { TaskManager } from './task-manager.js';

export interface HistoryRunsOptions {
  readonly account: AccountRef;
  readonly dataType: HistoryDataType;
  readonly demand: HistoryDemand;
  readonly taskManager: Pick<TaskManager, 'runHistory'>;
  readonly clock: Clock;
  /** Aborted when nothing more is to be waited for. */
  readonly signal: AbortSignal;
}

/** The runs of a backfill or a repair of one data type of an account, one after the other. */
export class HistoryRuns {
  /** How soon a run is tried again while another process has the account. */
  static readonly PATIENCE_MS = 2_000;

  readonly account: AccountRef;
  readonly dataType: HistoryDataType;
  readonly demand: HistoryDemand;
  readonly #options: HistoryRunsOptions;
  readonly #errors = new Map<string, ReportedError>();
  #requests = 0;
  #isOffered = true;

  constructor(options: HistoryRunsOptions) {
    const { account, dataType, demand } = options;
    this.account = account;
    this.dataType = dataType;
    this.demand = demand;
    this.#options = options;
  }

  get requests(): number {
    return this.#requests;
  }

  get errors(): readonly ReportedError[] {
    return [...this.#errors.values()];
  }

  /** False: the exchange has no such history. */
  get isOffered(): boolean {
    return this.#isOffered;
  }

  /** Whether any list was. */
  get wasRead(): boolean {
    return this.demand.hasRead;
  }

  get settleLagMs(): number {
    return this.demand.settleLagMs;
  }

  /** Until nothing is left, or nothing can be read or written any more. */
  async readAll(): Promise<void> {
    do {
      const runsBefore = this.demand.runs;
      const report = await this.#run();
      this.#requests += report.requests;
      this.#isOffered = !isNotOffered(report);
      const cameToRead = this.demand.runs > runsBefore;
      // What kept everything from being read no longer does.
      if (cameToRead)
        for (const [key, { scope }] of this.#errors) if (scope === undefined) this.#errors.delete(key);
      for (const error of this.#isOffered ? report.errors : []) {
        this.#errors.set(JSON.stringify([error.code, error.scope]), error);
      }
      if (!cameToRead) return;
    } while (this.demand.isMore);
  }

  /** What has happened since it began. */
  async readOn(): Promise<void> {
    this.demand.goOn();
    await this.readAll();
  }

  /** The same, and what was asked to be read once more. */
  async readAgain(): Promise<void> {
    this.demand.goOnAgain();
    await this.readAll();
  }

  async #run(): Promise<SyncReport> {
    const { taskManager, account, dataType, demand, clock, signal } = this.#options;
    for (;;) {
      try {
        const report = await taskManager.runHistory(account, dataType, demand);
        if (!report.errors.some(({ code }) => code === 'LEASE_LOST')) return report;
      } catch (error: unknown) {
        if (!(error instanceof ExchangeSyncError && error.code === 'LEASE_HELD')) throw error;
      }
      await clock.sleep(HistoryRuns.PATIENCE_MS, signal);
    }
  }
}
