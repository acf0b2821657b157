import { expect } from 'chai';
import type { TradeRecord } from '#src/domain/history-records.js';
import type { TimeRange } from '#src/domain/time-range.js';
import { binance } from '#src/exchange/profiles/binance.js';
import { BINANCE_HISTORIES } from '#src/exchange/profiles/binance-histories.js';
import type { Route, SeenRequest } from '../../support/exchange-server.js';
import { accountBehind, type Harness, NOW_MS } from '../account-harness.js';
import { answering } from '../answering.js';
import { spotMarket, swapMarket } from '../passing-session.js';
import { recorded } from '../recorded.js';
import { pagesOf } from './pages-of.js';

const PROFILE = { ...binance, ...BINANCE_HISTORIES };
const SPOT = '/api/v3/myTrades';
const USD_M = '/fapi/v1/userTrades';
const DAY = 24 * 60 * 60_000;
const MARKETS = [
  spotMarket('BTCUSDT', 'BTC', 'USDT'),
  spotMarket('BNBBTC', 'BNB', 'BTC'),
  swapMarket('BTCUSDT', 'BTC', 'USDT'),
];

const fill = (id: number, time: number, fields: object = {}) => ({
  symbol: 'BTCUSDT',
  id,
  orderId: 1000 + id,
  price: '100.10000000',
  qty: '0.00000011',
  quoteQty: '0.00001101',
  commission: '0.00000001',
  commissionAsset: 'BNB',
  time,
  isBuyer: true,
  isMaker: false,
  isBestMatch: true,
  ...fields,
});

/** What binance answers of these fills, by its documentation: ascending, 1000 at most, a day or an id. */
function listing(fills: readonly { id: number; time: number }[], path = SPOT, longest = DAY): Route {
  return ({ path: asked, query }) => {
    if (asked !== path) return undefined;
    const [from, to, id] = ['startTime', 'endTime', 'fromId'].map((name) => query.get(name));
    if (id != null && (from != null || to != null)) return { code: -1128, msg: 'Combination not supported' };
    if (from != null && to != null && Number(to) - Number(from) > longest) {
      return { code: -1127, msg: 'More than 24 hours between startTime and endTime.' };
    }
    return fills
      .filter((each) => (id != null ? each.id >= Number(id) : true))
      .filter(({ time }) => time >= Number(from ?? 0) && time <= Number(to ?? NOW_MS))
      .slice(0, Number(query.get('limit')));
  };
}

const numbersOf = (records: readonly TradeRecord[]) =>
  records.map(({ tradeId }) => Number(tradeId)).sort((a, b) => a - b);

