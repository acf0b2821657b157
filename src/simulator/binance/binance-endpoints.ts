import type { BinanceEndpoint, PrivateContext, PublicContext, Weight } from './binance-endpoint.js';
import { inverseExchangeInfo, linearExchangeInfo, spotExchangeInfo } from './binance-exchange-info.js';
import { futuresAccount, futuresBalance } from './binance-futures-account.js';
import { inverseIncome, linearIncome } from './binance-income.js';
import { klines } from './binance-klines.js';
import {
  ALGO_ORDERS,
  allOrders,
  FUTURES_ORDERS,
  oneOrder,
  openOrders,
  SPOT_ORDERS,
} from './binance-order-lists.js';
import { algoOrderRow, futuresOrderRow, spotOrderRow } from './binance-order-rows.js';
import {
  inversePositionRisk,
  leverageBrackets,
  positionRiskV2,
  positionRiskV3,
  symbolConfiguration,
} from './binance-positions.js';
import {
  bookTicker,
  dayTicker,
  ping,
  premiumIndex,
  priceTicker,
  serverTime,
  tickerLists,
} from './binance-tickers.js';
import { inverseTrades, linearTrades, spotTrades } from './binance-trades.js';
import {
  assetDividends,
  conversions,
  depositHistory,
  dustLog,
  universalTransfers,
  withdrawalHistory,
} from './binance-transfers.js';
import { coinConfigurations, fundingAssets, marginPairs, spotAccount } from './binance-wallets.js';

function open(weight: Weight, serve: (context: PublicContext) => unknown): BinanceEndpoint {
  return { access: 'public', weight, serve };
}

function spot(weight: Weight, serve: (context: PrivateContext) => unknown): BinanceEndpoint {
  return { access: 'private', weight, serve };
}

function futures(weight: Weight, serve: (context: PrivateContext) => unknown): BinanceEndpoint {
  return { access: 'private', permission: 'derivatives', weight, serve };
}

function wallet(weight: Weight, serve: (context: PrivateContext) => unknown): BinanceEndpoint {
  return { access: 'private', permission: 'wallet', weight, serve };
}

const spotOrders = { ...SPOT_ORDERS, row: spotOrderRow };
const linearOrders = { ...FUTURES_ORDERS, kind: 'linear', row: futuresOrderRow } as const;
const linearAlgoOrders = { ...ALGO_ORDERS, kind: 'linear', row: algoOrderRow } as const;
const inverseOrders = {
  ...FUTURES_ORDERS,
  kind: 'inverse',
  row: futuresOrderRow,
  limit: { standard: 50, most: 100 },
} as const;
const inverseAlgoOrders = { ...ALGO_ORDERS, kind: 'inverse', row: algoOrderRow } as const;

const BY_ORDER_ID = { id: 'orderId', clientId: 'origClientOrderId' };
const BY_ALGO_ID = { id: 'algoId', clientId: 'clientAlgoId' };

