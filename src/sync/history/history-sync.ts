import { type AccountRef, accountId } from '../../domain/account.js';
import type { HistoryChunk } from '../../domain/backfill-report.js';
import type { Clock } from '../../domain/clock.js';
import type { HistoryDataType } from '../../domain/data-type.js';
import type { ScopeResult } from '../../domain/scope-result.js';
import type { TimeRange } from '../../domain/time-range.js';
import type { AccountClient, ExchangeClients, HistoryScope } from '../../exchange/exchange-client.js';
import { nextLossMs, planHistory } from '../../ledger/history-plan.js';
import { intersectRanges, mergeRanges, totalLengthMs } from '../../ledger/time-ranges.js';
import type { Transaction } from '../../storage/database.js';
import type { StoredScope } from '../../storage/scope-repository.js';
import type { DataSync, PreparedSync, SyncRun } from '../data-sync.js';
import { notSupported } from '../not-supported.js';
import { heldOff } from './held-off.js';
import { type HistoryScopeToRead, historyScopesToRead, type SymbolsFor } from './history-scopes.js';
import type { HistoryStore } from './history-store.js';
import { ScopeWalk, type WalkedPage } from './scope-walk.js';
import { SliceBudget } from './slice-budget.js';

export interface HistorySyncOptions<Type extends HistoryDataType> {
  readonly dataType: Type;
  readonly clients: ExchangeClients;
  readonly store: HistoryStore<Type>;
  readonly symbolsFor: SymbolsFor;
  /** By `bybit/main`: nothing was before it. */
  readonly accountOpenings: Readonly<Record<string, number>>;
  readonly emitChunk: (chunk: HistoryChunk) => void;
  readonly clock: Clock;
}

/** What is known of a data type of an account before it is read. */
interface Known {
  readonly complete: ReadonlyMap<string, readonly TimeRange[]>;
  readonly lost: ReadonlyMap<string, readonly TimeRange[]>;
  readonly rereads: ReadonlyMap<string, readonly TimeRange[]>;
  readonly aside: ReadonlyMap<string, readonly TimeRange[]>;
  /** How each scope was read last. */
  readonly stored: ReadonlyMap<string, StoredScope>;
  /** From when on it is asked for; undefined: as far back as it is served. */
  readonly fromMs: number | undefined;
}

/**
 * TRANSFERS, LEDGER, TRADES: what happened, by the time ranges that are known completely. Each page is committed
 * with what it proves. The newest day of every list comes first; what is older is read until the budget of the
 * run is spent, and the report says whether another run has something to do.
 */
export class HistorySync<Type extends HistoryDataType> implements DataSync {
  readonly dataType: Type;
  readonly #options: HistorySyncOptions<Type>;

  constructor(options: HistorySyncOptions<Type>) {
    this.dataType = options.dataType;
    this.#options = options;
  }

