import { expect } from 'chai';
import type { AccountClient } from '#src/exchange/exchange-client.js';
import { bybit } from '#src/exchange/profiles/bybit.js';
import type { Route } from '../../support/exchange-server.js';
import { accountBehind, type Harness, NOW_MS } from '../account-harness.js';
import { answering } from '../answering.js';
import { spotMarket, swapMarket } from '../passing-session.js';
import { recorded } from '../recorded.js';
import { pagesOf } from './pages-of.js';

const LIST = '/v5/execution/list';
const DAY = 24 * 60 * 60_000;
const MARKETS = [
  spotMarket('BTCUSDT', 'BTC', 'USDT'),
  swapMarket('BTCUSDT', 'BTC', 'USDT'),
  swapMarket('ETHUSDT', 'ETH', 'USDT'),
];
const RANGE = { fromMs: NOW_MS - DAY, toMs: NOW_MS };

const fill = (execId: string, agoMs: number, fields: object = {}) => ({
  symbol: 'BTCUSDT',
  orderId: 'order',
  side: 'Buy',
  execFee: '0.001',
  feeCurrency: 'BTC',
  execId,
  execPrice: '100',
  execQty: '2',
  execType: 'Trade',
  execValue: '200',
  execTime: String(NOW_MS - agoMs),
  isMaker: true,
  ...fields,
});
const page = (list: object[], nextPageCursor = '') => ({ retCode: 0, result: { list, nextPageCursor } });

