import { expect } from 'chai';
import { binance } from '#src/exchange/profiles/binance.js';
import type { Route } from '../support/exchange-server.js';
import { accountBehind, type Harness, NOW_MS } from './account-harness.js';
import { answering } from './answering.js';
import { readContext, spotMarket, swapMarket } from './passing-session.js';
import { recorded } from './recorded.js';

const MARKETS = [
  spotMarket('LTCBTC', 'LTC', 'BTC'),
  spotMarket('BTCUSDT', 'BTC', 'USDT'),
  swapMarket('BTCUSDT', 'BTC', 'USDT'),
  swapMarket('BTCUSD_PERP', 'BTC', 'USD', 'BTC'),
];

interface Recording {
  methods: Record<'fetchPositions' | 'fetchBalance', [{ httpResponse: Record<string, unknown> & unknown[] }]>;
}

const futuresOrder = (fields: object) => ({
  orderId: 7,
  symbol: 'BTCUSDT',
  status: 'NEW',
  price: '100',
  avgPrice: '0.00',
  origQty: '2',
  executedQty: '0',
  cumQuote: '0',
  type: 'LIMIT',
  side: 'SELL',
  positionSide: 'BOTH',
  time: NOW_MS - 1000,
  updateTime: NOW_MS - 1000,
  ...fields,
});

