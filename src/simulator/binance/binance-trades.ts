import { integer } from '../http/reply.js';
import type { Fill } from '../world/history/fill.js';
import type { MarketKind } from '../world/market.js';
import { money, type PrivateContext, requiredMarket } from './binance-endpoint.js';
import { BinanceError } from './binance-errors.js';
import { ascendingRows, type BinanceWindow, historyRange, limitOf } from './binance-history-page.js';

const DAY_MS = 24 * 60 * 60_000;

interface TradeRules {
  readonly path: string;
  readonly kind: MarketKind;
  readonly window: BinanceWindow;
  readonly limit: { readonly standard: number; readonly most: number };
  readonly row: (fill: Fill) => object;
}

/** Spot (docs: "Account trade list"): a symbol, at most 24 hours between start and end. */
const SPOT: TradeRules = {
  path: '/api/v3/myTrades',
  kind: 'spot',
  window: { mostMs: DAY_MS, tooWide: '-1127' },
  limit: { standard: 500, most: 1000 },
  row: spotRow,
};

/** USD-M and COIN-M (docs: "Account Trade List"): seven days, also when nothing is sent. */
const FUTURES_WINDOW: BinanceWindow = { mostMs: 7 * DAY_MS, usualMs: 7 * DAY_MS, tooWide: '-4165' };
const LINEAR: TradeRules = {
  path: '/fapi/v1/userTrades',
  kind: 'linear',
  window: FUTURES_WINDOW,
  limit: { standard: 500, most: 1000 },
  row: linearRow,
};
const INVERSE: TradeRules = {
  path: '/dapi/v1/userTrades',
  kind: 'inverse',
  window: FUTURES_WINDOW,
  limit: { standard: 50, most: 1000 },
  row: inverseRow,
};

/** Oldest first: from a number or a time on, or the newest when neither is sent. */
function trades({ path, kind, window, limit, row }: TradeRules): (context: PrivateContext) => unknown {
  return (context) => {
    const { account, query } = context;
    const market = requiredMarket(context, kind);
    const [fromId, orderId] = ['fromId', 'orderId'].map((name) => query.get(name));
    const hasTime = query.has('startTime') || query.has('endTime');
    if (fromId !== null && fromId !== undefined && hasTime) throw new BinanceError('-1128');
    const range = historyRange(context, window);
    const list = {
      path,
      rows: account.history.fills(kind),
      accept: (fill: Fill) =>
        fill.market === market &&
        (fromId === null || fromId === undefined || BigInt(fill.id) >= BigInt(fromId)) &&
        (orderId === null || fill.orderId === orderId),
      ids: (fill: Fill) => [fill.id],
      wire: row,
    };
    const isFromId = fromId !== null && fromId !== undefined;
    const asked = isFromId ? { ...range, fromMs: 0, hasStart: true } : range;
    return ascendingRows(context, list, { ...asked, limit: limitOf(query, limit.standard, limit.most) });
  };
}

export const spotTrades = trades(SPOT);
export const linearTrades = trades(LINEAR);
export const inverseTrades = trades(INVERSE);

function spotRow(fill: Fill): object {
  return {
    symbol: fill.market.id,
    id: integer(fill.id),
    orderId: integer(fill.orderId),
    orderListId: -1,
    price: money(fill.price),
    qty: money(fill.amount),
    quoteQty: money(fill.value),
    commission: money(fill.fee),
    commissionAsset: fill.feeAsset,
    time: fill.timestampMs,
    isBuyer: fill.side === 'buy',
    isMaker: fill.role === 'maker',
    isBestMatch: true,
  };
}

function futuresRow(fill: Fill): object {
  return {
    symbol: fill.market.id,
    id: integer(fill.id),
    orderId: integer(fill.orderId),
    side: fill.side.toUpperCase(),
    price: fill.price,
    qty: fill.amount,
    realizedPnl: fill.realizedPnl ?? '0',
    commission: fill.fee,
    commissionAsset: fill.feeAsset,
    time: fill.timestampMs,
    positionSide: fill.positionSide?.toUpperCase() ?? 'BOTH',
    buyer: fill.side === 'buy',
    maker: fill.role === 'maker',
  };
}

function linearRow(fill: Fill): object {
  return { ...futuresRow(fill), quoteQty: fill.value };
}

function inverseRow(fill: Fill): object {
  const { market } = fill;
  return {
    ...futuresRow(fill),
    pair: market.base + market.quote,
    marginAsset: market.base,
    baseQty: fill.value,
  };
}
