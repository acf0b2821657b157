import { accountInfo, coinInfo, keyInformation } from './bybit-account.js';
import { accountCoinsBalance, walletBalance } from './bybit-balances.js';
import type { BybitEndpoint } from './bybit-endpoint.js';
import { executionList } from './bybit-executions.js';
import { fundingAccountHistory } from './bybit-funding-account.js';
import { instrumentsInfo } from './bybit-instruments.js';
import { klines } from './bybit-klines.js';
import { orderHistory, realtimeOrders } from './bybit-order-lists.js';
import { positionList } from './bybit-positions.js';
import { serverTime, tickers } from './bybit-tickers.js';
import { borrowHistory, transactionLog } from './bybit-transaction-log.js';
import {
  depositRecords,
  internalDepositRecords,
  internalTransfers,
  universalTransfers,
  withdrawalRecords,
} from './bybit-transfers.js';

/** Every path that is served. Rates: docs, v5 "Rate Limit Rules", for unified accounts. */
export const BYBIT_ENDPOINTS: Readonly<Record<string, BybitEndpoint>> = {
  'GET /v5/market/time': { access: 'public', serve: serverTime },
  'GET /v5/market/instruments-info': { access: 'public', serve: instrumentsInfo },
  'GET /v5/market/tickers': { access: 'public', serve: tickers },
  'GET /v5/market/kline': { access: 'public', serve: klines },
  'GET /v5/user/query-api': { access: 'private', perSecond: 10, serve: keyInformation },
  'GET /v5/account/info': { access: 'private', perSecond: 50, serve: accountInfo },
  'GET /v5/account/wallet-balance': { access: 'private', perSecond: 50, serve: walletBalance },
  'GET /v5/position/list': {
    access: 'private',
    permission: 'derivatives',
    perSecond: 50,
    serve: positionList,
  },
  'GET /v5/order/realtime': { access: 'private', perSecond: 50, serve: realtimeOrders },
  'GET /v5/order/history': { access: 'private', perSecond: 50, serve: orderHistory },
  'GET /v5/execution/list': { access: 'private', perSecond: 50, serve: executionList },
  'GET /v5/account/borrow-history': { access: 'private', perSecond: 50, serve: borrowHistory },
  'GET /v5/account/transaction-log': { access: 'private', perSecond: 30, serve: transactionLog },
  'GET /v5/asset/deposit/query-record': {
    access: 'private',
    permission: 'wallet',
    perSecond: 5,
    serve: depositRecords,
  },
  'GET /v5/asset/deposit/query-internal-record': {
    access: 'private',
    permission: 'wallet',
    perSecond: 5,
    serve: internalDepositRecords,
  },
  'GET /v5/asset/fundinghistory': {
    access: 'private',
    permission: 'wallet',
    perSecond: 5,
    serve: fundingAccountHistory,
  },
  'GET /v5/asset/withdraw/query-record': {
    access: 'private',
    permission: 'wallet',
    perSecond: 5,
    serve: withdrawalRecords,
  },
  'GET /v5/asset/transfer/query-inter-transfer-list': {
    access: 'private',
    permission: 'wallet',
    perSecond: 1,
    serve: internalTransfers,
  },
  'GET /v5/asset/transfer/query-universal-transfer-list': {
    access: 'private',
    permission: 'wallet',
    perSecond: 2,
    serve: universalTransfers,
  },
  'GET /v5/asset/coin/query-info': { access: 'private', permission: 'wallet', perSecond: 5, serve: coinInfo },
  'GET /v5/asset/transfer/query-account-coins-balance': {
    access: 'private',
    permission: 'wallet',
    perSecond: 5,
    serve: accountCoinsBalance,
  },
};
