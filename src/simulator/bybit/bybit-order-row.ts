import { isZero, multiply } from '../../ledger/decimal.js';
import { truncated } from '../world/amounts.js';
import { type Order, remaining } from '../world/order.js';
import { bybitOrderStatus } from './bybit-order-status.js';

const STOP_ORDER_TYPES = { stop: 'Stop', 'take-profit': 'TakeProfit', 'stop-loss': 'StopLoss' } as const;

const CANCELED: ReadonlySet<Order['state']> = new Set([
  'canceled',
  'partially-filled-canceled',
  'deactivated',
]);

/** An order as both order lists write it (docs: v5 "Get Open & Closed Orders"). */
export function orderRow(order: Order): object {
  const { market, condition } = order;
  const row = {
    orderId: order.id,
    orderLinkId: order.clientId,
    blockTradeId: '',
    symbol: market.id,
    price: order.price ?? order.fillPrice ?? '0',
    qty: order.amount,
    side: order.side === 'buy' ? 'Buy' : 'Sell',
    isLeverage: market.kind === 'spot' ? '0' : '',
    positionIdx: positionIndex(order),
    orderStatus: bybitOrderStatus(order),
    createType: 'CreateByUser',
    cancelType: CANCELED.has(order.state) ? 'CancelByUser' : 'UNKNOWN',
    rejectReason: 'EC_NoError',
    avgPrice: order.fillPrice ?? '',
    leavesQty: remaining(order),
    leavesValue: truncated(multiply(remaining(order), order.price ?? '0'), 8),
    cumExecQty: order.filled,
    cumExecValue: order.filledValue,
    cumExecFee: order.fee,
    cumFeeDetail: isZero(order.fee) ? {} : { [order.feeAsset ?? '']: order.fee },
    timeInForce: order.type === 'market' ? 'IOC' : 'GTC',
    orderType: order.type === 'market' ? 'Market' : 'Limit',
    stopOrderType: condition === undefined ? '' : stopOrderType(order, condition),
    orderIv: '',
    triggerPrice: order.triggerPrice ?? '',
    takeProfit: '',
    stopLoss: '',
    tpTriggerBy: '',
    slTriggerBy: '',
    triggerDirection: condition === undefined ? 0 : triggerDirection(order),
    triggerBy: condition === undefined || market.kind === 'spot' ? '' : 'LastPrice',
    lastPriceOnCreated: market.kind === 'spot' ? '' : market.prices.open,
    reduceOnly: order.reduceOnly ?? false,
    closeOnTrigger: false,
    placeType: '',
    smpType: 'None',
    smpGroup: 0,
    smpOrderId: '',
    slLimitPrice: '0',
    tpLimitPrice: '0',
    // Without it, a market buy's quantity would be taken for an amount of the quote currency.
    marketUnit: market.kind === 'spot' ? 'baseCoin' : '',
    createdTime: String(order.createdAtMs),
    updatedTime: String(order.updatedAtMs),
  };
  // Spot orders do not have this field at all.
  return market.kind === 'spot' ? row : { ...row, tpslMode: condition === undefined ? '' : 'Full' };
}

function positionIndex({ positionSide }: Order): number {
  if (positionSide === undefined) return 0;
  return positionSide === 'long' ? 1 : 2;
}

function stopOrderType({ market }: Order, condition: NonNullable<Order['condition']>): string {
  return market.kind === 'spot' && condition !== 'stop' ? 'tpslOrder' : STOP_ORDER_TYPES[condition];
}

/** 1: waits for the price to rise to it, 2: to fall. */
function triggerDirection({ side, condition }: Order): number {
  const rises = condition === 'take-profit' ? side === 'sell' : side === 'buy';
  return rises ? 1 : 2;
}