  async prepare(run: SyncRun): Promise<PreparedSync> {
    const { account, context, history: demand } = run;
    const client = await this.#options.clients.account(account, context);
    if (client.historyScopes(this.dataType).length === 0) throw notSupported(account, this.dataType);
    const which = { symbolsFor: this.#options.symbolsFor, allSymbols: demand?.allSymbols ?? false };
    const scopes = await historyScopesToRead(client, this.dataType, which);
    if (demand?.repair !== undefined && demand.runs === 0) {
      await this.#requestReread(run, scopes, demand.repair);
    }
    const known = await this.#known(account);
    const budget = new SliceBudget({ clock: this.#options.clock, context });
    const walks: ScopeWalk<Type>[] = [];
    for (const scope of scopes) walks.push(await this.#walk(run, client, scope, known, budget));
    const attemptedAtMs = this.#options.clock.now();
    const { processed, rows, newRows } = await this.#read(walks, run, budget);
    // Rows can reveal symbols, whose rows can reveal others.
    const revealed = newRows === 0 ? [] : await historyScopesToRead(client, this.dataType, which);
    const isMore = walks.some(({ unread }) => unread.length > 0) || revealed.length > scopes.length;
    demand?.add({ rows, newRows, isMore, walks });
    return {
      scopes: walks.map((walk) => this.#result(walk, run, client, attemptedAtMs)),
      itemsProcessed: processed,
      itemsSynced: rows,
      errors: [],
      isMore,
      write: async (transaction) => {
        for (const walk of walks) await this.#writeLosses(transaction, account, walk);
      },
    };
  }

  async #known(account: AccountRef): Promise<Known> {
    const { coverage, rereads, setAside, scopes, status, database } = this.#options.store;
    const [ranges, requested, aside, stored, fromMs] = await Promise.all([
      coverage.list(database, account, this.dataType),
      rereads.list(database, account, this.dataType),
      setAside.ranges(database, account, this.dataType),
      scopes.list(database, { ...account, dataType: this.dataType }),
      status.historyFrom(database, account, this.dataType),
    ]);
    return {
      complete: byScope(ranges.filter(({ state }) => state === 'complete')),
      lost: byScope(ranges.filter(({ state }) => state === 'lost')),
      rereads: byScope(requested),
      aside: byScope(aside),
      stored: new Map(stored.map((each) => [each.scope, each])),
      fromMs,
    };
  }

  async #requestReread(run: SyncRun, scopes: readonly HistoryScopeToRead[], range: TimeRange): Promise<void> {
    const { rereads } = this.#options.store;
    await run.commit(async (transaction) => {
      for (const { id } of scopes) {
        await rereads.request(transaction, run.account, this.dataType, id, range, 'repair');
      }
    });
  }

  async #walk(
    run: SyncRun,
    client: AccountClient,
    scope: HistoryScopeToRead,
    known: Known,
    budget: SliceBudget,
  ): Promise<ScopeWalk<Type>> {
    const { store, accountOpenings } = this.#options;
    const { account, history: demand } = run;
    const { id, list } = scope;
    const nowMs = client.exchangeTimeMs();
    const complete = known.complete.get(id) ?? [];
    const rereads = known.rereads.get(id) ?? [];
    const opening = accountOpenings[accountId(account)] ?? -Infinity;
    const lost = known.lost.get(id) ?? [];
    const aside = known.aside.get(id) ?? [];
    const attemptedAtMs = known.stored.get(id)?.lastAttemptAtMs;
    const plan = planHistory({
      ...list,
      nowMs,
      startMs: Math.max(list.servedFromMs, opening, known.fromMs ?? -Infinity),
      complete,
      lost,
      rereads,
      aside,
      // Who asks for all that is missing gets all of it at once.
      ...(demand === undefined &&
        attemptedAtMs !== undefined && { lookedAtMs: nowMs + attemptedAtMs - this.#options.clock.now() }),
      nonFinalMs: await store.rows.nonFinal(store.database, account, id),
      asOfMs: demand?.beganAtMs(nowMs),
      // Of a symbol for which nothing speaks, only what is missing of older time is read.
      untilMs: scope.isDue ? undefined : mergeRanges(complete).at(-1)?.toMs,
      attempted: demand?.attempted(id) ?? [],
    });
    const read = demand === undefined ? plan.read : [...demand.within(plan.read)].sort(newestFirst);
    return new ScopeWalk<Type>({
      target: { account, dataType: this.dataType, scope: id, store },
      read: scope,
      plan: { ...plan, read, late: intersectRanges(plan.late, read) },
      ...{ complete, lost, rereads, client, run, budget },
      hasAside: aside.length > 0,
      // Whoever asks for it himself may have mended what was wrong.
      held:
        run.context.priority === 'schedule' && demand === undefined
          ? heldOff(known.stored.get(id), this.#options.clock.now())
          : undefined,
    });
  }

  async #read(walks: readonly ScopeWalk<Type>[], run: SyncRun, budget: SliceBudget) {
    const { history: demand } = run;
    const counts = { processed: 0, rows: 0, newRows: 0 };
    const beforeMs = demand?.doneMs ?? 0;
    const totalMs = beforeMs + sumOf(walks, ({ unread }) => totalLengthMs(unread));
    const step = async (walk: ScopeWalk<Type>) => {
      const page = await walk.step();
      if (page === undefined) return false;
      counts.rows += page.rows;
      counts.processed += page.rows + page.rejected;
      counts.newRows += page.inserted;
      this.#tell(run, walk, page, { doneMs: beforeMs + sumOf(walks, ({ doneMs }) => doneMs), totalMs });
      return true;
    };
    try {
      // Who asks for years gets them in slices that are all alike; the schedule cares for today.
      if (demand === undefined) for (const walk of walks) while (walk.hasTail && (await step(walk)));
      budget.begin({ endsWaiting: demand === undefined });
      // Of a run that has come nowhere, the next one would begin with the same, and the one after it.
      const progress = () => sumOf(walks, ({ progressMs }) => progressMs);
      const progressBefore = progress();
      const hasTime = () => budget.take() || (!budget.isOver && progress() === progressBefore);
      for (let walk = newest(walks); walk !== undefined && hasTime(); walk = newest(walks)) {
        await step(walk);
      }
    } finally {
      budget.close();
      for (const walk of walks) await walk.close();
    }
    return counts;
  }

  #tell(
    { account }: SyncRun,
    { scope }: ScopeWalk<Type>,
    { covered, rows }: WalkedPage,
    progress: Pick<HistoryChunk, 'doneMs' | 'totalMs'>,
  ): void {
    const [first, last] = [covered[0], covered.at(-1)];
    const isEmpty = first === undefined || last === undefined;
    const range = isEmpty ? null : { from: isoTime(first.fromMs), to: isoTime(last.toMs) };
    this.#options.emitChunk({
      ...account,
      dataType: this.dataType,
      scope,
      covered: range,
      rows,
      ...progress,
    });
  }

  #result(
    { scope, error, plan, gaps, hasTail, list, held }: ScopeWalk<Type>,
    { history: demand }: SyncRun,
    client: AccountClient,
    attemptedAtMs: number,
  ): ScopeResult {
    const lossMs = nextLossMs(gaps, plan.wanted.toMs, list.retentionMs);
    const isReadToEnd = error === undefined && !hasTail && demand?.repair === undefined;
    return {
      scope,
      attemptedAtMs: held?.attemptedAtMs ?? attemptedAtMs,
      // As old as where the reading ended, e.g. of a symbol that nothing spoke for.
      ...(isReadToEnd && { completeAtMs: attemptedAtMs - (plan.wanted.toMs - plan.readToMs) }),
      ...(error !== undefined && { error }),
      wanted: plan.wanted,
      ...(lossMs !== undefined && {
        nextLossAtMs: this.#options.clock.now() + lossMs - client.exchangeTimeMs(),
      }),
    };
  }

