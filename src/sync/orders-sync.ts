import type { OrderRecord } from '../domain/records.js';
import type { ReportedError } from '../domain/report.js';
import type { ScopeId } from '../domain/scope-read.js';
import type { ScopeResult } from '../domain/scope-result.js';
import type { AccountClient, ExchangeClients, OrderScope, ReadContext } from '../exchange/exchange-client.js';
import type { Queryable } from '../storage/database.js';
import type { OrderKey, OrderRepository } from '../storage/order-repository.js';
import type { DataSync, PreparedSync, SyncRun } from './data-sync.js';
import type { MirrorTable } from './mirror-table.js';
import { notSupported } from './not-supported.js';
import { preparedSync } from './prepared-sync.js';
import { readScope, reportedError, type ScopeSnapshot, without } from './read-scope.js';
import { type RecentOrderSymbolsOptions, recentOrderSymbols } from './recent-order-symbols.js';

export interface OrdersSyncOptions {
  readonly clients: ExchangeClients;
  readonly database: Queryable;
  readonly table: Pick<OrderRepository, keyof MirrorTable<OrderKey, OrderRecord> | 'symbols'>;
  readonly balances: RecentOrderSymbolsOptions['balances'];
  readonly scopes: RecentOrderSymbolsOptions['scopes'];
  readonly now: () => number;
}

/** Rows to write and keys without any record, of one list of orders. */
interface OrderChanges {
  readonly result: ScopeResult;
  readonly records: readonly OrderRecord[];
  readonly vanished: readonly OrderKey[];
  readonly rejected: number;
}

/**
 * ORDERS: the open ones, and those that ended recently.
 *
 * An order that left its open list is looked for in the other lists, then asked for by its id. Orders
 * are never deleted: one without any terminal record becomes `unknown`.
 */
export class OrdersSync implements DataSync {
  readonly dataType = 'orders';
  readonly #options: OrdersSyncOptions;

  constructor(options: OrdersSyncOptions) {
    this.#options = options;
  }

  async prepare(run: SyncRun): Promise<PreparedSync> {
    const client = await this.#options.clients.account(run.account, run.context);
    const scopes = client.orderScopes();
    if (scopes.length === 0) throw notSupported(run.account, this.dataType);

    // Open before recent: an order that ends in between is then in the recent list, not in neither.
    const open = await this.#readOpen(client, scopes, run);
    const recent = await this.#readRecent(client, scopes, open, run);
    // An order that was triggered goes on in another list, and one that ended in the recent one.
    const seen = [...open.values(), ...recent.values()].flatMap(({ records }) => records);
    const changes: OrderChanges[] = [...recent.values()].map((snapshot) => ({ ...snapshot, vanished: [] }));
    for (const scope of scopes) {
      const snapshot = open.get(scope.id);
      if (snapshot !== undefined)
        changes.push(await lookUpVanished(client, scope, snapshot, seen, run.context));
    }
    const { table } = this.#options;
    return preparedSync(changes, async (transaction) => {
      for (const { result, records, vanished } of changes) {
        await table.upsert(transaction, run.account, result.scope, records);
        await table.markAbsent(transaction, run.account, result.scope, vanished, result.attemptedAtMs);
      }
    });
  }

  async #readOpen(client: AccountClient, scopes: readonly OrderScope[], run: SyncRun) {
    const { database, table, now } = this.#options;
    const present = await table.present(database, run.account);
    const snapshots = new Map<ScopeId, ScopeSnapshot<OrderKey, OrderRecord>>();
    for (const { id } of scopes) {
      const snapshot = await readScope<OrderKey, OrderRecord>({
        scope: id,
        read: () => client.readOpenOrders(id, run.context),
        present: present.filter((row) => row.scope === id).map((row) => row.key),
        identify: identifyOrder,
        now,
        signal: run.context.signal,
      });
      snapshots.set(id, snapshot);
    }
    return snapshots;
  }

  /** Several open lists (plain and conditional orders of one market) may end up in one recent list. */
  async #readRecent(
    client: AccountClient,
    scopes: readonly OrderScope[],
    open: ReadonlyMap<ScopeId, ScopeSnapshot<OrderKey, OrderRecord>>,
    run: SyncRun,
  ) {
    const { database, table, now } = this.#options;
    const snapshots = new Map<ScopeId, ScopeSnapshot<OrderKey, OrderRecord>>();
    for (const { recent, recentKeptMs } of scopes) {
      if (recent === undefined || snapshots.has(recent)) continue;
      const lists = scopes.filter((scope) => scope.recent === recent && scope.recentNeedsSymbols);
      // Orders that ended are stored under the recent list.
      const stored = lists.length === 0 ? [] : [recent, ...lists.map(({ id }) => id)];
      const known = await table.symbols(database, run.account, stored);
      const needed = new Set<string>();
      for (const { id } of lists) {
        const { records = [], absent = [] } = open.get(id) ?? {};
        for (const { symbol } of [...records, ...absent]) needed.add(symbol);
      }
      const symbols =
        lists.length === 0
          ? []
          : await recentOrderSymbols(this.#options, run.account, recent, { known, needed });
      const snapshot = await readScope<OrderKey, OrderRecord>({
        scope: recent,
        read: () => client.readRecentOrders(recent, symbols, run.context),
        present: [],
        identify: identifyOrder,
        now,
        signal: run.context.signal,
      });
      snapshots.set(recent, { ...snapshot, result: withNextLoss(snapshot.result, recentKeptMs) });
    }
    return snapshots;
  }
}

/** What ends just after the read falls off that long after it. */
function withNextLoss(result: ScopeResult, keptMs: number | undefined): ScopeResult {
  const { completeAtMs } = result;
  if (completeAtMs === undefined || keptMs === undefined) return result;
  return { ...result, nextLossAtMs: completeAtMs + keptMs };
}

function identifyOrder({ symbol, orderId }: OrderKey): string {
  return JSON.stringify([symbol, orderId]);
}

async function lookUpVanished(
  client: AccountClient,
  scope: OrderScope,
  snapshot: ScopeSnapshot<OrderKey, OrderRecord>,
  seen: readonly OrderRecord[],
  context: ReadContext,
): Promise<OrderChanges> {
  const missing = without(snapshot.absent, seen, identifyOrder);
  if (missing.length === 0 || !scope.canReadOrder) return { ...snapshot, vanished: missing };

  const found: OrderRecord[] = [];
  const vanished: OrderKey[] = [];
  let failure: ReportedError | undefined;
  for (const key of missing) {
    try {
      const order = await client.readOrder(scope.id, key.symbol, key.orderId, context);
      if (order === undefined) vanished.push(key);
      else found.push(order);
    } catch (error) {
      context.signal.throwIfAborted();
      failure = reportedError(error, scope.id);
      break;
    }
  }
  return {
    result: failure === undefined ? snapshot.result : withoutCompletion(snapshot.result, failure),
    records: [...snapshot.records, ...found],
    vanished,
    rejected: snapshot.rejected,
  };
}

/** An order whose end could not be read keeps its old state, so the scope must not look fresh. */
function withoutCompletion({ scope, attemptedAtMs }: ScopeResult, error: ReportedError): ScopeResult {
  return { scope, attemptedAtMs, error };
}