describe('fills of bybit', () => {
  let harness: Harness;
  afterEach(() => harness?.server.close());

  async function account(...routes: Route[]): Promise<AccountClient> {
    harness = await accountBehind(bybit, MARKETS, routes);
    return harness.account;
  }
  async function read(scope: string, range: { fromMs: number; toMs: number }, ...routes: Route[]) {
    return pagesOf(await account(...routes), 'trades', { scope, range });
  }
  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => 'it was read',
      (error) => `${error.code}: ${error.message}`,
    );

  it('are what bybit sent', async function () {
    const body = recorded<{ result: { list: Record<string, string>[] } }>(
      this,
      'wire/bybit/http_get_executions.json',
    );
    body.result.list.reverse();
    const hasCursor: Route = ({ query }) => (query.get('cursor') === null ? undefined : page([]));
    const range = { fromMs: 1_672_282_000_000, toMs: 1_672_283_000_000 };
    const { records, rejected, covered } = await read('linear', range, hasCursor, answering(LIST, body));
    expect(rejected).deep.equal([]);
    expect(covered).deep.equal([range]);
    expect(records[1]).deep.equal({
      symbol: 'BTC/USDT:USDT',
      tradeId: 'e0cbe81d-0f18-5866-9415-cf319b5dab3b',
      side: 'buy',
      orderId: '8c065341-7b52-4ca9-ac2c-37e31ac55c94',
      kind: 'trade',
      flow: 'none',
      base: 'BTC',
      quote: 'USDT',
      settleCurrency: 'USDT',
      price: '50000.00',
      amount: '0.100',
      cost: '5000.00',
      realizedPnl: undefined,
      feeCost: '0.0150',
      feeCurrency: 'USDT',
      role: 'maker',
      timestampMs: 1_672_282_722_429,
    });
    expect(records[0]).include({ symbol: 'ETH/USDT:USDT', side: 'sell', role: 'taker' });
  });

  it('are asked for in windows of seven days with both ends, the newest first', async () => {
    const range = { fromMs: NOW_MS - 15 * DAY, toMs: NOW_MS };
    const { pages, covered } = await read('spot', range, answering(LIST, page([])));
    expect(pages.map((each) => each.covered)).deep.equal([
      [{ fromMs: NOW_MS - 7 * DAY, toMs: NOW_MS }],
      [{ fromMs: NOW_MS - 14 * DAY, toMs: NOW_MS - 7 * DAY }],
      [{ fromMs: NOW_MS - 15 * DAY, toMs: NOW_MS - 14 * DAY }],
    ]);
    expect(covered).deep.equal([range]);
    const asked = harness.server.requests.map(({ query }) => [query.get('startTime'), query.get('endTime')]);
    expect(asked).deep.equal([
      [String(NOW_MS - 7 * DAY), String(NOW_MS - 1)],
      [String(NOW_MS - 14 * DAY), String(NOW_MS - 7 * DAY - 1)],
      [String(NOW_MS - 15 * DAY), String(NOW_MS - 14 * DAY - 1)],
    ]);
    expect(harness.server.requests[0]?.query.get('execType')).equal(null);
  });

  it('are followed page by page, and a page proves all but the millisecond at its end', async () => {
    const { pages, records } = await read(
      'spot',
      RANGE,
      answering(LIST, page([fill('d', 30), fill('e', 40)]), { cursor: 'second' }),
      answering(LIST, page([fill('a', 10), fill('b', 20), fill('c', 30)], 'second')),
    );
    expect(records.map(({ tradeId }) => tradeId)).deep.equal(['a', 'b', 'c', 'd', 'e']);
    expect(pages.map(({ covered }) => covered)).deep.equal([
      [{ fromMs: NOW_MS - 29, toMs: NOW_MS }],
      [{ fromMs: RANGE.fromMs, toMs: NOW_MS - 29 }],
    ]);
  });

  it('go on behind a page that is short or empty as long as a cursor says so', async () => {
    const { records } = await read(
      'spot',
      RANGE,
      answering(LIST, page([fill('z', 50)]), { cursor: 'third' }),
      answering(LIST, page([], 'third'), { cursor: 'second' }),
      answering(LIST, page([fill('a', 10)], 'second')),
    );
    expect(records.map(({ tradeId }) => tradeId)).deep.equal(['a', 'z']);
  });

  it('are of the contract, not of the coin of the same name', async () => {
    const { records } = await read('linear', RANGE, answering(LIST, page([fill('a', 10)])));
    expect(records[0]).include({ symbol: 'BTC/USDT:USDT', flow: 'none' });
  });

  it('count from themselves where coins are traded, with a fee in a third coin', async () => {
    const fee = fill('a', 10, { feeCurrency: 'MNT', execFee: '-0.5' });
    const { records } = await read('spot', RANGE, answering(LIST, page([fee])));
    expect(records[0]).include({ flow: 'exchange', cost: '200', feeCurrency: 'MNT', feeCost: '-0.5' });
  });

  const expired: Readonly<Record<string, readonly [string, string]>> = {
    'BTCUSDT-29DEC23': ['linear', 'BTC/USDT:USDT-231229'],
    'ETH-1MAR24': ['linear', 'ETH/USDC:USDC-240301'],
    BTCUSDH24: ['inverse', 'BTC/USD:BTC-240329'],
    ETHUSDZ24: ['inverse', 'ETH/USD:ETH-241227'],
    'BTC-29DEC23-42000-C': ['option', 'BTC/USDC:USDC-231229-42000-C'],
  };
  for (const [symbol, [scope, unified]] of Object.entries(expired)) {
    it(`are kept where their contract ${symbol} has expired, and is on no list of markets any more`, async () => {
      const { records, rejected } = await read(
        scope,
        RANGE,
        answering(LIST, page([fill('a', 10, { symbol })])),
      );
      expect(rejected).deep.equal([]);
      expect(records[0]).include({ symbol: unified, base: unified.slice(0, 3) });
    });
  }

  it('are kept where their pair is traded no more, and its two coins are beyond doubt', async () => {
    const bought = fill('a', 10, { symbol: 'GONEUSDT', feeCurrency: 'GONE' });
    const sold = fill('b', 20, { symbol: 'GONEUSDT', feeCurrency: 'USDT', side: 'Sell' });
    // A pair of the same name as a contract that is still traded.
    const likeContract = fill('c', 30, { symbol: 'ETHUSDT', feeCurrency: 'ETH' });
    const { records, rejected, covered } = await read(
      'spot',
      RANGE,
      answering(LIST, page([bought, sold, likeContract])),
    );
    expect(rejected).deep.equal([]);
    expect(records.map(({ symbol, feeCurrency }) => [symbol, feeCurrency])).deep.equal([
      ['GONE/USDT', 'GONE'],
      ['GONE/USDT', 'USDT'],
      ['ETH/USDT', 'ETH'],
    ]);
    expect(records[0]).include({ base: 'GONE', quote: 'USDT', flow: 'exchange', amount: '2', cost: '200' });
    expect(covered).deep.equal([RANGE]);
  });

  const doubtful: Readonly<Record<string, object>> = {
    'the fee is in a third coin': { symbol: 'GONEUSDT', feeCurrency: 'MNT' },
    'nothing says in what the fee is': { symbol: 'GONEUSDT', feeCurrency: '' },
    'nothing is traded for what its id ends with': { symbol: 'GONEBIT', feeCurrency: 'GONE' },
    'its id ends with two that others are traded for': { symbol: 'GONEWETH', feeCurrency: 'ETH' },
    'its id is a currency': { symbol: 'USDT', feeCurrency: 'USDT' },
  };
  for (const [doubt, fields] of Object.entries(doubtful)) {
    it(`are set aside where their pair is traded no more and ${doubt}`, async () => {
      const markets = [...MARKETS, spotMarket('BTCETH', 'BTC', 'ETH'), spotMarket('BTCWETH', 'BTC', 'WETH')];
      harness = await accountBehind(bybit, markets, [answering(LIST, page([fill('a', 10, fields)]))]);
      const { records, rejected } = await pagesOf(harness.account, 'trades', { scope: 'spot', range: RANGE });
      expect(records).deep.equal([]);
      expect(rejected[0]?.row).not.include('/');
      expect(rejected[0]?.reason).match(/its market is not known/);
    });
  }

  it('are set aside where nothing says of which coins their market was', async () => {
    const { records, rejected } = await read(
      'linear',
      RANGE,
      answering(LIST, page([fill('a', 10, { symbol: 'GONEUSDT' })])),
    );
    expect(records).deep.equal([]);
    expect(rejected[0]?.reason).match(/its market is not known/);
  });

  it('are of every kind, without funding', async () => {
    const kinds = ['Trade', 'AdlTrade', 'BustTrade', 'Settle', 'Delivery', 'Funding'];
    const list = kinds.map((execType, index) => fill(execType, 10 + index, { execType }));
    const { records, covered } = await read('linear', RANGE, answering(LIST, page(list)));
    expect(records.map(({ kind }) => kind)).deep.equal([
      'trade',
      'adl',
      'liquidation',
      'settlement',
      'settlement',
    ]);
    expect(covered).deep.equal([RANGE]);
  });

  it('fail when a cursor names a page that was read, or a page comes twice', async () => {
    let served = 0;
    const round: Route = () => page([fill(String(++served), served)], served % 2 === 0 ? 'a' : 'b');
    expect(await failure(read('spot', RANGE, round))).match(/^EXCHANGE_BAD_RESPONSE: .* was read already/);
    await harness.server.close();
    let cursor = 0;
    const same: Route = () => page([fill('a', 10)], `cursor ${++cursor}`);
    expect(await failure(read('spot', RANGE, same))).match(/^EXCHANGE_BAD_RESPONSE: .* repeats the page/);
  });

  it('that are not in the order of time are given all the same, and known with the last page', async () => {
    const { pages, records } = await read(
      'spot',
      RANGE,
      answering(LIST, page([fill('d', 5), fill('e', 40)]), { cursor: 'third' }),
      answering(LIST, page([fill('b', 10), fill('c', 30, { execQty: '0' })], 'third'), { cursor: 'second' }),
      answering(LIST, page([fill('a', 20)], 'second')),
    );
    expect(records.map(({ tradeId }) => tradeId)).deep.equal(['a', 'b', 'd', 'e']);
    expect(pages.map(({ covered }) => covered)).deep.equal([
      [{ fromMs: NOW_MS - 19, toMs: NOW_MS }],
      [],
      [
        { fromMs: RANGE.fromMs, toMs: NOW_MS - 30 },
        { fromMs: NOW_MS - 29, toMs: NOW_MS - 19 },
      ],
    ]);
  });

  it('that are not in the order of time prove nothing more where one has no time', async () => {
    const { covered } = await read(
      'spot',
      RANGE,
      answering(LIST, page([fill('d', 5)]), { cursor: 'third' }),
      answering(LIST, page([fill('b', 10), fill('c', 0, { execTime: '' })], 'third'), { cursor: 'second' }),
      answering(LIST, page([fill('a', 20)], 'second')),
    );
    expect(covered).deep.equal([{ fromMs: NOW_MS - 19, toMs: NOW_MS }]);
  });
});
