import type { HistoryDataType } from '../../domain/data-type.js';
import { ExchangeSyncError } from '../../domain/errors.js';
import type { HistoryRecords } from '../../domain/history-records.js';
import type { ReportedError } from '../../domain/report.js';
import type { RejectedRow } from '../../domain/scope-read.js';
import type { TimeRange } from '../../domain/time-range.js';
import type { AccountClient, HistoryPage, HistoryScope } from '../../exchange/exchange-client.js';
import type { HistoryPlan } from '../../ledger/history-plan.js';
import { intersectRanges, mergeRanges, subtractRanges, totalLengthMs } from '../../ledger/time-ranges.js';
import type { SyncRun } from '../data-sync.js';
import { reportedError } from '../read-scope.js';
import type { HeldOff } from './held-off.js';
import type { HistoryScopeToRead } from './history-scopes.js';
import { type CommittedPage, type PageTarget, writePage } from './page-commit.js';
import type { SliceBudget } from './slice-budget.js';

export interface ScopeWalkOptions<Type extends HistoryDataType> {
  readonly target: PageTarget<Type>;
  readonly read: HistoryScopeToRead;
  readonly plan: HistoryPlan;
  readonly complete: readonly TimeRange[];
  readonly lost: readonly TimeRange[];
  readonly rereads: readonly TimeRange[];
  readonly hasAside: boolean;
  /** Set where it is not to be read now. */
  readonly held: HeldOff | undefined;
  readonly client: AccountClient;
  readonly run: SyncRun;
  readonly budget: Pick<SliceBudget, 'signal' | 'isOver'>;
}

/** A page that was read and committed. */
export interface WalkedPage extends CommittedPage {
  readonly rows: number;
  readonly rejected: number;
}

const ROWS_NAMED = 5;

/** Reads what a plan says of one list, page by page, and commits each; holds no more than one page. */
export class ScopeWalk<Type extends HistoryDataType> {
  readonly #options: ScopeWalkOptions<Type>;
  #complete: readonly TimeRange[];
  #rereads: readonly TimeRange[];
  #late: readonly TimeRange[];
  #unclear: readonly TimeRange[] = [];
  /** Of the plan: what was neither covered nor passed. */
  #unread: readonly TimeRange[];
  #next = 0;
  #open:
    | { readonly range: TimeRange; readonly pages: AsyncIterator<HistoryPage<HistoryRecords[Type]>> }
    | undefined;
  #failure: ReportedError | undefined;
  #asideCount = 0;
  #progressMs = 0;
  readonly #named: RejectedRow[] = [];

  constructor(options: ScopeWalkOptions<Type>) {
    const { plan, complete, rereads, held } = options;
    this.#options = options;
    this.#failure = held?.error;
    this.#complete = complete;
    this.#rereads = rereads;
    this.#late = subtractRanges(plan.late, rereads);
    this.#unread = mergeRanges(plan.read);
  }

  get scope(): string {
    return this.#options.target.scope;
  }

  get plan(): HistoryPlan {
    return this.#options.plan;
  }

  get held(): HeldOff | undefined {
    return this.#options.held;
  }

  /** What is left to be read by another run; nothing after a failure. */
  get unread(): readonly TimeRange[] {
    return this.#failure === undefined ? this.#unread : [];
  }

  /** What was read, also in vain: a failure ends the walk. */
  get attempted(): readonly TimeRange[] {
    return subtractRanges(this.plan.read, this.unread);
  }

  get list(): HistoryScope {
    return this.#options.read.list;
  }

