import { expect } from 'chai';
import { bybit } from '#src/exchange/profiles/bybit.js';
import type { Route } from '../support/exchange-server.js';
import { accountBehind, type Harness, NOW_MS } from './account-harness.js';
import { answering } from './answering.js';
import { readContext, spotMarket, swapMarket } from './passing-session.js';
import { recorded } from './recorded.js';

const OPEN = '/v5/order/realtime';
const PAST = '/v5/order/history';
const MARKETS = [
  spotMarket('BTCUSDT', 'BTC', 'USDT'),
  swapMarket('BTCUSDT', 'BTC', 'USDT'),
  swapMarket('ETHUSDT', 'ETH', 'USDT'),
];

interface BybitOrder {
  orderId: string;
  orderStatus: string;
  price: string;
  qty: string;
  cumExecQty: string;
  leavesQty: string;
  triggerPrice: string;
}
interface OrderAnswer {
  result: { list: BybitOrder[] };
}

const order = (fields: object) => ({
  orderId: 'a',
  symbol: 'BTCUSDT',
  orderType: 'Limit',
  side: 'Buy',
  price: '100',
  qty: '3',
  cumExecQty: '0',
  leavesQty: '3',
  avgPrice: '',
  triggerPrice: '',
  orderStatus: 'New',
  createdTime: String(NOW_MS - 1000),
  updatedTime: String(NOW_MS - 1000),
  tpslMode: '',
  ...fields,
});
const page = (list: object[], nextPageCursor = '') => ({ retCode: 0, result: { list, nextPageCursor } });

