import { type AccountRef, accountId } from '../../domain/account.js';
import type { HistoryChunk } from '../../domain/backfill-report.js';
import type { Clock } from '../../domain/clock.js';
import type { HistoryDataType } from '../../domain/data-type.js';
import type { TimeRange } from '../../domain/time-range.js';
import type { AccountClient, ExchangeClients } from '../../exchange/exchange-client.js';
import { planHistory } from '../../ledger/history-plan.js';
import { intersectRanges, mergeRanges } from '../../ledger/time-ranges.js';
import type { DataSync, PreparedSync, SyncRun } from '../data-sync.js';
import { notSupported } from '../not-supported.js';
import { heldOff } from './held-off.js';
import { type HistoryKnowledge, readKnowledge } from './history-knowledge.js';
import { type HistoryScopeToRead, historyScopesToRead, type SymbolsFor } from './history-scopes.js';
import type { HistoryStore } from './history-store.js';
import { scopeOutcome, writeLosses } from './scope-outcome.js';
import { ScopeWalk, type WalkedPage } from './scope-walk.js';
import { readSlice, type SliceProgress } from './slice.js';
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
    const { store, clock } = this.#options;
    const known = await readKnowledge(store, account, this.dataType);
    const budget = new SliceBudget({ clock, context });
    const walks: ScopeWalk<Type>[] = [];
    for (const scope of scopes) walks.push(await this.#walk(run, client, scope, known, budget));
    const attemptedAtMs = clock.now();
    const { processed, rows, newRows } = await readSlice(walks, {
      demand,
      budget,
      onPage: (walk, page, progress) => this.#tell(account, walk, page, progress),
    });
    // Rows can reveal symbols, whose rows can reveal others.
    const revealed = newRows === 0 ? [] : await historyScopesToRead(client, this.dataType, which);
    const isMore = walks.some(({ unread }) => unread.length > 0) || revealed.length > scopes.length;
    demand?.add({ rows, newRows, isMore, walks });
    const times = { attemptedAtMs, nowMs: clock.now(), exchangeTimeMs: client.exchangeTimeMs() };
    return {
      scopes: walks.map((walk) => scopeOutcome(walk, demand, times)),
      itemsProcessed: processed,
      itemsSynced: rows,
      errors: [],
      isMore,
      write: async (transaction) => {
        for (const walk of walks) await writeLosses(transaction, store, account, this.dataType, walk);
      },
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
    known: HistoryKnowledge,
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

  #tell(
    account: AccountRef,
    { scope }: ScopeWalk<Type>,
    { covered, rows }: WalkedPage,
    progress: SliceProgress,
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
}

function newestFirst(left: TimeRange, right: TimeRange): number {
  return right.fromMs - left.fromMs;
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
