import type { OrderRecord } from '../../domain/records.js';
import type { ScopeRead } from '../../domain/scope-read.js';
import { isZero } from '../../ledger/decimal.js';
import type { ReadContext } from '../exchange-client.js';
import type { OpenOrderScopeProfile, RecentOrderScopeProfile } from '../profiles/profile.js';
import { type Dictionary, isDictionary } from './answer.js';
import { exchangeTime } from './exchange-time.js';
import { orderSet } from './order-set.js';
import type { PagedRows } from './page-reader.js';
import { fetchPages } from './pages.js';
import type { AccountReaderOptions } from './reader-options.js';
import { decimalOrUnknown } from './row-fields.js';
import type { RowSet } from './row-set.js';
import { marketFit, matches, UNKNOWN_MARKET } from './scope-markets.js';
import {
  noStatus,
  orderConventions,
  type ReadOrderRow,
  type StatusWithout,
  toOrderRecord,
} from './to-order-record.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Reads one list of open orders. */
export async function readOpenOrders(
  options: AccountReaderOptions,
  scope: OpenOrderScopeProfile,
  context: ReadContext,
): Promise<ScopeRead<OrderRecord>> {
  const { rows, pages, requestedAtMs } = await fetchPages({
    ...options,
    context,
    scope,
    fetchPage: (ccxt, { params, limit }) =>
      ccxt.fetchOpenOrders(undefined, undefined, limit, { ...scope.params, ...params }),
  });
  const set = orderSet();
  for (const { name, record, updatedAtMs } of ordersOf(rows, options, scope, set, () => 'open')) {
    set.add(name, record, updatedAtMs);
  }
  return { scope: scope.id, records: set.records, rejected: set.rejected, pages, requestedAtMs };
}

/** Reads the orders of the last day that are no longer open; one list per symbol where one is needed. */
export async function readRecentOrders(
  options: AccountReaderOptions,
  scope: RecentOrderScopeProfile,
  symbols: readonly string[],
  context: ReadContext,
): Promise<ScopeRead<OrderRecord>> {
  const set = orderSet();
  const startedAtMs = options.clock.now();
  const lists: PagedRows[] = [];
  for (const symbol of scope.needsSymbol ? coveredSymbols(options, scope, symbols) : [undefined]) {
    lists.push(await readRecentList(options, scope, symbol, context));
  }
  const statusWithout = scope.method === 'fetchOrders' ? noStatus : endedStatus;
  const rows = lists.flatMap((list) => list.rows);
  for (const { name, record, updatedAtMs } of ordersOf(rows, options, scope, set, statusWithout)) {
    if (record.status !== 'open') set.add(name, record, updatedAtMs);
  }
  return {
    scope: scope.id,
    records: set.records,
    rejected: set.rejected,
    pages: lists.reduce((sum, { pages }) => sum + pages, 0),
    requestedAtMs: lists[0]?.requestedAtMs ?? startedAtMs,
  };
}

/** In a list of ended orders, one of which something remains ended without being filled. */
const endedStatus: StatusWithout = ({ remaining }) => {
  const rest = decimalOrUnknown.safeParse(remaining).data;
  if (rest === undefined) return undefined;
  return isZero(rest) ? 'closed' : 'canceled';
};

function readRecentList(
  options: AccountReaderOptions,
  scope: RecentOrderScopeProfile,
  symbol: string | undefined,
  context: ReadContext,
): Promise<PagedRows> {
  const rangeMs = recentRangeMs(scope);
  return fetchPages({
    ...options,
    context,
    scope,
    sinceMs: exchangeTime(options) - rangeMs,
    fetchPage: (ccxt, { params, limit, sinceMs }) => {
      const own = scope.sinceParam === undefined ? {} : { [scope.sinceParam]: inUnit(sinceMs, scope) };
      const since = scope.sinceParam === undefined ? sinceMs : undefined;
      return ccxt[scope.method](symbol, since, limit, { ...scope.params, ...own, ...params });
    },
  });
}

function inUnit(sinceMs: number | undefined, { sinceUnit }: RecentOrderScopeProfile): number | undefined {
  return sinceMs === undefined || sinceUnit === undefined ? sinceMs : Math.floor(sinceMs / 1000);
}

/** The symbols that this list is for. Where a market is gone nothing new can have happened. */
function coveredSymbols(
  { session }: AccountReaderOptions,
  { markets: filter = {} }: RecentOrderScopeProfile,
  symbols: readonly string[],
): string[] {
  return symbols.filter((symbol) => {
    const market = session.ccxt.markets[symbol];
    return market !== undefined && matches(market, filter);
  });
}

/** The rows that are valid orders of the scope; the others are set aside, or left to the scope they are of. */
function* ordersOf(
  rows: readonly unknown[],
  { session, profile }: AccountReaderOptions,
  scope: OpenOrderScopeProfile | RecentOrderScopeProfile,
  set: RowSet<OrderRecord>,
  statusWithout: StatusWithout,
): Iterable<ReadOrderRow> {
  const conventions = orderConventions(profile, scope);
  for (const row of rows) {
    const fields = isDictionary(row) ? row : {};
    const fit = marketFit(fields.symbol, scope, session.ccxt.markets);
    if (fit === 'unknown') {
      set.reject(`order ${String(fields.id)} in ${String(fields.symbol)}`, UNKNOWN_MARKET);
    } else if (fit === 'covered' && !isExcluded(fields, scope)) {
      const order = toOrderRecord(set, fields, conventions, statusWithout);
      if (order !== undefined) yield order;
    }
  }
}

function isExcluded({ info }: Dictionary, { without }: Pick<OpenOrderScopeProfile, 'without'>): boolean {
  if (without === undefined || !isDictionary(info)) return false;
  return without.values.includes(String(info[without.field] ?? ''));
}

/** How far back recent orders are asked for. */
export function recentRangeMs({
  windowMs = DAY_MS,
  retentionMs = DAY_MS,
}: Pick<RecentOrderScopeProfile, 'windowMs' | 'retentionMs'>): number {
  return Math.min(DAY_MS, windowMs, retentionMs);
}
