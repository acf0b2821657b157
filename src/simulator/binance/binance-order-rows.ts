import { integer } from '../http/reply.js';
import type { Condition, Order } from '../world/order.js';
import { money } from './binance-endpoint.js';
import { binanceOrderStatus } from './binance-order-status.js';

const SPOT_TYPES: Readonly<Record<Condition, string>> = {
  stop: 'STOP_LOSS_LIMIT',
  'stop-loss': 'STOP_LOSS_LIMIT',
  'take-profit': 'TAKE_PROFIT_LIMIT',
};

const ALGO_TYPES: Readonly<Record<Condition, string>> = {
  stop: 'STOP',
  'stop-loss': 'STOP',
  'take-profit': 'TAKE_PROFIT',
};

/** An order of `/api/v3/openOrders`, `/allOrders` and `/order`. */
export function spotOrderRow(order: Order): object {
  const { market, condition } = order;
  const isWorking = order.state !== 'untriggered' && order.state !== 'deactivated';
  return {
    symbol: market.id,
    orderId: integer(order.id),
    orderListId: -1,
    clientOrderId: order.clientId,
    price: money(order.price ?? '0'),
    origQty: money(order.amount),
    executedQty: money(order.filled),
    cummulativeQuoteQty: money(order.filledValue),
    status: binanceOrderStatus(order),
    timeInForce: 'GTC',
    type: condition === undefined ? order.type.toUpperCase() : SPOT_TYPES[condition],
    side: order.side.toUpperCase(),
    stopPrice: money(order.triggerPrice ?? '0'),
    icebergQty: '0.00000000',
    time: order.createdAtMs,
    updateTime: order.updatedAtMs,
    isWorking,
    workingTime: isWorking ? order.createdAtMs : -1,
    origQuoteOrderQty: '0.00000000',
    selfTradePreventionMode: 'EXPIRE_MAKER',
  };
}

/** An order of `/fapi/v1` or `/dapi/v1`. */
export function futuresOrderRow(order: Order): object {
  const { market } = order;
  const isInverse = market.kind === 'inverse';
  return {
    avgPrice: order.fillPrice ?? '0.00000',
    clientOrderId: order.clientId,
    [isInverse ? 'cumBase' : 'cumQuote']: order.filledValue,
    executedQty: order.filled,
    orderId: integer(order.id),
    origQty: order.amount,
    origType: order.type.toUpperCase(),
    ...(isInverse ? { pair: market.base + market.quote } : {}),
    price: order.price ?? '0',
    reduceOnly: order.reduceOnly ?? false,
    side: order.side.toUpperCase(),
    positionSide: order.positionSide?.toUpperCase() ?? 'BOTH',
    status: binanceOrderStatus(order),
    stopPrice: '0',
    closePosition: false,
    symbol: market.id,
    time: order.createdAtMs,
    timeInForce: 'GTC',
    type: order.type.toUpperCase(),
    updateTime: order.updatedAtMs,
    workingType: 'CONTRACT_PRICE',
    priceProtect: false,
    priceMatch: 'NONE',
    selfTradePreventionMode: 'NONE',
    goodTillDate: 0,
  };
}

/** A conditional order of futures (docs: "Current All Algo Open Orders"). */
export function algoOrderRow(order: Order): object {
  return {
    algoId: integer(order.id),
    clientAlgoId: order.clientId,
    algoType: 'CONDITIONAL',
    orderType: ALGO_TYPES[order.condition ?? 'stop'],
    symbol: order.market.id,
    side: order.side.toUpperCase(),
    positionSide: order.positionSide?.toUpperCase() ?? 'BOTH',
    timeInForce: 'GTC',
    quantity: order.amount,
    algoStatus: binanceOrderStatus(order),
    triggerPrice: order.triggerPrice ?? '0',
    price: order.price ?? '0',
    icebergQuantity: null,
    selfTradePreventionMode: 'EXPIRE_MAKER',
    workingType: 'CONTRACT_PRICE',
    priceMatch: 'NONE',
    closePosition: false,
    priceProtect: false,
    reduceOnly: order.reduceOnly ?? false,
    createTime: order.createdAtMs,
    updateTime: order.updatedAtMs,
    triggerTime: order.state === 'triggered' ? order.updatedAtMs : 0,
    goodTillDate: 0,
  };
}
