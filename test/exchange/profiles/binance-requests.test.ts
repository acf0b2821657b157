import { expect } from 'chai';
import { binance } from '#src/exchange/profiles/binance.js';
import { accountBehind, type Harness, NOW_MS } from '../readers/account-harness.js';
import { readContext, spotMarket, swapMarket } from '../readers/passing-session.js';
import { balances, open, positions, type Read, recent } from './readings.js';

const MARKETS = [
  spotMarket('BTCUSDT', 'BTC', 'USDT'),
  swapMarket('BTCUSDT', 'BTC', 'USDT'),
  swapMarket('BTCUSD_PERP', 'BTC', 'USD', 'BTC'),
];
const STORED = ['BTC/USDT', 'BTC/USDT:USDT', 'BTC/USD:BTC'];
const DAY_AGO = String(NOW_MS - 24 * 60 * 60 * 1000);

/** Host, path and parameters of binance's documentation; `undefined` stands for "not sent". */
const REQUESTS: [string, Read, string, Record<string, string | undefined>][] = [
  ['wallet=MAIN', balances('wallet=MAIN'), 'GET api /api/v3/account', {}],
  ['wallet=FUNDING', balances('wallet=FUNDING'), 'POST api /sapi/v1/asset/get-funding-asset', {}],
  ['wallet=UMFUTURE', balances('wallet=UMFUTURE'), 'GET fapi /fapi/v3/account', {}],
  ['wallet=CMFUTURE', balances('wallet=CMFUTURE'), 'GET dapi /dapi/v1/account', {}],
  ['USD-M', positions('USD-M'), 'GET fapi /fapi/v3/positionRisk', {}],
  ['COIN-M', positions('COIN-M'), 'GET dapi /dapi/v1/positionRisk', {}],
  ['spot', open('spot'), 'GET api /api/v3/openOrders', { symbol: undefined }],
  ['USD-M', open('USD-M'), 'GET fapi /fapi/v1/openOrders', { symbol: undefined }],
  ['USD-M:conditional', open('USD-M:conditional'), 'GET fapi /fapi/v1/openAlgoOrders', { symbol: undefined }],
  ['COIN-M', open('COIN-M'), 'GET dapi /dapi/v1/openOrders', { symbol: undefined }],
  [
    'COIN-M:conditional',
    open('COIN-M:conditional'),
    'GET dapi /dapi/v1/openAlgoOrders',
    { symbol: undefined },
  ],
  ['recent spot', recent('recent:spot', STORED), 'GET api /api/v3/allOrders', recentOf('BTCUSDT', '1000')],
  [
    'recent USD-M',
    recent('recent:USD-M', STORED),
    'GET fapi /fapi/v1/allOrders',
    recentOf('BTCUSDT', '1000'),
  ],
  [
    'recent USD-M:conditional',
    recent('recent:USD-M:conditional', STORED),
    'GET fapi /fapi/v1/allAlgoOrders',
    recentOf('BTCUSDT', '1000'),
  ],
  [
    'recent COIN-M',
    recent('recent:COIN-M', STORED),
    'GET dapi /dapi/v1/allOrders',
    recentOf('BTCUSD_PERP', '100'),
  ],
];

function recentOf(symbol: string, limit: string): Record<string, string | undefined> {
  return { symbol, limit, startTime: DAY_AGO, type: undefined, subType: undefined, trigger: undefined };
}

describe('the scopes of binance', () => {
  let harness: Harness;
  beforeEach(async () => {
    const isObject = (path: string) => path.endsWith('/account');
    harness = await accountBehind(binance, MARKETS, [
      ({ path }) => (isObject(path) ? { balances: [], assets: [] } : []),
    ]);
  });
  afterEach(() => harness.server.close());

  for (const [scope, read, endpoint, query] of REQUESTS) {
    it(`${endpoint} ${scope} asks for exactly its own rows, once`, async () => {
      await read(harness.account);
      const { requests } = harness.server;
      const asked = requests.map(({ method, host, path }) => `${method} ${host.split('.')[0]} ${path}`);
      expect(asked).deep.equal([endpoint]);
      const sent = Object.fromEntries(
        Object.keys(query).map((name) => [name, requests[0]?.query.get(name) ?? undefined]),
      );
      expect(sent).deep.equal(query);
    });
  }

  it('are all of them asked for above', () => {
    const { balances, positions, openOrders, recentOrders } = binance;
    expect(REQUESTS).length([balances, positions, openOrders, recentOrders].flat().length);
  });

  it('do not ask for orders of a market that is gone, which must not fail every sync from then on', async () => {
    const read = await harness.account.readRecentOrders('recent:spot', ['OLD/USDT'], readContext());
    expect(read.rejected).deep.equal([]);
    expect(await harness.account.readOrder('spot', 'OLD/USDT', '1', readContext())).equal(undefined);
    expect(harness.server.requests).deep.equal([]);
  });
});