describe('what binance sends', () => {
  let harness: Harness;
  afterEach(() => harness?.server.close());

  async function account(...routes: Route[]) {
    harness = await accountBehind(binance, MARKETS, routes);
    return harness.account;
  }

  it('as spot balances is read, with the sum of the parts as the total', async function () {
    const body = recorded<object>(this, 'wire/binance/spot/account_response.json');
    const client = await account(answering('/api/v3/account', body));
    const { records, rejected } = await client.readBalances('wallet=MAIN', readContext());
    expect(rejected).deep.equal([]);
    expect(records[0]).deep.equal({
      wallet: 'MAIN',
      currency: 'BTC',
      available: '4723846.89208129',
      locked: '0.00000000',
      total: '4723846.89208129',
    });
  });

  it('as futures balances is the wallet without the unrealised profit', async function () {
    const recording = recorded<Recording>(this, 'ccxt-static/binance.json').methods.fetchBalance[0]
      .httpResponse;
    const asset = { asset: 'BNB', walletBalance: '5', marginBalance: '5.5', unrealizedProfit: '0.5' };
    const held = { ...asset, availableBalance: '4', initialMargin: '1.5', updateTime: NOW_MS };
    const never = { asset: 'FDUSD', walletBalance: '0', marginBalance: '0', updateTime: 0 };
    const assets = [...(recording.assets as object[]), held, never];
    const client = await account(answering('/fapi/v3/account', { ...recording, assets }));
    const { records } = await client.readBalances('wallet=UMFUTURE', readContext());
    expect(
      records.map(({ currency, total, available, locked }) => [currency, total, available, locked]),
    ).deep.equal([
      ['USDT', '31.02261200', '31.022612', '0.00000000'],
      ['BNB', '5', '3.5', '1.5'],
    ]);
  });

  it('as positions has its side in the sign of the amount', async function () {
    const [recording] = recorded<Recording>(this, 'ccxt-static/binance.json').methods.fetchPositions;
    const [sent] = recording.httpResponse as object[];
    const short = { ...sent, symbol: 'BTCUSDT', positionSide: 'SHORT', positionAmt: '-0.5', notional: '-50' };
    const client = await account(answering('/fapi/v3/positionRisk', [sent, short]));
    const { records, rejected } = await client.readPositions('USD-M', readContext());
    expect(rejected).deep.equal([]);
    expect(records.map(({ side, contracts }) => [side, contracts])).deep.equal([
      ['long', '0.009'],
      ['short', '0.5'],
    ]);
    expect(records[0]).deep.include({
      symbol: 'BTC/USDT:USDT',
      marginMode: 'cross',
      entryPrice: '67445.9',
      markPrice: '67502.68519858',
      unrealizedPnl: '0.51106678',
      liquidationPrice: '64846.98753790',
      leverage: undefined,
      settleCurrency: 'USDT',
      timestampMs: 1722161166529,
    });
  });

  it('as a position whose value rounds to zero still has a side', async () => {
    const dust = {
      symbol: 'BTCUSDT',
      positionAmt: '-0.001',
      entryPrice: '1',
      notional: '0',
      positionSide: 'BOTH',
    };
    const client = await account(answering('/fapi/v3/positionRisk', [dust]));
    const { records } = await client.readPositions('USD-M', readContext());
    expect(records[0]).include({ side: 'short', contracts: '0.001' });
  });

  it('as open orders is read', async function () {
    const body = recorded<object>(this, 'wire/binance/spot/open_orders_response.json');
    const client = await account(answering('/api/v3/openOrders', body));
    const { records, rejected } = await client.readOpenOrders('spot', readContext());
    expect(rejected).deep.equal([]);
    expect(records).deep.equal([
      {
        symbol: 'LTC/BTC',
        orderId: '1',
        orderType: 'limit',
        side: 'buy',
        price: '0.1',
        triggerPrice: undefined,
        average: undefined,
        amount: '1.0',
        filled: '0.0',
        remaining: '1',
        status: 'open',
        rawStatus: 'NEW',
        timestampMs: 1499827319559,
      },
    ]);
  });

  it('as recent orders leaves out those that are open', async function () {
    const [open] = recorded<object[]>(this, 'wire/binance/spot/all_orders_response.json');
    const filled = { ...open, orderId: 2, status: 'FILLED', executedQty: '3.0', cummulativeQuoteQty: '1.0' };
    const client = await account(answering('/api/v3/allOrders', [open, filled], { symbol: 'LTCBTC' }));
    const { records } = await client.readRecentOrders('recent:spot', ['LTC/BTC'], readContext());
    expect(records.map(({ orderId, status, average }) => [orderId, status, average])).deep.equal([
      ['2', 'closed', '0.3333333333333333333333333333333333'],
    ]);
  });

  it('as conditional orders does not say what was filled, and nothing is made up', async () => {
    const algo = {
      algoId: 11,
      algoStatus: 'NEW',
      orderType: 'STOP_MARKET',
      symbol: 'BTCUSDT',
      side: 'SELL',
      positionSide: 'BOTH',
      quantity: '0.5',
      triggerPrice: '90',
      price: '0',
      createTime: NOW_MS - 1000,
      updateTime: NOW_MS - 1000,
    };
    const client = await account(answering('/fapi/v1/openAlgoOrders', [algo]));
    const { records, rejected } = await client.readOpenOrders('USD-M:conditional', readContext());
    expect(rejected).deep.equal([]);
    expect(records[0]).deep.include({
      orderId: '11',
      amount: '0.5',
      filled: undefined,
      remaining: undefined,
      triggerPrice: '90',
      price: undefined,
      status: 'open',
      rawStatus: 'NEW',
    });
  });

  it('as a full page of recent orders is followed from its newest row on', async () => {
    const orders = Array.from({ length: 1500 }, (_, index) =>
      futuresOrder({ orderId: index, status: 'FILLED', time: NOW_MS - 1_000_000 + Math.floor(index / 3) }),
    );
    const client = await account(({ query }) =>
      orders
        .filter(({ time }) => time >= Number(query.get('startTime')))
        .slice(0, Number(query.get('limit'))),
    );
    const { records, rejected, pages } = await client.readRecentOrders(
      'recent:USD-M',
      ['BTC/USDT:USDT'],
      readContext(),
    );
    expect(rejected).deep.equal([]);
    expect(records).length(1500);
    expect(pages).equal(2);
  });

  it('as a page of one single moment cannot be followed and is not cut', async () => {
    const orders = Array.from({ length: 100 }, (_, orderId) =>
      futuresOrder({ orderId, status: 'FILLED', symbol: 'BTCUSD_PERP', time: NOW_MS - 86_400_000 }),
    );
    const client = await account(answering('/dapi/v1/allOrders', orders));
    const read = client.readRecentOrders('recent:COIN-M', ['BTC/USD:BTC'], readContext());
    expect(await read.catch((error) => error)).property('code', 'EXCHANGE_BAD_RESPONSE');
  });

  it('as an unknown order is an answer', async () => {
    const client = await account(answering('/api/v3/order', { code: -2013, msg: 'Order does not exist.' }));
    expect(await client.readOrder('spot', 'LTC/BTC', '9', readContext())).equal(undefined);
  });

  it('as another order than the one asked for is refused', async function () {
    const [order] = recorded<object[]>(this, 'wire/binance/spot/all_orders_response.json');
    const client = await account(answering('/api/v3/order', order));
    const read = client.readOrder('spot', 'LTC/BTC', '9', readContext());
    expect(await read.catch((error) => error)).property('code', 'EXCHANGE_BAD_RESPONSE');
  });
});
