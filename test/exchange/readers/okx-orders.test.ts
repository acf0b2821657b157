import { expect } from 'chai';
import { answering } from './answering.js';
import { data, useOkx } from './okx-account.js';
import { readContext } from './passing-session.js';

describe("okx's orders", () => {
  const okx = useOkx();
  const ORDER = {
    instType: 'SPOT',
    instId: 'BTC-USDT',
    ordType: 'limit',
    side: 'buy',
    px: '60000',
    sz: '0.3',
    accFillSz: '0.1',
    avgPx: '59990',
    state: 'partially_filled',
    algoId: '',
    tgtCcy: '',
    cTime: '1758190000000',
    uTime: '1758190050000',
  };
  const pending = (rows: object[], query = {}) =>
    answering('/api/v5/trade/orders-pending', data(...rows), query);

  it('keep their own number where an algo order placed them', async () => {
    const account = await okx.behind(
      pending([{ ...ORDER, ordId: '7001', algoId: '9001', slOrdPx: '-1', slTriggerPx: '55000' }]),
    );
    const { records } = await account.readOpenOrders('SPOT', readContext());
    expect(records).deep.equal([
      {
        symbol: 'BTC/USDT',
        orderId: '7001',
        orderType: 'limit',
        side: 'buy',
        price: '60000',
        triggerPrice: undefined,
        average: '59990',
        amount: '0.3',
        filled: '0.1',
        remaining: '0.2',
        status: 'open',
        rawStatus: 'partially_filled',
        timestampMs: 1_758_190_000_000,
      },
    ]);
  });

  it('are followed page by page behind the lowest number', async () => {
    const rows = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => ({ ...ORDER, ordId: String(from - index) }));
    const account = await okx.behind(
      pending(rows(901, 3), { after: '902' }),
      pending(rows(1001, 100), { limit: '100' }),
    );
    const { records, pages } = await account.readOpenOrders('SPOT', readContext());
    expect(pages).equal(2);
    expect(records).lengthOf(103);
  });

  it('are not followed for ever by an exchange that ignores the cursor', async () => {
    const rows = Array.from({ length: 100 }, (_, index) => ({ ...ORDER, ordId: String(1001 - index) }));
    let page = 0;
    const account = await okx.behind(() => data(...rows.map((row) => ({ ...row, uTime: String(page++) }))));
    const read = account.readOpenOrders('SPOT', readContext()).catch((error: Error) => error);
    expect(await read).property('code', 'EXCHANGE_BAD_RESPONSE');
    expect(okx.harness.server.requests).lengthOf(2);
  });

  it('in the quote currency have no amount, whatever type they are of', async () => {
    const algo = {
      ...ORDER,
      ordType: 'conditional',
      algoId: '5',
      ordId: '',
      tgtCcy: 'quote_ccy',
      sz: '500',
      px: '',
      slTriggerPx: '55000',
      slOrdPx: '-1',
      tpTriggerPx: '',
      tpOrdPx: '',
      state: 'live',
      actualSz: '0',
      accFillSz: '',
      avgPx: '',
      actualPx: '',
    };
    const account = await okx.behind(answering('/api/v5/trade/orders-algo-pending', data(algo)));
    const { records } = await account.readOpenOrders('algo:conditional', readContext());
    expect(records[0]).deep.include({
      orderId: '5',
      orderType: 'conditional',
      price: undefined,
      triggerPrice: '55000',
      amount: undefined,
      filled: '0',
      remaining: undefined,
      status: 'open',
    });
  });

  it('that ended are what they ended as', async () => {
    const states = { '1': 'filled', '2': 'canceled', '3': 'mmp_canceled', '4': 'order_failed' };
    const rows = Object.entries(states).map(([ordId, state]) => ({ ...ORDER, ordId, state }));
    const account = await okx.behind(answering('/api/v5/trade/orders-history', data(...rows)));
    const { records } = await account.readRecentOrders('recent:SPOT', [], readContext());
    expect(records.map(({ orderId, status }) => [orderId, status])).deep.equal([
      ['1', 'closed'],
      ['2', 'canceled'],
      ['3', 'canceled'],
      ['4', 'rejected'],
    ]);
  });

  it('that vanished are asked for by their number, algo orders by theirs', async () => {
    const plain = { ...ORDER, ordId: '7', algoId: '9', state: 'canceled' };
    const algo = {
      ...ORDER,
      algoId: '9',
      ordId: '7',
      ordType: 'trigger',
      state: 'effective',
      actualSz: '0.3',
    };
    const account = await okx.behind(
      answering('/api/v5/trade/order', data(plain), { ordId: '7', instId: 'BTC-USDT' }),
      answering('/api/v5/trade/order-algo', data(algo), { algoId: '9' }),
      () => ({ code: '51603', msg: 'Order does not exist', data: [] }),
    );
    const context = readContext();
    expect(await account.readOrder('SPOT', 'BTC/USDT', '7', context)).includes({
      orderId: '7',
      status: 'canceled',
    });
    expect(await account.readOrder('algo:trigger', 'BTC/USDT', '9', context)).includes({
      orderId: '9',
      status: 'closed',
    });
    expect(await account.readOrder('SPOT', 'BTC/USDT', '8', context)).equal(undefined);
  });
});
