import { type AccountRef, accountId } from '../domain/account.js';
import type { BackfillReport, BackfillResult } from '../domain/backfill-report.js';
import type { Clock } from '../domain/clock.js';
import type { CoverageRange } from '../domain/coverage-view.js';
import { HISTORY_DATA_TYPES, type HistoryDataType, type SyncedDataType } from '../domain/data-type.js';
import type { BackfillWork, RepairWork } from '../domain/history-work.js';
import type { ReportedError, SyncOutcome, SyncReport } from '../domain/report.js';
import type { TimeRange } from '../domain/time-range.js';
import { HistoryDemand } from '../sync/history/history-demand.js';
import { HistoryRuns } from './history-runs.js';
import { stopped } from './task-errors.js';
import type { TaskManager } from './task-manager.js';
import { accountsOf } from './trigger-targets.js';

export interface HistoryWorkerOptions {
  readonly taskManager: Pick<TaskManager, 'runHistory' | 'trigger'>;
  readonly accounts: () => Promise<readonly AccountRef[]>;
  /** Rejects a beginning before there was anything at any of the exchanges. */
  readonly checkFrom: (exchanges: readonly string[], fromMs: number) => Promise<void>;
  /** Remembers from when on the account's history is asked for; undefined: as far back as it is served. */
  readonly askFrom: (
    account: AccountRef,
    dataTypes: readonly HistoryDataType[],
    fromMs: number | undefined,
  ) => Promise<void>;
  /** Whether something is asked to be read again, because an asset does not add up. */
  readonly hasRereads: (account: AccountRef) => Promise<boolean>;
  readonly clock: Clock;
}

/** What the exchange's clock and ours may differ by, and how long its wallets may take to agree. */
const CLOCK_ERROR_MS = 2_000;

/** Reads histories beside the schedule, in slices, until nothing is left that can be read. */
export class HistoryWorker {
  readonly #options: HistoryWorkerOptions;
  readonly #stopping = new AbortController();

  constructor(options: HistoryWorkerOptions) {
    this.#options = options;
  }

  /** Ends every wait; what is being read ends with the task manager. */
  stop(): void {
    this.#stopping.abort(stopped());
  }

  /** Reads what is missing, then what happened meanwhile, so that balances can be proved. */
  async backfill({ dataType, fromMs, allSymbols, ...target }: BackfillWork): Promise<BackfillReport> {
    const dataTypes = dataTypesOf(dataType);
    const { accounts, checkFrom, askFrom } = this.#options;
    const wanted = accountsOf(target, await accounts());
    if (fromMs !== undefined) await checkFrom([...new Set(wanted.map(({ exchange }) => exchange))], fromMs);
    for (const account of wanted) await askFrom(account, dataTypes, fromMs);
    return this.#report(wanted, (account) => this.#backfillAccount(account, dataTypes, allSymbols));
  }

  /** Reads a range once more, whether it is covered or not. */
  async repair({ dataType, range, ...target }: RepairWork): Promise<BackfillReport> {
    const wanted = accountsOf(target, await this.#options.accounts());
    return this.#report(wanted, async (account) => {
      const results: BackfillResult[] = [];
      for (const each of dataTypesOf(dataType)) {
        const runs = this.#runs(account, each, { repair: range });
        await runs.readAll();
        if (runs.isOffered) results.push(withLosses(resultOf(runs), range));
      }
      return results;
    });
  }

  async #backfillAccount(
    account: AccountRef,
    dataTypes: readonly HistoryDataType[],
    allSymbols: boolean,
  ): Promise<readonly BackfillResult[]> {
    const all = dataTypes.map((dataType) => this.#runs(account, dataType, { allSymbols }));
    for (const runs of all) await runs.readAll();
    const offered = all.filter(({ isOffered }) => isOffered);
    if (offered.some(({ wasRead }) => wasRead)) await this.#prove(account, offered);
    return offered.map(resultOf);
  }

  /** Balances, then what had flowed by then, then what both say; what is asked for by that is read, too. */
  async #prove(account: AccountRef, histories: readonly HistoryRuns[]): Promise<void> {
    const { clock, hasRereads } = this.#options;
    await this.#sync(account, 'balances');
    await clock.sleep(
      Math.max(...histories.map(({ settleLagMs }) => settleLagMs)) + CLOCK_ERROR_MS,
      this.#stopping.signal,
    );
    for (const runs of histories) await runs.readOn();
    await this.#sync(account, 'portfolio');
    if (!(await hasRereads(account))) return;
    for (const runs of histories) await runs.readAgain();
    await this.#sync(account, 'portfolio');
  }

  /** What is wrong with it, its own report says. */
  async #sync({ exchange, account }: AccountRef, dataType: SyncedDataType): Promise<void> {
    const { taskManager, clock } = this.#options;
    for (;;) {
      const reports = await taskManager.trigger(exchange, account, dataType);
      if (!reports.some(isLeaseHeld)) return;
      await clock.sleep(HistoryRuns.PATIENCE_MS, this.#stopping.signal);
    }
  }

  #runs(
    account: AccountRef,
    dataType: HistoryDataType,
    demand: ConstructorParameters<typeof HistoryDemand>[0],
  ) {
    const { taskManager, clock } = this.#options;
    return new HistoryRuns({
      account,
      dataType,
      taskManager,
      clock,
      signal: this.#stopping.signal,
      demand: new HistoryDemand(demand),
    });
  }

  async #report(
    accounts: readonly AccountRef[],
    work: (account: AccountRef) => Promise<readonly BackfillResult[]>,
  ): Promise<BackfillReport> {
    const { clock } = this.#options;
    const startedAt = new Date(clock.now()).toISOString();
    const results = await Promise.all(accounts.map(work));
    return { startedAt, finishedAt: new Date(clock.now()).toISOString(), results: results.flat() };
  }
}

function dataTypesOf(dataType: HistoryDataType | undefined): readonly HistoryDataType[] {
  return dataType === undefined ? HISTORY_DATA_TYPES : [dataType];
}

function isLeaseHeld({ status, errors }: SyncReport): boolean {
  return status === 'skipped' && errors.some(({ code }) => code === 'LEASE_HELD');
}

function resultOf({ account, dataType, demand, requests, errors, wasRead }: HistoryRuns): BackfillResult {
  const status: SyncOutcome = errors.length === 0 ? 'ok' : wasRead ? 'partial' : 'failed';
  const { rows, newRows, lost } = demand;
  return { ...account, dataType, status, rows, newRows, requests, lost: lost.map(isoRange), errors };
}

/** Who asked for exactly this must be told that it can't be had. */
function withLosses(result: BackfillResult, range: TimeRange): BackfillResult {
  const [first] = result.lost;
  if (first === undefined) return result;
  const { from, to } = isoRange(range);
  const lost = result.lost.map((each) => `${each.from} to ${each.to}`).join(', ');
  const error: ReportedError = {
    code: 'HISTORY_LOST',
    message: `Of ${from} to ${to}, ${accountId(result)} can't be read again: ${lost} is older than what ${result.exchange} serves of its ${result.dataType}. What is stored of it stays.`,
  };
  const status = result.status === 'ok' ? 'partial' : result.status;
  return { ...result, status, errors: [error, ...result.errors] };
}

function isoRange({ fromMs, toMs }: TimeRange): CoverageRange {
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}
