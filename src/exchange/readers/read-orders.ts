import type { OrderRecord } from '../../domain/records.js';
import type { ScopeRead } from '../../domain/scope-read.js';
import { isZero } from '../../ledger/decimal.js';
import type { ReadContext } from '../exchange-client.js';
import type { CcxtMarket } from '../exchange-session.js';
import type { OpenOrderScopeProfile, RecentOrderScopeProfile } from '../profiles/profile.js';
import { isDictionary } from './answer.js';
import { matches } from './matching-markets.js';
import { orderSet } from './order-set.js';
import { fetchPages, type PagedRows } from './pages.js';
import type { ReaderOptions } from './reader-options.js';
import { decimalOrUnknown } from './row-fields.js';
import type { RowSet } from './row-set.js';
import { noStatus, type StatusWithout, toOrderRecord } from './to-order-record.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Reads one list of open orders. */
export async function readOpenOrders(
  { session, clock, profile }: ReaderOptions,
  scope: OpenOrderScopeProfile,
  context: ReadContext,
): Promise<ScopeRead<OrderRecord>> {
  const { rows, pages, requestedAtMs } = await fetchPages({
    session,
    clock,
    context,
    scope,
    fetchPage: (ccxt, { params, limit }) =>
      ccxt.fetchOpenOrders(undefined, undefined, limit, { ...scope.params, ...params }),
  });
  const set = orderSet();
  for (const row of rows) {
    const order = toOrderRecord(set, row, profile.rows.orders, () => 'open');
    if (order === undefined || !isOfScope(row, scope, session.ccxt.markets)) continue;
    set.add(order.name, order.record, order.updatedAtMs);
  }
  return { scope: scope.id, records: set.records, rejected: set.rejected, pages, requestedAtMs };
}

/** Reads the orders of the last day that are no longer open; one list per symbol where one is needed. */
export async function readRecentOrders(
  options: ReaderOptions,
  scope: RecentOrderScopeProfile,
  symbols: readonly string[],
  context: ReadContext,
): Promise<ScopeRead<OrderRecord>> {
  const { session, clock, profile } = options;
  const set = orderSet();
  const startedAtMs = clock.now();
  const lists: PagedRows[] = [];
  for (const symbol of scope.needsSymbol ? coveredSymbols(options, scope, symbols, set) : [undefined]) {
    lists.push(await readRecentList(options, scope, symbol, context));
  }
  const statusWithout = scope.method === 'fetchOrders' ? noStatus : endedStatus;
  for (const row of lists.flatMap(({ rows }) => rows)) {
    const order = toOrderRecord(set, row, profile.rows.orders, statusWithout);
    if (order === undefined || !isOfScope(row, scope, session.ccxt.markets)) continue;
    if (order.record.status !== 'open') set.add(order.name, order.record, order.updatedAtMs);
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
  { session, clock }: ReaderOptions,
  scope: RecentOrderScopeProfile,
  symbol: string | undefined,
  context: ReadContext,
): Promise<PagedRows> {
  const rangeMs = Math.min(DAY_MS, scope.windowMs ?? DAY_MS, scope.retentionMs ?? DAY_MS);
  return fetchPages({
    session,
    clock,
    context,
    scope,
    sinceMs: clock.now() - rangeMs,
    fetchPage: (ccxt, { params, limit, sinceMs }) => {
      const own = scope.sinceParam === undefined ? {} : { [scope.sinceParam]: sinceMs };
      const since = scope.sinceParam === undefined ? sinceMs : undefined;
      return ccxt[scope.method](symbol, since, limit, { ...scope.params, ...own, ...params });
    },
  });
}

/** The symbols that this list is for. One whose market is gone can no longer be asked for, which is said. */
function coveredSymbols(
  { session }: ReaderOptions,
  { markets: filter = {} }: RecentOrderScopeProfile,
  symbols: readonly string[],
  set: RowSet<OrderRecord>,
): string[] {
  return symbols.filter((symbol) => {
    const market = session.ccxt.markets[symbol];
    if (market !== undefined) return matches(market, filter);
    set.reject(`orders in ${symbol}`, 'symbol: the exchange no longer lists this market');
    return false;
  });
}

/** Some exchanges list orders of every kind whatever kind they are asked for. */
function isOfScope(
  unified: unknown,
  { markets: filter, without }: Pick<OpenOrderScopeProfile, 'markets' | 'without'>,
  markets: Readonly<Record<string, CcxtMarket>>,
): boolean {
  const { symbol, info } = isDictionary(unified) ? unified : {};
  const market = markets[String(symbol)];
  if (filter !== undefined && market !== undefined && !matches(market, filter)) return false;
  if (without === undefined || !isDictionary(info)) return true;
  return !without.values.includes(String(info[without.field] ?? ''));
}
