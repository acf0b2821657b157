import { isZero } from '../../ledger/decimal.js';
import type { MarketKind } from '../world/market.js';
import { isOpen, type Order } from '../world/order.js';
import { askedMarkets, type PrivateContext, required, requiredMarket } from './binance-endpoint.js';
import { BinanceError, type BinanceErrorCode, missingParameter } from './binance-errors.js';
import { isAlgoOrder } from './binance-order-status.js';

const DAY_MS = 24 * 60 * 60_000;

/** What one of binance's three order APIs allows. */
interface OrderRules {
  readonly kind: MarketKind;
  readonly row: (order: Order) => object;
  readonly belongs: (order: Order) => boolean;
  /** The widest range of one request, and the code that refuses a wider one. */
  readonly windowMs: number;
  readonly tooWide: BinanceErrorCode;
  readonly limit: { readonly standard: number; readonly most: number };
  /** How long ended orders are served: without a fill, and with one. */
  readonly unfilledMs: number;
  readonly filledMs: number;
}

export const SPOT_ORDERS: Omit<OrderRules, 'row'> = {
  kind: 'spot',
  belongs: () => true,
  windowMs: DAY_MS,
  tooWide: '-1127',
  limit: { standard: 500, most: 1000 },
  unfilledMs: Number.POSITIVE_INFINITY,
  filledMs: Number.POSITIVE_INFINITY,
};

/** USD-M and COIN-M (docs: "All Orders"): cancelled ones without a fill go after 3 days, the others after 90. */
export const FUTURES_ORDERS: Omit<OrderRules, 'row' | 'kind'> = {
  belongs: (order) => !isAlgoOrder(order),
  windowMs: 7 * DAY_MS,
  tooWide: '-4165',
  limit: { standard: 500, most: 1000 },
  unfilledMs: 3 * DAY_MS,
  filledMs: 90 * DAY_MS,
};

export const ALGO_ORDERS: Omit<OrderRules, 'row' | 'kind'> = { ...FUTURES_ORDERS, belongs: isAlgoOrder };

type Serve = (context: PrivateContext) => unknown;

/** `openOrders`, `openAlgoOrders`: of a symbol, or all at a higher weight. Not paged. */
export function openOrders(rules: OrderRules): Serve {
  return (context) => {
    const markets = new Set(askedMarkets(context, rules.kind));
    return context.account
      .openOrders()
      .filter((order) => markets.has(order.market) && rules.belongs(order))
      .map(rules.row);
  };
}

/** `allOrders`, `allAlgoOrders`: of one symbol, oldest first, the newest when no start is named. */
export function allOrders(rules: OrderRules): Serve {
  return (context) => {
    const { world, account, query } = context;
    const market = requiredMarket(context, rules.kind);
    const { fromMs, toMs } = range(query, rules);
    const fromId = query.get('orderId') ?? query.get('algoId');
    const nowMs = world.now();
    const orders = account.orders
      .filter((order) => order.market === market && rules.belongs(order) && isServed(order, rules, nowMs))
      .filter((order) => order.createdAtMs >= fromMs && order.createdAtMs <= toMs)
      .filter((order) => fromId === null || BigInt(order.id) >= BigInt(fromId))
      .sort((left, right) => left.createdAtMs - right.createdAtMs);
    const limit = Math.min(Number(query.get('limit') ?? rules.limit.standard), rules.limit.most);
    const isFromStart = fromId !== null || query.has('startTime');
    return (isFromStart ? orders.slice(0, limit) : orders.slice(-limit)).map(rules.row);
  };
}

/** `order`, `algoOrder`: one, by its number or by the client's. */
export function oneOrder(rules: OrderRules, names: { id: string; clientId: string }): Serve {
  return (context) => {
    const { account, query } = context;
    const [id, clientId] = [query.get(names.id), query.get(names.clientId)];
    if (id === null && clientId === null) throw missingParameter(names.id);
    // Algo orders are known by their number alone; the others belong to a symbol.
    const symbol = names.id === 'algoId' ? undefined : required(query, 'symbol');
    const order = account.orders.find(
      (one) =>
        one.market.kind === rules.kind &&
        rules.belongs(one) &&
        (symbol === undefined || one.market.id === symbol) &&
        (id === null ? one.clientId === clientId : one.id === id),
    );
    if (order === undefined || !isServed(order, rules, context.world.now())) throw new BinanceError('-2013');
    return rules.row(order);
  };
}

function range(query: URLSearchParams, rules: OrderRules): { fromMs: number; toMs: number } {
  const time = (name: string) => (query.has(name) ? Number(query.get(name)) : undefined);
  const [fromMs, toMs] = [time('startTime'), time('endTime')];
  if (fromMs !== undefined && toMs !== undefined && toMs - fromMs > rules.windowMs) {
    throw new BinanceError(rules.tooWide);
  }
  return { fromMs: fromMs ?? 0, toMs: toMs ?? Number.POSITIVE_INFINITY };
}

function isServed(order: Order, rules: OrderRules, nowMs: number): boolean {
  if (isOpen(order)) return true;
  const cameToNothing = isZero(order.filled) && order.state !== 'triggered';
  const servedMs = cameToNothing ? rules.unfilledMs : rules.filledMs;
  // By its creation: an old order that is cancelled now is gone at once.
  return order.createdAtMs >= nowMs - servedMs;
}
