import { accountBalance, fundingBalances } from './okx-balances.js';
import { archivedBills, assetBillHistory, assetBills, recentBills } from './okx-bills.js';
import { candles, historyCandles } from './okx-candles.js';
import type { OkxEndpoint, PrivateContext } from './okx-endpoint.js';
import { fillHistory, recentFills } from './okx-fills.js';
import {
  oneAlgoOrder,
  oneOrder,
  orderArchive,
  orderHistory,
  pendingAlgoOrders,
  pendingOrders,
} from './okx-order-lists.js';
import { positionList } from './okx-positions.js';
import { accountConfig, currencies, instruments, serverTime, tickers } from './okx-public.js';
import { depositHistory, withdrawalHistory } from './okx-transfers.js';

const ONE_SECOND = 1000;

/** Of the funding account; so many a second. */
function wallet(limit: number, serve: (context: PrivateContext) => readonly unknown[]): OkxEndpoint {
  return { access: 'private', permission: 'wallet', limit, windowMs: ONE_SECOND, serve };
}

/** Every path that is served. Limits: each endpoint's own "Rate Limit" in the documentation. */
export const OKX_ENDPOINTS: Readonly<Record<string, OkxEndpoint>> = {
  'GET /api/v5/public/time': { access: 'public', limit: 10, serve: serverTime },
  'GET /api/v5/public/instruments': { access: 'public', limit: 20, serve: instruments },
  'GET /api/v5/market/tickers': { access: 'public', limit: 20, serve: tickers },
  'GET /api/v5/market/candles': { access: 'public', limit: 40, serve: candles },
  'GET /api/v5/market/history-candles': { access: 'public', limit: 20, serve: historyCandles },
  'GET /api/v5/account/config': { access: 'private', limit: 5, serve: accountConfig },
  'GET /api/v5/account/balance': { access: 'private', limit: 10, serve: accountBalance },
  'GET /api/v5/account/positions': {
    access: 'private',
    permission: 'derivatives',
    limit: 10,
    serve: positionList,
  },
  'GET /api/v5/asset/balances': {
    access: 'private',
    permission: 'wallet',
    limit: 6,
    windowMs: ONE_SECOND,
    serve: fundingBalances,
  },
  'GET /api/v5/asset/currencies': {
    access: 'private',
    permission: 'wallet',
    limit: 6,
    windowMs: ONE_SECOND,
    serve: currencies,
  },
  'GET /api/v5/trade/order': { access: 'private', limit: 60, serve: oneOrder },
  'GET /api/v5/trade/orders-pending': { access: 'private', limit: 60, serve: pendingOrders },
  'GET /api/v5/trade/orders-history': { access: 'private', limit: 40, serve: orderHistory },
  'GET /api/v5/trade/orders-history-archive': { access: 'private', limit: 20, serve: orderArchive },
  'GET /api/v5/trade/order-algo': { access: 'private', limit: 20, serve: oneAlgoOrder },
  'GET /api/v5/trade/orders-algo-pending': { access: 'private', limit: 20, serve: pendingAlgoOrders },
  'GET /api/v5/trade/fills': { access: 'private', limit: 60, serve: recentFills },
  'GET /api/v5/trade/fills-history': { access: 'private', limit: 10, serve: fillHistory },
  'GET /api/v5/account/bills': { access: 'private', limit: 5, windowMs: ONE_SECOND, serve: recentBills },
  'GET /api/v5/account/bills-archive': { access: 'private', limit: 5, serve: archivedBills },
  'GET /api/v5/asset/bills': wallet(6, assetBills),
  'GET /api/v5/asset/bills-history': wallet(1, assetBillHistory),
  'GET /api/v5/asset/deposit-history': wallet(6, depositHistory),
  'GET /api/v5/asset/withdrawal-history': wallet(6, withdrawalHistory),
};
