import { expect } from 'chai';
import { bybit } from '#src/exchange/profiles/bybit.js';
import { accountBehind, type Harness, NOW_MS } from '../readers/account-harness.js';
import { answering } from '../readers/answering.js';
import { balances, open, positions, type Read, recent } from './readings.js';

const EMPTY = { retCode: 0, result: { list: [], balance: [], nextPageCursor: '' } };
/** The list of accounts always has one, which may hold nothing. */
const HOLDS_NOTHING = { retCode: 0, result: { list: [{ coin: [] }] } };
const DAY_AGO = String(NOW_MS - 24 * 60 * 60 * 1000);

/** What bybit's documentation asks for to read exactly this, `undefined` standing for "not sent". */
const REQUESTS: [string, Read, string, Record<string, string | undefined>][] = [
  ['wallet=UNIFIED', balances('wallet=UNIFIED'), '/v5/account/wallet-balance', { accountType: 'UNIFIED' }],
  [
    'wallet=FUND',
    balances('wallet=FUND'),
    '/v5/asset/transfer/query-account-coins-balance',
    { accountType: 'FUND' },
  ],
  ...products('/v5/position/list', positions, { limit: '200' }, [
    ['linear:USDT', { category: 'linear', settleCoin: 'USDT' }],
    ['linear:USDC', { category: 'linear', settleCoin: 'USDC' }],
    ['inverse', { category: 'inverse', settleCoin: undefined }],
    ['option', { category: 'option', settleCoin: undefined }],
  ]),
  ...products('/v5/order/realtime', open, { limit: '50' }, [
    ['spot', { category: 'spot', orderFilter: 'Order', settleCoin: undefined }],
    ['spot:conditional', { category: 'spot', orderFilter: undefined }],
    ['linear:USDT', { category: 'linear', settleCoin: 'USDT', orderFilter: 'Order' }],
    ['linear:USDT:conditional', { category: 'linear', settleCoin: 'USDT', orderFilter: 'StopOrder' }],
    ['linear:USDC', { category: 'linear', settleCoin: 'USDC', orderFilter: 'Order' }],
    ['linear:USDC:conditional', { category: 'linear', settleCoin: 'USDC', orderFilter: 'StopOrder' }],
    ['inverse', { category: 'inverse', settleCoin: undefined, orderFilter: 'Order' }],
    ['inverse:conditional', { category: 'inverse', settleCoin: undefined, orderFilter: 'StopOrder' }],
    ['option', { category: 'option', settleCoin: undefined, orderFilter: 'Order' }],
  ]),
  ...products('/v5/order/history', recent, { limit: '50', startTime: DAY_AGO, orderStatus: undefined }, [
    ['recent:spot', { category: 'spot', settleCoin: undefined }],
    ['recent:linear', { category: 'linear', settleCoin: undefined }],
    ['recent:inverse', { category: 'inverse' }],
    ['recent:option', { category: 'option' }],
  ]),
];

function products(
  path: string,
  read: (scope: string) => Read,
  always: Record<string, string | undefined>,
  rows: [string, Record<string, string | undefined>][],
): typeof REQUESTS {
  return rows.map(([scope, query]) => [scope, read(scope), path, { ...always, ...query }]);
}

describe('the scopes of bybit', () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await accountBehind(
      bybit,
      [],
      [answering('/v5/account/wallet-balance', HOLDS_NOTHING), () => EMPTY],
    );
  });
  afterEach(() => harness.server.close());

  for (const [scope, read, path, query] of REQUESTS) {
    it(`${path} ${scope} asks for exactly its own rows, once`, async () => {
      await read(harness.account);
      const { requests } = harness.server;
      expect(requests.map((request) => request.path)).deep.equal([path]);
      const sent = Object.fromEntries(
        Object.keys(query).map((name) => [name, requests[0]?.query.get(name) ?? undefined]),
      );
      expect(sent).deep.equal(query);
    });
  }

  it('are all of them asked for above', () => {
    const { balances, positions, openOrders, recentOrders } = bybit;
    expect(REQUESTS).length([balances, positions, openOrders, recentOrders].flat().length);
  });
});
