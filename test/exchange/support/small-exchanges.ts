import type { Clock } from '#src/domain/clock.js';
import { at, type Route } from './exchange-server.js';

/** The routes of a bybit with one spot market and one coin in each wallet. */
export function bybitRoutes(clock: Clock, aheadMs = 0): Route[] {
  const ok = (result: object) => ({
    retCode: 0,
    retMsg: 'OK',
    result,
    retExtInfo: {},
    time: clock.now() + aheadMs,
  });
  return [
    at('/v5/market/time', () => {
      const nowMs = clock.now() + aheadMs;
      return ok({ timeSecond: String(Math.floor(nowMs / 1000)), timeNano: `${nowMs}000000` });
    }),
    at('/v5/market/instruments-info', ({ query }) =>
      ok({
        category: query.get('category'),
        list: query.get('category') === 'spot' ? [BYBIT_BTCUSDT] : [],
        nextPageCursor: '',
      }),
    ),
    at('/v5/account/wallet-balance', () => ok({ list: [{ accountType: 'UNIFIED', coin: [BYBIT_COIN] }] })),
    at('/v5/asset/transfer/query-account-coins-balance', () =>
      ok({
        memberId: '1',
        accountType: 'FUND',
        balance: [{ coin: 'USDT', walletBalance: '3', transferBalance: '3' }],
      }),
    ),
    at('/v5/order/realtime', () => ok({ category: 'spot', list: [], nextPageCursor: '' })),
  ];
}

const BYBIT_COIN = {
  coin: 'BTC',
  walletBalance: '1.5',
  equity: '1.5',
  locked: '0.5',
  borrowAmount: '0',
  spotBorrow: '0',
};

const BYBIT_BTCUSDT = {
  symbol: 'BTCUSDT',
  baseCoin: 'BTC',
  quoteCoin: 'USDT',
  innovation: '0',
  status: 'Trading',
  marginTrading: 'utaOnly',
  lotSizeFilter: {
    basePrecision: '0.000001',
    quotePrecision: '0.0000001',
    minOrderQty: '0.00001',
    maxOrderQty: '100',
    minOrderAmt: '5',
    maxOrderAmt: '1000000',
  },
  priceFilter: { tickSize: '0.01' },
};

/** The routes of a binance with one spot market and one USD-M contract. */
export function binanceRoutes(clock: Clock): Route[] {
  return [
    at('/api/v3/time', () => ({ serverTime: clock.now() })),
    at('/fapi/v1/time', () => ({ serverTime: clock.now() })),
    at('/api/v3/exchangeInfo', { symbols: [BINANCE_BTCUSDT] }),
    at('/fapi/v1/exchangeInfo', { symbols: [] }),
    at('/dapi/v1/exchangeInfo', { symbols: [] }),
    at('/api/v3/account', { balances: [{ asset: 'BTC', free: '1.0', locked: '0.5' }] }),
  ];
}

const BINANCE_BTCUSDT = {
  symbol: 'BTCUSDT',
  status: 'TRADING',
  baseAsset: 'BTC',
  quoteAsset: 'USDT',
  baseAssetPrecision: 8,
  quotePrecision: 8,
  quoteAssetPrecision: 8,
  orderTypes: ['LIMIT'],
  isSpotTradingAllowed: true,
  isMarginTradingAllowed: false,
  filters: [],
  permissions: [],
  permissionSets: [['SPOT']],
};
