import { expect } from 'chai';
import { systemClock } from '#src/domain/clock.js';
import { genericProfile } from '#src/exchange/profiles/generic.js';
import type { ExchangeProfile } from '#src/exchange/profiles/profile.js';
import { createAccountClient } from '#src/exchange/readers/account-client.js';
import { createMarketDataClient } from '#src/exchange/readers/market-data-client.js';
import { ExchangeServer, type Route } from '../support/exchange-server.js';
import { answering } from './answering.js';
import { passingSession, readContext, spotMarket, swapMarket } from './passing-session.js';

const MARKETS = [
  spotMarket('BTCUSDT', 'BTC', 'USDT'),
  spotMarket('ETHUSDT', 'ETH', 'USDT'),
  swapMarket('BTCUSDT', 'BTC', 'USDT'),
  swapMarket('BTCUSD', 'BTC', 'USD', 'BTC'),
];

const ok = (data: unknown) => ({ code: 0, data, message: 'OK' });
const order = (fields: object) => ({
  order_id: 117178743547,
  market: 'BTCUSDT',
  market_type: 'SPOT',
  side: 'buy',
  type: 'limit',
  amount: '0.0001',
  filled_amount: '0',
  unfilled_amount: '0.0001',
  filled_value: '0',
  price: '61000',
  created_at: 1714114386250,
  updated_at: 1714114386250,
  ...fields,
});
const position = (fields: object) => ({
  position_id: 305891033,
  market: 'BTCUSDT',
  market_type: 'FUTURES',
  side: 'long',
  margin_mode: 'cross',
  close_avbl: '0.0001',
  unrealized_pnl: '0',
  avg_entry_price: '62336.8',
  leverage: '3',
  liq_price: '0',
  created_at: 1715152208041,
  updated_at: 1715152209000,
  ...fields,
});

