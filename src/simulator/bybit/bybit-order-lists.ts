import { isZero } from '../../ledger/decimal.js';
import { isOpen, type Order } from '../world/order.js';
import type { Category, PrivateContext } from './bybit-endpoint.js';
import { pageLimit, requiredCategory } from './bybit-endpoint.js';
import { BybitError } from './bybit-errors.js';
import { orderRow } from './bybit-order-row.js';
import { bybitOrderStatus } from './bybit-order-status.js';
import { page } from './bybit-paging.js';

const DAY_MS = 24 * 60 * 60_000;
const WINDOW_MS = 7 * DAY_MS;
/** Orders that ended without a fill are served this long. */
const UNFILLED_MS = DAY_MS;
/** Orders that ended are found in the list of open ones by their id, or with `openOnly=1`, this far back. */
const RECENTLY_CLOSED = 500;

type Filter = (order: Order) => boolean;

const ORDER_FILTERS: Readonly<Record<string, Filter>> = {
  Order: ({ condition }) => condition === undefined,
  StopOrder: ({ market, condition }) =>
    condition !== undefined && (market.kind !== 'spot' || condition === 'stop'),
  tpslOrder: ({ market, condition }) =>
    market.kind === 'spot' && condition !== undefined && condition !== 'stop',
};

/**
 * `GET /v5/order/realtime` (docs: v5 "Get Open & Closed Orders"): open orders, plain and conditional ones
 * unless `orderFilter` says which; of linear contracts those of a symbol, a base or a settle coin.
 */
export function realtimeOrders({ account, query }: PrivateContext): unknown {
  const category = requiredCategory(query);
  const isNarrowed = ['symbol', 'baseCoin', 'settleCoin'].some((name) => (query.get(name) ?? '') !== '');
  if (category === 'linear' && !isNarrowed) {
    throw new BybitError(10001, 'params error: symbol or settleCoin or baseCoin is needed');
  }
  const isById = query.get('orderId') !== null;
  const closed = account.orders.filter((order) => !isOpen(order)).slice(-RECENTLY_CLOSED);
  const orders = [
    ...(isById || query.get('openOnly') !== '1' ? account.openOrders() : []),
    ...(isById || query.get('openOnly') === '1' ? closed : []),
  ];
  return orderPage(category, orders.filter(matching(query, category)), query);
}

/** `GET /v5/order/history` (docs: v5 "Get Order History"): ended orders by creation time, seven days at a time. */
export function orderHistory({ world, account, query }: PrivateContext): unknown {
  const category = requiredCategory(query);
  const nowMs = world.now();
  const { fromMs, toMs } = window(query, nowMs);
  const id = query.get('orderId');
  const status = query.get('orderStatus');
  const orders = account.orders
    .filter((order) => !isOpen(order) && isStillServed(order, nowMs))
    .filter((order) => id !== null || (order.createdAtMs >= fromMs && order.createdAtMs <= toMs))
    .filter((order) => status === null || bybitOrderStatus(order) === status)
    .filter(matching(query, category));
  return orderPage(category, orders, query);
}

function isStillServed(order: Order, nowMs: number): boolean {
  return !isZero(order.filled) || order.updatedAtMs >= nowMs - UNFILLED_MS;
}

function matching(query: URLSearchParams, category: Category): Filter {
  const wanted = (name: string) => query.get(name) || undefined;
  const [id, symbol, base, settle] = ['orderId', 'symbol', 'baseCoin', 'settleCoin'].map(wanted);
  const filterName = wanted('orderFilter');
  const filter = filterName === undefined ? () => true : ORDER_FILTERS[filterName];
  if (filter === undefined) throw new BybitError(10001, 'params error: orderFilter is invalid');
  return (order) =>
    order.market.kind === category &&
    (id === undefined || order.id === id) &&
    (symbol === undefined || order.market.id === symbol) &&
    (base === undefined || order.market.base === base) &&
    (settle === undefined || order.market.settle === settle) &&
    filter(order);
}

function window(query: URLSearchParams, nowMs: number): { fromMs: number; toMs: number } {
  const [start, end] = ['startTime', 'endTime'].map((name) => {
    const text = query.get(name);
    return text === null ? undefined : Number(text);
  });
  if (start !== undefined && end !== undefined && (end < start || end - start > WINDOW_MS)) {
    throw new BybitError(10001, 'The interval between the startTime and endTime is incorrect');
  }
  const fromMs = start ?? (end ?? nowMs) - WINDOW_MS;
  return { fromMs, toMs: end ?? (start === undefined ? nowMs : start + WINDOW_MS) };
}

function orderPage(category: Category, orders: readonly Order[], query: URLSearchParams): unknown {
  const limit = pageLimit(query, { standard: 20, most: 50 });
  const place = ({ id, createdAtMs }: Order) => ({ id, timestampMs: createdAtMs });
  const { rows, nextPageCursor } = page(orders, place, { cursor: query.get('cursor'), limit });
  return { nextPageCursor, category, list: rows.map(orderRow) };
}