describe('fills of binance', () => {
  let harness: Harness;
  afterEach(() => harness?.server.close());

  async function read(scope: string, range: TimeRange, ...routes: Route[]) {
    harness = await accountBehind(PROFILE, MARKETS, routes);
    const symbol = scope === 'spot' ? 'BTC/USDT' : 'BTC/USDT:USDT';
    return pagesOf(harness.account, 'trades', { scope, symbol, range });
  }
  const asked = () => harness.server.requests.map(({ query }: SeenRequest) => query);

  it('are what binance sent', async function () {
    const body = recorded<{ time: number }[]>(this, 'wire/binance/spot/account_trades_response.json');
    harness = await accountBehind(PROFILE, MARKETS, [answering(SPOT, body)]);
    const time = body[0]?.time ?? 0;
    const range = { fromMs: time - 1000, toMs: time + 1000 };
    const request = { scope: 'spot', symbol: 'BNB/BTC', range };
    const { records, rejected, covered } = await pagesOf(harness.account, 'trades', request);
    expect(rejected).deep.equal([]);
    expect(covered).deep.equal([range]);
    expect(records).deep.equal([
      {
        symbol: 'BNB/BTC',
        tradeId: '28457',
        side: 'buy',
        orderId: '100234',
        kind: 'trade',
        flow: 'exchange',
        base: 'BNB',
        quote: 'BTC',
        settleCurrency: undefined,
        price: '4.00000100',
        amount: '12.00000000',
        cost: '48.000012',
        realizedPnl: undefined,
        feeCost: '10.10000000',
        feeCurrency: 'BNB',
        role: 'taker',
        timestampMs: time,
      },
    ]);
  });

  it('cost what binance booked, not the product of price and amount', async () => {
    const range = { fromMs: NOW_MS - DAY, toMs: NOW_MS };
    const { records } = await read('spot', range, listing([fill(7, NOW_MS - 1000)]));
    expect(records).deep.equal([
      {
        symbol: 'BTC/USDT',
        tradeId: '7',
        side: 'buy',
        orderId: '1007',
        kind: 'trade',
        flow: 'exchange',
        base: 'BTC',
        quote: 'USDT',
        settleCurrency: undefined,
        price: '100.10000000',
        amount: '0.00000011',
        cost: '0.00001101',
        realizedPnl: undefined,
        feeCost: '0.00000001',
        feeCurrency: 'BNB',
        role: 'taker',
        timestampMs: NOW_MS - 1000,
      },
    ]);
  });

  it('are asked for by days where the range is short, with both ends inside of it', async () => {
    const range = { fromMs: NOW_MS - 3 * DAY, toMs: NOW_MS };
    const fills = [fill(1, range.fromMs - 1), fill(2, range.fromMs), fill(3, NOW_MS - 1), fill(4, NOW_MS)];
    const { records, covered } = await read('spot', range, listing(fills));
    expect(records.map(({ tradeId }) => tradeId)).deep.equal(['3', '2']);
    expect(covered).deep.equal([range]);
    expect(asked().map((query) => Number(query.get('endTime')) - Number(query.get('startTime')))).deep.equal([
      DAY - 1,
      DAY - 1,
      DAY - 1,
    ]);
    expect(asked()[0]?.get('symbol')).equal('BTCUSDT');
  });

  it('go on by id behind a full page, also when a millisecond is on both sides of its end', async () => {
    const range = { fromMs: NOW_MS - DAY, toMs: NOW_MS };
    const fills = Array.from({ length: 2500 }, (_, index) => fill(index + 1, range.fromMs + (index >> 3)));
    const { records, covered, pages } = await read('spot', range, listing(fills));
    expect(numbersOf(records)).deep.equal(fills.map(({ id }) => id));
    expect(covered).deep.equal([range]);
    expect(pages.length).equal(3);
    expect(asked().map((query) => query.get('fromId'))).deep.equal([null, '1000', '1999']);
  });

  it('of years are read by id from the first one on, after the newest day', async () => {
    const range = { fromMs: NOW_MS - 1000 * DAY, toMs: NOW_MS };
    const fills = Array.from({ length: 2500 }, (_, index) =>
      fill(index + 1, range.fromMs + 20 * DAY + Math.floor(index * 0.392 * DAY)),
    );
    const { records, covered, pages } = await read('spot', range, listing(fills));
    expect(numbersOf(records)).deep.equal(fills.map(({ id }) => id));
    expect(covered).deep.equal([range]);
    const ofLastDay = fills.filter(({ time }) => time >= NOW_MS - DAY).map(({ id }) => id);
    expect(numbersOf(pages[0]?.records ?? []))
      .deep.equal(ofLastDay)
      .with.length(2);
    expect(asked().map((query) => query.get('fromId'))).deep.equal([null, null, '0', '1000', '1999']);
  });

  it('of years go on where a walk was broken off', async () => {
    const fills = Array.from({ length: 2500 }, (_, index) =>
      fill(index + 1, NOW_MS - (900 - index / 5) * DAY),
    );
    const fromMs = fills[1800]?.time ?? 0;
    const { records, covered } = await read('spot', { fromMs, toMs: NOW_MS - DAY }, listing(fills));
    expect(numbersOf(records)).deep.equal(fills.slice(1800).map(({ id }) => id));
    expect(covered).deep.equal([{ fromMs, toMs: NOW_MS - DAY }]);
    expect(asked().map((query) => query.get('fromId'))).deep.equal([null, null, '1805']);
  });

  it('of contracts come in windows of a week, and change nothing by themselves', async () => {
    const range = { fromMs: NOW_MS - 10 * DAY, toMs: NOW_MS };
    const { isBuyer, isMaker, isBestMatch, ...common } = fill(9, NOW_MS - 9 * DAY);
    const fills = [{ ...common, side: 'SELL', maker: true, realizedPnl: '-0.5', commissionAsset: 'USDT' }];
    const { records, covered } = await read('USD-M', range, listing(fills, USD_M, 7 * DAY));
    expect(records.length).equal(1);
    expect(records[0]).include({ symbol: 'BTC/USDT:USDT', flow: 'none', side: 'sell', role: 'maker' });
    expect(records[0]?.realizedPnl).equal(undefined);
    expect(covered).deep.equal([range]);
    expect(asked().length).equal(2);
  });
});
