import { negate } from '../../ledger/decimal.js';
import type { Fill, FundingPayment } from '../world/history/fill.js';
import { MergedRows } from '../world/history/merged-rows.js';
import type { PrivateContext } from './bybit-endpoint.js';
import { requiredCategory } from './bybit-endpoint.js';
import { BybitError } from './bybit-errors.js';
import { historyPage } from './bybit-history-page.js';

const DAY_MS = 24 * 60 * 60_000;
const WINDOW = { mostMs: 7 * DAY_MS, usualMs: 7 * DAY_MS };

const EXEC_TYPES = {
  trade: 'Trade',
  adl: 'AdlTrade',
  liquidation: 'BustTrade',
  settlement: 'Settle',
} as const;

const CREATE_TYPES = {
  trade: 'CreateByUser',
  adl: 'CreateByAdl_PassThrough',
  liquidation: 'CreateByTakeOver_PassThrough',
  settlement: 'CreateBySettle',
} as const;

// biome-ignore format: a list
const KNOWN_TYPES: readonly string[] = [
  'Trade', 'AdlTrade', 'Funding', 'BustTrade', 'Delivery', 'Settle', 'BlockTrade', 'MovePosition', 'FutureSpread',
];

/**
 * `GET /v5/execution/list` (docs: v5 "Get Trade History"): fills, and funding payments too unless
 * `execType` says otherwise; newest first, seven days at a time, of two years.
 */
export function executionList(context: PrivateContext): unknown {
  const { account, query } = context;
  const category = requiredCategory(query);
  const wanted = (name: string) => query.get(name) || undefined;
  const [type, symbol, base, orderId, execId] = ['execType', 'symbol', 'baseCoin', 'orderId', 'execId'].map(
    wanted,
  );
  if (type !== undefined && !KNOWN_TYPES.includes(type)) {
    throw new BybitError(10001, 'params error: execType invalid');
  }
  // Only the first of these counts.
  const narrowed = (row: Fill | FundingPayment) => {
    if (orderId !== undefined) return isFill(row) && row.orderId === orderId;
    if (symbol !== undefined) return row.market.id === symbol;
    return base === undefined || row.market.base === base;
  };
  const { rows, nextPageCursor } = historyPage(context, {
    path: '/v5/execution/list',
    rows: new MergedRows<Fill | FundingPayment>(
      account.history.fills(category),
      account.history.funding(category),
    ),
    accept: (row) =>
      narrowed(row) &&
      (type === undefined || execType(row) === type) &&
      (execId === undefined || row.id === execId),
    ids: (row) => [row.id],
    wire: (row) => (isFill(row) ? fillRow(row) : fundingRow(row)),
    window: WINDOW,
    limit: { standard: 50, most: 100 },
  });
  return { nextPageCursor, category, list: rows };
}

function isFill(row: Fill | FundingPayment): row is Fill {
  return 'orderId' in row;
}

function execType(row: Fill | FundingPayment): string {
  if (!isFill(row)) return 'Funding';
  // USDC futures and options are delivered, inverse futures are settled.
  return row.kind === 'settlement' && row.market.kind !== 'inverse' ? 'Delivery' : EXEC_TYPES[row.kind];
}

function fillRow(fill: Fill): object {
  const { market } = fill;
  const isSpot = market.kind === 'spot';
  const isOption = market.kind === 'option';
  return {
    symbol: market.id,
    orderType: fill.orderType === 'market' ? 'Market' : 'Limit',
    underlyingPrice: isOption ? market.prices.index : '',
    orderLinkId: '',
    side: fill.side === 'buy' ? 'Buy' : 'Sell',
    indexPrice: isOption ? market.prices.index : '',
    orderId: fill.orderId,
    stopOrderType: isSpot ? '' : 'UNKNOWN',
    leavesQty: fill.leaves,
    execTime: String(fill.timestampMs),
    feeCurrency: fill.feeAsset,
    isMaker: fill.role === 'maker',
    execFee: fill.fee,
    feeRate: fill.feeRate,
    execId: fill.id,
    tradeIv: isOption ? '0.5661' : '',
    blockTradeId: '',
    markPrice: isSpot ? '' : market.prices.mark,
    execPrice: fill.price,
    markIv: isOption ? '0.5661' : '',
    orderQty: fill.orderAmount,
    orderPrice: fill.orderPrice ?? '0',
    execValue: fill.value,
    execType: execType(fill),
    execQty: fill.amount,
    closedSize: isSpot ? '' : fill.closed,
    extraFees: '',
    execFeeV2: '',
    seq: fill.timestampMs % 10_000_000_000,
    // Spot and options do not have this one.
    ...(isSpot || isOption ? {} : { createType: CREATE_TYPES[fill.kind] }),
  };
}

/** Here what was paid is positive. */
function fundingRow(payment: FundingPayment): object {
  const { market, rate } = payment;
  return {
    symbol: market.id,
    orderType: 'UNKNOWN',
    underlyingPrice: '',
    orderLinkId: '',
    side: payment.positionSide === 'long' ? 'Buy' : 'Sell',
    indexPrice: '',
    orderId: payment.fundingOrderId,
    stopOrderType: 'UNKNOWN',
    leavesQty: '0',
    execTime: String(payment.timestampMs),
    feeCurrency: '',
    isMaker: false,
    execFee: negate(payment.amount),
    feeRate: rate,
    execId: payment.id,
    tradeIv: '',
    blockTradeId: '',
    markPrice: payment.price,
    execPrice: payment.price,
    markIv: '',
    orderQty: '0',
    orderPrice: '0',
    execValue: payment.value,
    execType: 'Funding',
    execQty: payment.size,
    closedSize: '0',
    extraFees: '',
    createType: '',
    seq: payment.timestampMs % 10_000_000_000,
  };
}
