import type { OrderRecord } from '../../domain/records.js';
import type { ScopeRead } from '../../domain/scope-read.js';
import { isZero } from '../../ledger/decimal.js';
import type { ReadContext } from '../exchange-client.js';
import type { CcxtMarket } from '../exchange-session.js';
import type { MarketFilter, OpenOrderScopeProfile, RecentOrderScopeProfile } from '../profiles/profile.js';
import { asDictionary, badResponse } from './answer.js';
import { matches } from './matching-markets.js';
import { isOrderNotFound } from './order-not-found.js';
import { fetchPages, type PagedRows } from './pages.js';
import type { ReaderOptions } from './reader-options.js';
import { decimalOrUnknown } from './row-fields.js';
import { RowSet } from './row-set.js';
import { type StatusWithout, toOrderRecord } from './to-order-record.js';

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
    if (order === undefined || !isOfScope(order.record, scope, session.ccxt.markets)) continue;
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
    if (order === undefined || !isOfScope(order.record, scope, session.ccxt.markets)) continue;
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

const noStatus: StatusWithout = () => undefined;

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

/** Undefined: the exchange does not know the order any more. */
export async function readOneOrder(
  { session, profile }: ReaderOptions,
  scope: OpenOrderScopeProfile,
  { symbol, orderId }: { readonly symbol: string; readonly orderId: string },
  context: ReadContext,
): Promise<OrderRecord | undefined> {
  const origin = { exchange: session.exchange, scope: scope.id, method: 'fetchOrder' };
  const answer = await session.call({ context, scope: scope.id, method: 'fetchOrder' }, async (ccxt) => {
    try {
      return await ccxt.fetchOrder(orderId, symbol, { ...scope.readOrder });
    } catch (error: unknown) {
      // An answer, not a failure: it must neither be retried nor count against the exchange.
      if (isOrderNotFound(error)) return undefined;
      throw error;
    }
  });
  if (answer === undefined) return undefined;
  const set = orderSet();
  const order = toOrderRecord(set, asDictionary(answer, origin), profile.rows.orders, noStatus);
  const [rejected] = set.rejected;
  if (rejected !== undefined) throw badResponse(origin, `is not an order (${rejected.reason})`);
  if (order?.record.orderId !== orderId) throw badResponse(origin, `is another order than ${orderId}`);
  return order.record;
}

/** Some exchanges list the orders of every kind of market whatever kind they are asked for. */
function isOfScope(
  { symbol }: OrderRecord,
  { markets: filter }: { readonly markets?: MarketFilter },
  markets: Readonly<Record<string, CcxtMarket>>,
): boolean {
  const market = markets[symbol];
  return filter === undefined || market === undefined || matches(market, filter);
}

function orderSet(): RowSet<OrderRecord> {
  return new RowSet<OrderRecord>({ key: ({ symbol, orderId }) => `${symbol} ${orderId}` });
}
