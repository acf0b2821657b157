import { isZero } from '../../ledger/decimal.js';
import { isOpen, type Order } from '../world/order.js';
import { instrumentType, type PrivateContext, requiredType, wantedType } from './okx-endpoint.js';
import { OkxError } from './okx-errors.js';
import { algoOrderRow, orderRow } from './okx-order-rows.js';
import { okxOrderState, okxOrderType } from './okx-order-words.js';
import { page } from './okx-paging.js';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

/** How long ended orders are served; those that were cancelled without a fill much shorter. */
const RECENT_MS = 7 * DAY_MS;
const ARCHIVE_MS = 90 * DAY_MS;
const UNFILLED_MS = 2 * HOUR_MS;

// biome-ignore format: a list
const ALGO_TYPES = [
  'conditional', 'oco', 'trigger', 'move_order_stop', 'chase', 'iceberg', 'twap', 'smart_iceberg',
];

type Filter = (order: Order) => boolean;

const isAlgo: Filter = ({ condition }) => condition !== undefined;

/** `GET /api/v5/trade/orders-pending` (docs: "Get order list"). */
export function pendingOrders({ account, query }: PrivateContext): readonly unknown[] {
  const type = wantedType(query);
  const orders = account
    .openOrders()
    .filter((order) => !isAlgo(order))
    .filter((order) => type === undefined || instrumentType(order.market) === type)
    .filter(matching(query));
  return page(orders, query).map((order) => orderRow(account, order));
}

/** `GET /api/v5/trade/orders-algo-pending` (docs: "Get algo order list"): of one type, or of the two protective ones. */
export function pendingAlgoOrders({ account, query }: PrivateContext): readonly unknown[] {
  const wanted = query.get('ordType') ?? '';
  if (wanted === '') throw new OkxError(50014, 'ordType');
  const types = wanted === 'conditional,oco' ? ['conditional', 'oco'] : [wanted];
  if (!types.every((type) => ALGO_TYPES.includes(type))) throw new OkxError(51000, 'ordType');
  const orders = account
    .openOrders()
    .filter((order) => isAlgo(order) && types.includes(okxOrderType(order)))
    .filter(matching(query, { withoutType: true }));
  return page(orders, query).map((order) => algoOrderRow(account, order));
}

/** `GET /api/v5/trade/orders-history` (docs: "Get order history (last 7 days)"). */
export function orderHistory(context: PrivateContext): readonly unknown[] {
  return history(context, RECENT_MS, UNFILLED_MS);
}

/** `GET /api/v5/trade/orders-history-archive` (docs: "Get order history (last 3 months)"). */
export function orderArchive(context: PrivateContext): readonly unknown[] {
  return history(context, ARCHIVE_MS, 0);
}

function history(
  { world, account, query }: PrivateContext,
  servedMs: number,
  unfilledMs: number,
): readonly unknown[] {
  const type = requiredType(query);
  const nowMs = world.now();
  const [begin, end] = ['begin', 'end'].map((name) => numberOf(query, name));
  const orders = account.orders
    .filter((order) => !isOpen(order) && !isAlgo(order) && instrumentType(order.market) === type)
    .filter((order) => order.updatedAtMs >= nowMs - (isZero(order.filled) ? unfilledMs : servedMs))
    // By creation, not by end.
    .filter(
      ({ createdAtMs }) => createdAtMs >= (begin ?? 0) && createdAtMs <= (end ?? Number.POSITIVE_INFINITY),
    )
    .filter((order) => !query.get('state') || okxOrderState(order) === query.get('state'))
    .filter(matching(query));
  return page(orders, query).map((order) => orderRow(account, order));
}

/** `GET /api/v5/trade/order` (docs: "Get order details"). */
export function oneOrder({ world, account, query }: PrivateContext): readonly unknown[] {
  if (!query.get('instId')) throw new OkxError(50014, 'instId');
  const order = account.orders.find(
    (candidate) => !isAlgo(candidate) && candidate.id === query.get('ordId') && matching(query)(candidate),
  );
  const isForgotten =
    order !== undefined &&
    !isOpen(order) &&
    isZero(order.filled) &&
    order.updatedAtMs < world.now() - UNFILLED_MS;
  if (order === undefined || isForgotten) throw new OkxError(51603);
  return [orderRow(account, order)];
}

/** `GET /api/v5/trade/order-algo` (docs: "Get algo order details"). */
export function oneAlgoOrder({ account, query }: PrivateContext): readonly unknown[] {
  const order = account.orders.find(({ id }) => id === query.get('algoId'));
  if (order === undefined || !isAlgo(order)) throw new OkxError(51603);
  return [algoOrderRow(account, order)];
}

function matching(query: URLSearchParams, { withoutType = false } = {}): Filter {
  const id = query.get('instId');
  const type = withoutType ? null : query.get('ordType');
  return (order) =>
    (id === null || order.market.id === id) && (type === null || okxOrderType(order) === type);
}

function numberOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  const value = Number(text);
  if (!Number.isInteger(value)) throw new OkxError(51000, name);
  return value;
}
