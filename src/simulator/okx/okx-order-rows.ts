import { isZero, negate } from '../../ledger/decimal.js';
import type { SimulatedAccount } from '../world/account.js';
import type { Order } from '../world/order.js';
import { instrumentType } from './okx-endpoint.js';
import { okxOrderState, okxOrderType } from './okx-order-words.js';

/** What an order is on, and how it is margined; in both kinds of row. */
function common(account: SimulatedAccount, order: Order): object {
  const { market, side, reduceOnly = false, positionSide, isIsolated = false } = order;
  const isSpot = market.kind === 'spot';
  return {
    instType: instrumentType(market),
    instId: market.id,
    tdMode: isSpot ? 'cash' : isIsolated ? 'isolated' : 'cross',
    ccy: '',
    tag: '',
    side,
    posSide: isSpot ? '' : (positionSide ?? 'net'),
    ordType: okxOrderType(order),
    state: okxOrderState(order),
    sz: order.amount,
    tgtCcy: isSpot && order.type === 'market' ? 'base_ccy' : '',
    tradeQuoteCcy: market.quote,
    lever: isSpot ? '' : account.leverage(market.symbol),
    reduceOnly: String(reduceOnly),
    quickMgnType: '',
    isTradeBorrowMode: '',
    cTime: String(order.createdAtMs),
    uTime: String(order.updatedAtMs),
  };
}

/** `trade/order`, `trade/orders-pending`, `trade/orders-history` (docs: "Get order details"). */
export function orderRow(account: SimulatedAccount, order: Order): object {
  const hasFill = !isZero(order.filled);
  const last = account.trades.findLast((trade) => trade.order === order);
  return {
    ...common(account, order),
    ordId: order.id,
    clOrdId: order.clientId,
    // The algo order that placed this one.
    algoId: order.placedBy ?? '',
    algoClOrdId: '',
    attachAlgoClOrdId: '',
    attachAlgoOrds: [],
    linkedAlgoOrd: { algoId: '' },
    px: order.price ?? '',
    pxType: '',
    pxUsd: '',
    pxVol: '',
    accFillSz: order.filled,
    avgPx: order.fillPrice ?? '',
    fillPx: last?.price ?? '',
    fillSz: last?.amount ?? '0',
    fillTime: last === undefined ? '' : String(last.timestampMs),
    tradeId: last?.id ?? '',
    // A charge is negative, a rebate positive.
    fee: hasFill ? negate(order.fee) : '0',
    feeCcy: order.feeAsset ?? order.market.quote,
    rebate: '0',
    rebateCcy: order.market.base,
    pnl: '0',
    source: order.placedBy === undefined ? '' : '7',
    category: 'normal',
    cancelSource: okxOrderState(order) === 'canceled' ? '1' : '',
    cancelSourceReason: '',
    isTpLimit: 'false',
    slOrdPx: '',
    slTriggerPx: '',
    slTriggerPxType: '',
    stpId: '',
    stpMode: 'cancel_maker',
    tpOrdPx: '',
    tpTriggerPx: '',
    tpTriggerPxType: '',
  };
}

/** `trade/order-algo`, `trade/orders-algo-pending` (docs: "Get algo order details"). */
export function algoOrderRow(account: SimulatedAccount, order: Order): object {
  const { condition, triggerPrice = '', price = '-1' } = order;
  const placed = account.orders.find(({ placedBy }) => placedBy === order.id);
  const at = (wanted: typeof condition) => (condition === wanted ? [triggerPrice, price] : ['', '']);
  const [triggerPx, ordPx] = at('stop');
  const [tpTriggerPx, tpOrdPx] = at('take-profit');
  const [slTriggerPx, slOrdPx] = at('stop-loss');
  return {
    ...common(account, order),
    algoId: order.id,
    algoClOrdId: '',
    clOrdId: '',
    ordId: placed?.id ?? '',
    ordIdList: placed === undefined ? [] : [placed.id],
    activePx: '',
    actualPx: '',
    actualSide: '',
    actualSz: '0',
    amendPxOnTriggerType: '0',
    attachAlgoOrds: [],
    callbackRatio: '',
    callbackSpread: '',
    closeFraction: '',
    failCode: '0',
    isTradeBorrowMode: '',
    last: order.market.prices.last ?? '',
    linkedOrd: { ordId: '' },
    moveTriggerPx: '',
    ordPx,
    pxLimit: '',
    pxSpread: '',
    pxVar: '',
    slOrdPx,
    slTriggerPx,
    slTriggerPxType: slTriggerPx === '' ? '' : 'last',
    szLimit: '',
    timeInterval: '',
    tpOrdPx,
    tpTriggerPx,
    tpTriggerPxType: tpTriggerPx === '' ? '' : 'last',
    triggerPx,
    triggerPxType: triggerPx === '' ? '' : 'last',
    triggerTime: placed === undefined ? '' : String(order.updatedAtMs),
  };
}