  async #writeLosses(transaction: Transaction, account: AccountRef, walk: ScopeWalk<Type>): Promise<void> {
    const { coverage, rereads } = this.#options.store;
    const { scope, list, plan } = walk;
    const key = [transaction, account, this.dataType, scope] as const;
    for (const range of plan.lost) await coverage.lose(...key, range, reasonOf(account, list));
    if (plan.unreadable.length > 0) await rereads.done(...key, plan.unreadable);
  }
}

function newest<Type extends HistoryDataType>(
  walks: readonly ScopeWalk<Type>[],
): ScopeWalk<Type> | undefined {
  let found: ScopeWalk<Type> | undefined;
  for (const walk of walks) {
    if (walk.newestMs !== undefined && walk.newestMs > (found?.newestMs ?? -Infinity)) found = walk;
  }
  return found;
}

const DAY_MS = 24 * 60 * 60 * 1000;

function reasonOf({ exchange }: AccountRef, { retentionMs, servedFromMs }: HistoryScope): string {
  if (retentionMs === undefined) return `before ${exchange} kept such a list (${isoTime(servedFromMs)})`;
  const days = Math.round((retentionMs / DAY_MS) * 100) / 100;
  return `older than the ${days} days that ${exchange} serves`;
}

function byScope(ranges: readonly (TimeRange & { readonly scope: string })[]) {
  const found = new Map<string, TimeRange[]>();
  for (const { scope, fromMs, toMs } of ranges) {
    found.set(scope, [...(found.get(scope) ?? []), { fromMs, toMs }]);
  }
  return found;
}

function sumOf<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0);
}

function newestFirst(left: TimeRange, right: TimeRange): number {
  return right.fromMs - left.fromMs;
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