/** Every path that is served. Weights: docs of each endpoint. */
export const BINANCE_ENDPOINTS: Readonly<Record<string, BinanceEndpoint>> = {
  'GET /api/v3/ping': open(1, ping),
  'GET /api/v3/time': open(1, serverTime),
  'GET /api/v3/exchangeInfo': open(20, spotExchangeInfo),
  'GET /api/v3/klines': open(2, klines),
  'GET /api/v3/ticker/24hr': open({ one: 2, all: 80 }, tickerLists('spot', dayTicker)),
  'GET /api/v3/ticker/price': open({ one: 2, all: 4 }, tickerLists('spot', priceTicker)),
  'GET /api/v3/ticker/bookTicker': open({ one: 2, all: 4 }, tickerLists('spot', bookTicker)),
  'GET /api/v3/account': spot(20, spotAccount),
  'GET /api/v3/openOrders': spot({ one: 6, all: 80 }, openOrders(spotOrders)),
  'GET /api/v3/allOrders': spot(20, allOrders(spotOrders)),
  'GET /api/v3/order': spot(4, oneOrder(spotOrders, BY_ORDER_ID)),
  'GET /api/v3/myTrades': spot(20, spotTrades),

  'POST /sapi/v1/asset/get-funding-asset': wallet(1, fundingAssets),
  'GET /sapi/v1/capital/config/getall': spot(10, coinConfigurations),
  'GET /sapi/v1/capital/deposit/hisrec': spot(1, depositHistory),
  'GET /sapi/v1/capital/withdraw/history': spot({ uid: 18_000 }, withdrawalHistory),
  'GET /sapi/v1/asset/transfer': spot(1, universalTransfers),
  'GET /sapi/v1/asset/dribblet': spot(1, dustLog),
  'GET /sapi/v1/asset/assetDividend': spot(10, assetDividends),
  'GET /sapi/v1/convert/tradeFlow': spot({ uid: 3000 }, conversions),
  'GET /sapi/v1/margin/allPairs': spot(1, marginPairs),
  'GET /sapi/v1/margin/isolated/allPairs': spot(10, marginPairs),

  'GET /fapi/v1/ping': open(1, ping),
  'GET /fapi/v1/time': open(1, serverTime),
  'GET /fapi/v1/exchangeInfo': open(1, linearExchangeInfo),
  'GET /fapi/v1/ticker/24hr': open({ one: 1, all: 40 }, tickerLists('linear', dayTicker)),
  'GET /fapi/v1/ticker/price': open({ one: 1, all: 2 }, tickerLists('linear', priceTicker)),
  'GET /fapi/v2/ticker/price': open({ one: 1, all: 2 }, tickerLists('linear', priceTicker)),
  'GET /fapi/v1/ticker/bookTicker': open({ one: 2, all: 5 }, tickerLists('linear', bookTicker)),
  'GET /fapi/v1/premiumIndex': open({ one: 1, all: 10 }, tickerLists('linear', premiumIndex)),
  'GET /fapi/v2/account': futures(5, futuresAccount('linear', { onlyHeld: false })),
  'GET /fapi/v3/account': futures(5, futuresAccount('linear', { onlyHeld: true })),
  'GET /fapi/v2/balance': futures(5, futuresBalance('linear')),
  'GET /fapi/v3/balance': futures(5, futuresBalance('linear')),
  'GET /fapi/v2/positionRisk': futures(5, positionRiskV2),
  'GET /fapi/v3/positionRisk': futures(5, positionRiskV3),
  'GET /fapi/v1/leverageBracket': futures(1, leverageBrackets('linear')),
  'GET /fapi/v1/symbolConfig': futures(5, symbolConfiguration),
  'GET /fapi/v1/openOrders': futures({ one: 1, all: 40 }, openOrders(linearOrders)),
  'GET /fapi/v1/allOrders': futures(5, allOrders(linearOrders)),
  'GET /fapi/v1/order': futures(1, oneOrder(linearOrders, BY_ORDER_ID)),
  'GET /fapi/v1/userTrades': futures(5, linearTrades),
  'GET /fapi/v1/income': futures(30, linearIncome),
  'GET /fapi/v1/openAlgoOrders': futures({ one: 1, all: 40 }, openOrders(linearAlgoOrders)),
  'GET /fapi/v1/allAlgoOrders': futures(5, allOrders(linearAlgoOrders)),
  'GET /fapi/v1/algoOrder': futures(1, oneOrder(linearAlgoOrders, BY_ALGO_ID)),

  'GET /dapi/v1/ping': open(1, ping),
  'GET /dapi/v1/time': open(1, serverTime),
  'GET /dapi/v1/exchangeInfo': open(1, inverseExchangeInfo),
  'GET /dapi/v1/ticker/24hr': open({ one: 1, all: 40 }, tickerLists('inverse', dayTicker)),
  'GET /dapi/v1/ticker/price': open({ one: 1, all: 2 }, tickerLists('inverse', priceTicker)),
  'GET /dapi/v1/ticker/bookTicker': open({ one: 2, all: 5 }, tickerLists('inverse', bookTicker)),
  'GET /dapi/v1/premiumIndex': open(10, tickerLists('inverse', premiumIndex)),
  'GET /dapi/v1/account': futures(5, futuresAccount('inverse', { onlyHeld: false })),
  'GET /dapi/v1/balance': futures(1, futuresBalance('inverse')),
  'GET /dapi/v1/positionRisk': futures(1, inversePositionRisk),
  'GET /dapi/v2/leverageBracket': futures(1, leverageBrackets('inverse')),
  'GET /dapi/v1/openOrders': futures({ one: 1, all: 40 }, openOrders(inverseOrders)),
  'GET /dapi/v1/allOrders': futures(20, allOrders(inverseOrders)),
  'GET /dapi/v1/order': futures(1, oneOrder(inverseOrders, BY_ORDER_ID)),
  'GET /dapi/v1/userTrades': futures(20, inverseTrades),
  'GET /dapi/v1/income': futures(20, inverseIncome),
  'GET /dapi/v1/openAlgoOrders': futures({ one: 1, all: 40 }, openOrders(inverseAlgoOrders)),
};