describe('orders of bybit', () => {
  let harness: Harness;
  afterEach(() => harness?.server.close());

  async function account(...routes: Route[]) {
    harness = await accountBehind(bybit, MARKETS, routes);
    return harness.account;
  }
  async function readOpen(...routes: Route[]) {
    return (await account(...routes)).readOpenOrders('linear:USDT', readContext());
  }
  async function readRecent(...routes: Route[]) {
    return (await account(...routes)).readRecentOrders('recent:linear', [], readContext());
  }
  const failure = (read: Promise<unknown>) =>
    read.then(
      () => 'it was read',
      (error) => `${error.code}: ${error.message}`,
    );

  for (const file of ['http_get_orders_realtime.json', 'http_get_orders_realtime_tp_sl.json']) {
    it(`are what bybit sent in ${file}`, async function () {
      const body = recorded<OrderAnswer>(this, `wire/bybit/${file}`);
      const { records, rejected } = await readOpen(answering(OPEN, body));
      expect(rejected).deep.equal([]);
      expect(records).length(body.result.list.length);
      for (const sent of body.result.list) {
        const record = records.find(({ orderId }) => orderId === sent.orderId);
        expect(record?.rawStatus).equal(sent.orderStatus);
        expect([record?.amount, record?.filled, record?.remaining]).deep.equal([
          sent.qty,
          sent.cumExecQty,
          sent.leavesQty,
        ]);
        expect(record?.price ?? '0').equal(sent.price);
        expect(record?.triggerPrice ?? '0').equal(sent.triggerPrice);
      }
    });
  }

  it('that ended are read from both recorded histories', async function () {
    const body = recorded<OrderAnswer>(this, 'wire/bybit/http_get_orders_history.json');
    const { records } = await readRecent(answering(PAST, body));
    expect(records.map(({ orderId, status, rawStatus }) => [orderId, status, rawStatus])).deep.equal([
      ['abcdef123456', 'canceled', 'Cancelled'],
    ]);
    await harness.server.close();

    const recording = recorded<{ methods: { fetchClosedOrders: [{ httpResponse: object }] } }>(
      this,
      'ccxt-static/bybit.json',
    ).methods.fetchClosedOrders[0];
    const hasCursor: Route = ({ query }) => (query.get('cursor') === null ? undefined : page([]));
    const second = await readRecent(hasCursor, answering(PAST, recording.httpResponse));
    expect(second.pages).equal(2);
    expect(
      second.records.map(({ orderId, average, filled }) => [orderId.slice(0, 8), average, filled]),
    ).deep.equal([
      ['aee7453a', '123498', '0.001'],
      ['f5f2d355', '122529.9', '0.001'],
    ]);
  });

  it('that were filled in part and then cancelled are cancelled, not closed', async () => {
    const partly = order({ orderStatus: 'PartiallyFilledCanceled', cumExecQty: '1', leavesQty: '0' });
    const { records } = await readRecent(answering(PAST, page([partly])));
    expect(records[0]).include({
      status: 'canceled',
      rawStatus: 'PartiallyFilledCanceled',
      filled: '1',
      amount: '3',
    });
  });

  it('that were created long ago and ended today are not dropped', async () => {
    const old = order({ orderStatus: 'Cancelled', createdTime: '1700000000000' });
    const { records } = await readRecent(answering(PAST, page([old])));
    expect(records).length(1);
  });

  it("ended within a day of the exchange's clock, however wrong this machine's is", async () => {
    const client = await account(answering(PAST, page([])));
    harness.session.ccxt.options.timeDifference = 2 * 24 * 60 * 60_000;
    await client.readRecentOrders('recent:linear', [], readContext());
    const [request] = harness.server.requests;
    expect(Number(request?.query.get('startTime'))).equal(NOW_MS - 3 * 24 * 60 * 60_000);
  });

  it('sized in the quote currency have no amount, which ccxt would mix of two currencies', async () => {
    const market = {
      orderType: 'Market',
      orderStatus: 'Filled',
      price: '0',
      qty: '500',
      tpslMode: undefined,
    };
    const bought = order({ ...market, marketUnit: 'quoteCoin', cumExecQty: '0.005', leavesQty: '0.5' });
    const { records } = await (await account(answering(PAST, page([bought])))).readRecentOrders(
      'recent:spot',
      [],
      readContext(),
    );
    expect(records[0]).include({
      symbol: 'BTC/USDT',
      filled: '0.005',
      amount: undefined,
      remaining: undefined,
    });
    expect(records[0]?.price).equal(undefined);
  });

  it('that are conditional are apart from plain ones, whatever kind of condition they have', async () => {
    const kinds = ['', 'Stop', 'tpslOrder', 'OcoOrder', 'BidirectionalTpslOrder', undefined];
    const list = kinds.map((stopOrderType, index) =>
      order({ orderId: String(index), stopOrderType, tpslMode: undefined }),
    );
    const client = await account(answering(OPEN, page(list), { category: 'spot' }));
    const { records } = await client.readOpenOrders('spot:conditional', readContext());
    expect(records.map(({ orderId }) => orderId)).deep.equal(['1', '2', '3', '4']);
  });

  it('are read from every page', async () => {
    const pageOf = (name: string, next: string) =>
      page([order({ orderId: `${name}1` }), order({ orderId: `${name}2` })], next);
    const { records, pages } = await readOpen(
      answering(OPEN, pageOf('c', ''), { cursor: 'third' }),
      answering(OPEN, pageOf('b', 'third'), { cursor: 'second' }),
      answering(OPEN, pageOf('a', 'second')),
    );
    expect(pages).equal(3);
    expect(records.map(({ orderId }) => orderId)).deep.equal(['a1', 'a2', 'b1', 'b2', 'c1', 'c2']);
  });

  it('are unknown when a page comes twice', async () => {
    const same: Route = () => page([order({})], 'x');
    expect(await failure(readOpen(same))).match(/^EXCHANGE_BAD_RESPONSE: .* repeats page 1/);
  });

  it('are unknown when the pages go round in a circle', async () => {
    let served = 0;
    const round: Route = () => page([order({ orderId: String(++served) })], served % 2 === 0 ? 'a' : 'b');
    expect(await failure(readOpen(round))).match(
      /^EXCHANGE_BAD_RESPONSE: .* names a page that was read already/,
    );
    expect(served).equal(3);
  });

  it('are unknown, not cut, when there are more pages than anyone has orders', async () => {
    let served = 0;
    const endless: Route = () => page([order({ orderId: String(++served) })], `page ${served}`);
    expect(await failure(readOpen(endless))).match(/^EXCHANGE_BAD_RESPONSE: .* has more than 200 pages/);
    expect(served).equal(200);
  });

  it('that drift onto the next page count once, in their latest version', async () => {
    const early = order({ cumExecQty: '1', updatedTime: String(NOW_MS - 500) });
    const late = order({ cumExecQty: '2', updatedTime: String(NOW_MS) });
    const { records, rejected } = await readOpen(
      answering(OPEN, page([early]), { cursor: 'second' }),
      answering(OPEN, page([late], 'second')),
    );
    expect(rejected).deep.equal([]);
    expect(records.map(({ filled }) => filled)).deep.equal(['2']);
  });

  it('are set aside where they are no orders', async () => {
    const { records, rejected } = await readOpen(
      answering(
        OPEN,
        page([
          order({ orderId: '' }),
          order({ orderId: 'b', orderStatus: 'Teleported' }),
          order({ orderId: 'c', qty: 'abc' }),
          order({ orderId: 'd', symbol: 'NEWUSDT' }),
          order({ orderId: 'e', createdTime: '1758190052' }),
        ]),
      ),
    );
    expect(records).deep.equal([]);
    expect(rejected.map(({ row, reason }) => `${row} ${reason.split(' is ')[0]}`).sort()).deep.equal([
      'order b status: "Teleported"',
      'order c amount: "abc"',
      'order d in NEWUSDT symbol: its market',
      'order e timestampMs: 1758190052',
      'order undefined orderId: undefined',
    ]);
  });

  it('can be asked for one by one, and may be gone', async () => {
    const filled = order({ orderStatus: 'Filled', cumExecQty: '3', leavesQty: '0', avgPrice: '99.5' });
    const client = await account(
      answering(OPEN, page([filled]), { orderId: 'a', symbol: 'BTCUSDT', category: 'linear' }),
      answering(OPEN, page([]), { orderId: 'b' }),
      answering(PAST, page([order({ orderId: 'b', orderStatus: 'Cancelled' })]), { orderId: 'b' }),
      answering(OPEN, page([]), { orderId: 'z' }),
      answering(PAST, page([]), { orderId: 'z' }),
    );
    const found = await client.readOrder('linear:USDT', 'BTC/USDT:USDT', 'a', readContext());
    expect(found).include({ orderId: 'a', status: 'closed', average: '99.5' });
    const past = await client.readOrder('linear:USDT', 'BTC/USDT:USDT', 'b', readContext());
    expect(past).include({ orderId: 'b', status: 'canceled' });
    const gone = await client.readOrder('linear:USDT', 'BTC/USDT:USDT', 'z', readContext());
    expect(gone).equal(undefined);
  });
});
