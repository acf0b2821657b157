import { expect } from 'chai';
import type { HistoryDataType } from '#src/domain/data-type.js';
import { binance } from '#src/exchange/profiles/binance.js';
import { okx } from '#src/exchange/profiles/okx.js';
import type { ExchangeProfile } from '#src/exchange/profiles/profile.js';
import { accountBehind, NOW_MS } from '../readers/account-harness.js';
import { pagesOf } from '../readers/history/pages-of.js';
import { spotMarket, swapMarket } from '../readers/passing-session.js';
import type { Route } from '../support/exchange-server.js';

const RANGE = { fromMs: NOW_MS - 3_600_000, toMs: NOW_MS };
const [FROM, TO] = [RANGE.fromMs, RANGE.toMs].map(String) as [string, string];
const [BEFORE, LAST] = [RANGE.fromMs - 1, RANGE.toMs - 1].map(String) as [string, string];

/** What signs a request. */
const SIGNED = ['timestamp', 'signature', 'recvWindow'];

interface Asked {
  readonly exchange: ExchangeProfile;
  readonly dataType: HistoryDataType;
  readonly scope: string;
  readonly symbol?: string;
  readonly path: string;
  /** All of it. */
  readonly query: Readonly<Record<string, string>>;
}

const within = { startTime: FROM, endTime: LAST };
const around = { startTime: BEFORE, endTime: TO };
const fills = (
  exchange: ExchangeProfile,
  scope: string,
  path: string,
  query: object,
  symbol?: string,
): Asked => ({
  exchange,
  dataType: 'trades',
  scope,
  path,
  query: { ...query },
  ...(symbol !== undefined && { symbol }),
});
const transfers = (exchange: ExchangeProfile, scope: string, path: string, query: object): Asked => ({
  exchange,
  dataType: 'transfers',
  scope,
  path,
  query: { ...query },
});
const ledger = (exchange: ExchangeProfile, scope: string, path: string, query: object): Asked => ({
  ...transfers(exchange, scope, path, query),
  dataType: 'ledger',
});

const BETWEEN = [
  'MAIN_FUNDING FUNDING_MAIN MAIN_UMFUTURE UMFUTURE_MAIN MAIN_CMFUTURE CMFUTURE_MAIN',
  'FUNDING_UMFUTURE UMFUTURE_FUNDING FUNDING_CMFUTURE CMFUTURE_FUNDING',
  'MAIN_MARGIN MARGIN_MAIN FUNDING_MARGIN MARGIN_FUNDING UMFUTURE_MARGIN MARGIN_UMFUTURE',
  'CMFUTURE_MARGIN MARGIN_CMFUTURE MAIN_OPTION OPTION_MAIN FUNDING_OPTION OPTION_FUNDING',
  'UMFUTURE_OPTION OPTION_UMFUTURE MAIN_PORTFOLIO_MARGIN PORTFOLIO_MARGIN_MAIN',
].flatMap((line) => line.split(' '));

const okxRange = { begin: BEFORE, end: TO, limit: '100' };
const okxTimes = { before: BEFORE, after: TO, limit: '100' };

/** Path and parameters of the documentation of each exchange. */
const REQUESTS: readonly Asked[] = [
  fills(binance, 'spot', '/api/v3/myTrades', { symbol: 'BTCUSDT', limit: '1000', ...within }, 'BTC/USDT'),
  fills(
    binance,
    'USD-M',
    '/fapi/v1/userTrades',
    { symbol: 'BTCUSDT', limit: '1000', ...within },
    'BTC/USDT:USDT',
  ),
  fills(
    binance,
    'COIN-M',
    '/dapi/v1/userTrades',
    { symbol: 'BTCUSD_PERP', limit: '1000', ...within },
    'BTC/USD:BTC',
  ),
  transfers(binance, 'deposits', '/sapi/v1/capital/deposit/hisrec', { limit: '1000', ...around }),
  transfers(binance, 'withdrawals', '/sapi/v1/capital/withdraw/history', { limit: '1000', ...around }),
  ...BETWEEN.map((type) =>
    transfers(binance, `internal:${type}`, '/sapi/v1/asset/transfer', { type, size: '100', ...within }),
  ),
  ledger(binance, 'wallet=UMFUTURE', '/fapi/v1/income', { limit: '1000', ...within }),
  ledger(binance, 'wallet=CMFUTURE', '/dapi/v1/income', { limit: '1000', ...within }),
  ledger(binance, 'distributions', '/sapi/v1/asset/assetDividend', { limit: '500', ...within }),
  ledger(binance, 'conversions', '/sapi/v1/convert/tradeFlow', { limit: '1000', ...within }),
  ledger(binance, 'small-balances', '/sapi/v1/asset/dribblet', within),
  ...['SPOT', 'MARGIN', 'SWAP', 'FUTURES', 'OPTION'].map((instType) =>
    fills(okx, instType, '/api/v5/trade/fills-history', { instType, ...okxRange }),
  ),
  transfers(okx, 'deposits', '/api/v5/asset/deposit-history', okxTimes),
  transfers(okx, 'withdrawals', '/api/v5/asset/withdrawal-history', okxTimes),
  transfers(okx, 'internal', '/api/v5/account/bills-archive', { type: '1', ...okxRange }),
  ledger(okx, 'wallet=TRADING', '/api/v5/account/bills-archive', okxRange),
  ledger(okx, 'wallet=FUNDING', '/api/v5/asset/bills-history', okxTimes),
];

const MARKETS = [
  spotMarket('BTCUSDT', 'BTC', 'USDT'),
  swapMarket('BTCUSDT', 'BTC', 'USDT'),
  swapMarket('BTCUSD_PERP', 'BTC', 'USD', 'BTC'),
];

/** Nothing happened. */
const nothing: Route = ({ path }) => {
  if (path.startsWith('/api/v5/')) return { code: '0', msg: '', data: [] };
  if (path.endsWith('/transfer')) return { total: 0 };
  if (path.endsWith('/assetDividend')) return { rows: [], total: 0 };
  if (path.endsWith('/tradeFlow')) return { list: [], moreData: false };
  if (path.endsWith('/dribblet')) return { total: 0, userAssetDribblets: [] };
  return [];
};

describe('requests of histories', () => {
  for (const { exchange, dataType, scope, symbol, path, query } of REQUESTS) {
    it(`of ${exchange.exchange}: ${dataType} ${scope} ask ${path} for exactly that, once`, async () => {
      const { server, account } = await accountBehind(exchange, MARKETS, [nothing]);
      try {
        const request = { scope, range: RANGE, ...(symbol !== undefined && { symbol }) };
        const { covered } = await pagesOf(account, dataType, request);
        expect(covered).deep.equal([RANGE]);
        expect(server.requests.map((sent) => sent.path)).deep.equal([path]);
        const sent = [...(server.requests[0]?.query ?? [])].filter(([name]) => !SIGNED.includes(name));
        expect(Object.fromEntries(sent)).deep.equal(query);
      } finally {
        await server.close();
      }
    });
  }

  it('are all of them checked above', () => {
    for (const exchange of [binance, okx]) {
      for (const dataType of ['trades', 'transfers', 'ledger'] as const) {
        const checked = REQUESTS.filter(
          (asked) => asked.exchange === exchange && asked.dataType === dataType,
        );
        expect(checked.map(({ scope }) => scope)).deep.equal(exchange[dataType].map(({ id }) => id));
      }
    }
  });
});