describe('an exchange without a profile', () => {
  let server: ExchangeServer;
  let profile: ExchangeProfile;
  afterEach(() => server?.close());

  async function clients(...routes: Route[]) {
    server = await ExchangeServer.start(...routes);
    const session = await passingSession({
      exchange: 'coinex',
      server,
      profile: { ccxtOptions: {} },
      markets: MARKETS,
    });
    profile = genericProfile(session.ccxt);
    const account = { exchange: 'coinex', account: 'main' };
    return {
      account: createAccountClient({ session, profile, account, clock: systemClock }),
      market: createMarketDataClient({ session, profile, clock: systemClock }),
    };
  }

  it('gives the balances it serves', async () => {
    const { account } = await clients(
      answering(
        '/v2/assets/spot/balance',
        ok([
          { ccy: 'USDT', available: '0.00000046', frozen: '0.1' },
          { ccy: 'BTC', available: '0.123456789012345678', frozen: '' },
        ]),
      ),
    );
    expect(account.balanceScopes()).deep.equal(['wallet=spot']);
    const { records, rejected } = await account.readBalances('wallet=spot', readContext());
    expect(records).deep.equal([
      { wallet: 'spot', currency: 'USDT', available: '0.00000046', locked: '0.1', total: '0.10000046' },
    ]);
    expect(rejected).deep.equal([{ row: 'balance of BTC', reason: 'total: the exchange did not say it' }]);
  });

  it('gives the positions it serves', async () => {
    const { account } = await clients(
      answering(
        '/v2/futures/pending-position',
        ok([position({}), position({ market: 'BTCUSD', side: 'short', close_avbl: '300' })]),
      ),
    );
    const { records, rejected } = await account.readPositions('default', readContext());
    expect(rejected).deep.equal([]);
    expect(records[0]).deep.equal({
      symbol: 'BTC/USDT:USDT',
      side: 'long',
      marginMode: 'cross',
      quantity: '0.0001',
      contracts: '0.0001',
      entryPrice: '62336.8',
      markPrice: undefined,
      unrealizedPnl: '0',
      leverage: '3',
      liquidationPrice: undefined,
      settleCurrency: 'USDT',
      timestampMs: 1715152209000,
    });
    expect(records[1]).include({
      symbol: 'BTC/USD:BTC',
      side: 'short',
      contracts: '300',
      settleCurrency: 'BTC',
    });
  });

  it('gives the open orders it serves, of each kind of market', async () => {
    const { account } = await clients(
      answering('/v2/spot/pending-order', ok([order({})])),
      answering('/v2/futures/pending-order', ok([order({ market_type: 'FUTURES', order_id: 5 })])),
    );
    expect(account.orderScopes()).deep.equal([
      {
        id: 'spot',
        recent: 'recent:spot',
        recentNeedsSymbols: false,
        recentKeptMs: 86_400_000,
        canReadOrder: true,
      },
      {
        id: 'swap',
        recent: 'recent:swap',
        recentNeedsSymbols: false,
        recentKeptMs: 86_400_000,
        canReadOrder: true,
      },
    ]);
    const spot = await account.readOpenOrders('spot', readContext());
    expect(spot.rejected).deep.equal([]);
    expect(spot.records[0]).include({
      symbol: 'BTC/USDT',
      orderId: '117178743547',
      price: '61000',
      amount: '0.0001',
      filled: '0',
      remaining: '0.0001',
      status: 'open',
      side: 'buy',
    });
    const swap = await account.readOpenOrders('swap', readContext());
    expect(swap.records.map(({ symbol, orderId }) => [symbol, orderId])).deep.equal([['BTC/USDT:USDT', '5']]);
  });

  it('that lists orders of other kinds of market as well leaves them to their own scope', async () => {
    const foreign = order({ market_type: 'FUTURES', order_id: 5 });
    const { account } = await clients(answering('/v2/spot/pending-order', ok([order({}), foreign])));
    const { records, rejected } = await account.readOpenOrders('spot', readContext());
    expect(rejected).deep.equal([]);
    expect(records.map(({ orderId }) => orderId)).deep.equal(['117178743547']);
  });

  it('gives the recent orders it serves', async () => {
    const nowMs = Date.now();
    const ended = { created_at: nowMs - 5000, updated_at: nowMs - 4000 };
    const { account } = await clients(
      answering(
        '/v2/spot/finished-order',
        ok([
          order({
            ...ended,
            order_id: 1,
            filled_amount: '0.0001',
            unfilled_amount: '0',
            filled_value: '6.1',
          }),
          order({ ...ended, order_id: 2, filled_amount: '0.00005', unfilled_amount: '0.00005' }),
        ]),
      ),
    );
    const { records, rejected } = await account.readRecentOrders('recent:spot', [], readContext());
    expect(rejected).deep.equal([]);
    expect(records.map(({ orderId, status, filled }) => [orderId, status, filled])).deep.equal([
      ['1', 'closed', '0.0001'],
      ['2', 'canceled', '0.00005'],
    ]);
  });

  it('gives the prices of its spot markets', async () => {
    const { market } = await clients(
      answering(
        '/v2/spot/ticker',
        ok([
          { market: 'BTCUSDT', last: '62393.47', close: '62393.47' },
          { market: 'ETHUSDT', last: '0', close: '0' },
        ]),
      ),
    );
    const { records } = await market.readPrices('spot', readContext());
    expect(records.map(({ base, quote, price }) => [base, quote, price])).deep.equal([
      ['BTC', 'USDT', '62393.47'],
    ]);
  });

  it('whose list may have been cut is unknown, not short', async () => {
    const full = Array.from({ length: 1000 }, (_, index) => order({ order_id: index + 1 }));
    const { account } = await clients(answering('/v2/spot/pending-order', ok(full)));
    const read = account.readOpenOrders('spot', readContext());
    expect(await read.catch((error) => error)).property('code', 'EXCHANGE_BAD_RESPONSE');
  });
});
