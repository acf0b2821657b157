import { expect } from 'chai';
import { okx } from '#src/exchange/profiles/okx.js';
import { accountBehind, type Harness, NOW_MS } from '../readers/account-harness.js';
import { answering } from '../readers/answering.js';
import { balances, open, positions, type Read, recent } from './readings.js';

const DAY_AGO = String(NOW_MS - 24 * 60 * 60 * 1000);
const API = '/api/v5';

type Query = Record<string, string | undefined>;

const INSTRUMENT_TYPES = ['SPOT', 'MARGIN', 'SWAP', 'FUTURES', 'OPTION'];
// biome-ignore format: a list
const ALGO_TYPES = [
  'conditional', 'oco', 'trigger', 'move_order_stop', 'chase', 'iceberg', 'twap', 'smart_iceberg',
];

/** All that is sent, by okx's documentation: what is not listed is not sent. */
const REQUESTS: [string, Read, string, Query][] = [
  ['wallet=TRADING', balances('wallet=TRADING'), `${API}/account/balance`, {}],
  ['wallet=FUNDING', balances('wallet=FUNDING'), `${API}/asset/balances`, {}],
  ['all', positions('all'), `${API}/account/positions`, {}],
  ...INSTRUMENT_TYPES.map((instType): (typeof REQUESTS)[number] => [
    instType,
    open(instType),
    `${API}/trade/orders-pending`,
    { instType, limit: '100' },
  ]),
  ...ALGO_TYPES.map((ordType): (typeof REQUESTS)[number] => [
    `algo:${ordType}`,
    open(`algo:${ordType}`),
    `${API}/trade/orders-algo-pending`,
    { ordType, limit: '100' },
  ]),
  ...INSTRUMENT_TYPES.map((instType): (typeof REQUESTS)[number] => [
    `recent:${instType}`,
    recent(`recent:${instType}`),
    `${API}/trade/orders-history`,
    { instType, limit: '100', begin: DAY_AGO },
  ]),
];

const EMPTY = { code: '0', msg: '', data: [] };
/** The list of accounts always has one, which may hold nothing. */
const HOLDS_NOTHING = { ...EMPTY, data: [{ details: [] }] };

describe('the scopes of okx', () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await accountBehind(okx, [], [answering(`${API}/account/balance`, HOLDS_NOTHING), () => EMPTY]);
  });
  afterEach(() => harness.server.close());

  for (const [scope, read, path, query] of REQUESTS) {
    it(`${path} ${scope} asks for exactly its own rows, once`, async () => {
      await read(harness.account);
      const { requests } = harness.server;
      expect(requests.map((request) => request.path)).deep.equal([path]);
      expect(Object.fromEntries(requests[0]?.query ?? [])).deep.equal(query);
    });
  }

  it('are all of them asked for above', () => {
    const { balances, positions, openOrders, recentOrders } = okx;
    expect(REQUESTS).length([balances, positions, openOrders, recentOrders].flat().length);
  });

  it('name the passphrase with every signed request', async () => {
    await balances('wallet=TRADING')(harness.account);
    expect(harness.server.requests[0]?.headers).includes({
      'ok-access-key': 'key',
      'ok-access-passphrase': 'password',
    });
  });
});