  /** What is still not known of what should be and is served. */
  get gaps(): readonly TimeRange[] {
    const { wanted, servedMs } = this.plan;
    const served = { fromMs: Math.max(wanted.fromMs, servedMs), toMs: wanted.toMs };
    return subtractRanges([served], [...this.#complete, ...this.#options.lost]);
  }

  /** Of what is asked for, also once more. */
  get allLost(): readonly TimeRange[] {
    const { lost, wanted, unreadable } = this.plan;
    const existed = { fromMs: this.list.servedFromMs, toMs: wanted.toMs };
    return mergeRanges([
      ...intersectRanges([...this.#options.lost, ...lost], [wanted]),
      ...intersectRanges(unreadable, [existed]),
    ]);
  }

  get doneMs(): number {
    return totalLengthMs(this.attempted);
  }

  get hasTail(): boolean {
    return (this.unread.at(-1)?.toMs ?? -Infinity) > this.plan.tailFromMs;
  }

  /** The newest moment that is left to be read. */
  get newestMs(): number | undefined {
    return this.unread.at(-1)?.toMs;
  }

  /** How much less there is to do for another run. */
  get progressMs(): number {
    return this.#progressMs;
  }

  get error(): ReportedError | undefined {
    if (this.#failure !== undefined || this.#asideCount === 0) return this.#failure;
    const more =
      this.#asideCount > this.#named.length ? ` and ${this.#asideCount - this.#named.length} more` : '';
    const named = this.#named.map(({ row, reason }) => `${row}: ${reason}`).join('; ');
    return {
      code: 'RECORD_INVALID',
      message: `${this.#asideCount} set aside, their time is not called complete: ${named}${more}`,
      scope: this.scope,
    };
  }

  /** Reads and commits the next page; undefined: there is none. Rejects when nothing can be written. */
  async step(): Promise<WalkedPage | undefined> {
    const page = await this.#nextPage();
    if (page === undefined) return undefined;
    const committed = await this.#commit(page);
    if (committed === undefined) return undefined;
    this.#progressMs +=
      totalLengthMs(subtractRanges(committed.covered, this.#complete)) +
      totalLengthMs(intersectRanges(committed.covered, this.#rereads));
    this.#complete = subtractRanges([...this.#complete, ...committed.covered], committed.unclear);
    this.#rereads = subtractRanges(this.#rereads, committed.covered);
    this.#unread = subtractRanges(this.#unread, committed.covered);
    this.#late = [];
    this.#unclear = committed.unclear;
    this.#asideCount += committed.aside.length;
    this.#named.push(...committed.aside.slice(0, ROWS_NAMED - this.#named.length));
    return { ...committed, rows: page.records.length, rejected: page.rejected.length };
  }

  /** Calls the reading off where it is. */
  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.pages.return?.();
  }

  async #nextPage(): Promise<HistoryPage<HistoryRecords[Type]> | undefined> {
    const { run, budget } = this.#options;
    const { signal } = run.context;
    try {
      while (this.#failure === undefined) {
        signal.throwIfAborted();
        this.#open ??= this.#openNext();
        if (this.#open === undefined) return undefined;
        const { range, pages } = this.#open;
        const answer = await pages.next();
        if (answer.done !== true) return answer.value;
        this.#open = undefined;
        this.#unread = subtractRanges(this.#unread, [range]);
      }
    } catch (error: unknown) {
      signal.throwIfAborted();
      // What was waited for is no failure: another run reads it.
      if (budget.isOver) this.#open = undefined;
      else this.#fail(error);
    }
    return undefined;
  }

  #openNext() {
    const { client, target, read, plan, run, budget } = this.#options;
    const range = plan.read[this.#next];
    if (range === undefined) return undefined;
    this.#next += 1;
    const { id } = read.list;
    const request = { scope: id, ...(read.symbol !== undefined && { symbol: read.symbol }), range };
    const context = { ...run.context, signal: budget.signal };
    const pages = client.readHistory(target.dataType, request, context)[Symbol.asyncIterator]();
    return { range, pages };
  }

  /** Undefined: the database refuses this page, which the coverage does not pass. */
  async #commit(page: HistoryPage<HistoryRecords[Type]>): Promise<CommittedPage | undefined> {
    const { run, target, hasAside } = this.#options;
    const range = this.#open?.range ?? this.plan.wanted;
    const before = {
      complete: this.#complete,
      rereads: this.#rereads,
      late: this.#late,
      hasAside: hasAside || this.#asideCount > 0,
      within: range,
      unclear: this.#unclear,
    };
    try {
      return await run.commit((transaction) => writePage(transaction, target, page, before));
    } catch (error: unknown) {
      run.context.signal.throwIfAborted();
      if (!(error instanceof ExchangeSyncError && error.code === 'DATABASE_ERROR')) throw error;
      this.#fail(error);
      await this.close();
      return undefined;
    }
  }

  #fail(error: unknown): void {
    this.#failure = reportedError(error, this.scope);
    this.#open = undefined;
  }
}
