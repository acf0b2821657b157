import { expect } from 'chai';
import type { ReadContext } from '#src/exchange/exchange-client.js';
import { ExchangeManager } from '#src/exchange/exchange-manager.js';
import { exchangeReaders } from '#src/exchange/exchange-readers.js';
import { ManualClock } from '../../support/manual-clock.js';
import { silentLogger } from '../../support/silent-logger.js';
import { at, ExchangeServer, type Route } from '../support/exchange-server.js';
import { bybitRoutes } from '../support/small-exchanges.js';
import { readContext } from './passing-session.js';
import { recorded } from './recorded.js';

const coinex = (data: unknown) => ({ code: 0, data, message: 'OK' });

const COINEX: Route[] = [
  at('/v2/time', coinex({ timestamp: 1_758_190_052_000 })),
  at('/v2/assets/all-deposit-withdraw-config', coinex([])),
  at(
    '/v2/spot/market',
    coinex([
      {
        market: 'BTCUSDT',
        base_ccy: 'BTC',
        quote_ccy: 'USDT',
        base_ccy_precision: 8,
        quote_ccy_precision: 2,
        min_amount: '0.0001',
        is_api_trading_available: true,
      },
    ]),
  ),
  at('/v2/futures/market', coinex([])),
  at('/v2/spot/ticker', coinex([{ market: 'BTCUSDT', last: '62393.470', close: '62393.470' }])),
  at('/v2/assets/spot/balance', coinex([{ ccy: 'USDT', available: '0.00000046', frozen: '0.1' }])),
];

describe('readers behind the real manager', () => {
  let server: ExchangeServer;
  let manager: ExchangeManager;
  let context: ReadContext;
  const clock = new ManualClock();

  afterEach(async () => {
    await manager?.close();
    await server?.close();
  });

  async function manage(exchange: string, ...routes: Route[]): Promise<void> {
    server = await ExchangeServer.start(...routes);
    context = readContext();
    manager = new ExchangeManager({
      settings: [
        { id: exchange, connection: { testnet: false, proxyUrl: server.url }, accountConnections: {} },
      ],
      credentials: {
        resolve: async () => ({ credentials: { apiKey: 'key', secret: 'secret' }, source: 'test' }),
      },
      readers: exchangeReaders,
      clock,
      logger: silentLogger,
      emit: () => undefined,
      random: () => 0,
    });
  }
  const account = (exchange: string) => manager.account({ exchange, account: 'main' }, context);

  it("read bybit's recorded balances with one request, markets and time once apart", async function () {
    const body = recorded<object>(this, 'wire/bybit/http_get_wallet_balance.json');
    await manage('bybit', at('/v5/account/wallet-balance', body), ...bybitRoutes(clock));
    const client = await account('bybit');
    await client.readBalances('wallet=FUND', context);
    context.meter.requests = 0;
    const { records, rejected } = await client.readBalances('wallet=UNIFIED', context);
    expect(context.meter.requests).equal(1);
    expect(rejected).deep.equal([]);
    expect(records.map(({ currency, total }) => [currency, total])).deep.equal([
      ['BTC', '0'],
      ['USDT', '1000.50'],
      ['ETH', '-0.06142'],
    ]);
  });

  for (const [what, body] of Object.entries({
    'no list': { retCode: 0, result: {} },
    'no success': { result: { list: [] } },
    'an HTML page': '<html>maintenance</html>',
  })) {
    it(`take an answer with ${what} for unknown orders, not for none`, async () => {
      await manage('bybit', at('/v5/order/realtime', body), ...bybitRoutes(clock));
      const read = (await account('bybit')).readOpenOrders('spot', context).catch((error) => error);
      await clock.advance(60_000);
      expect(await read).property('code', 'EXCHANGE_BAD_RESPONSE');
    });
  }

  it('read an exchange without a profile, whose rows are what it serves', async () => {
    await manage('coinex', ...COINEX);
    const client = await account('coinex');
    const balances = await client.readBalances('wallet=spot', context);
    expect(balances.rejected).deep.equal([]);
    expect(balances.records).deep.equal([
      { wallet: 'spot', currency: 'USDT', available: '0.00000046', locked: '0.1', total: '0.10000046' },
    ]);
    const prices = await (await manager.marketData('coinex', context)).readPrices('spot', context);
    expect(prices.records).deep.equal([
      { base: 'BTC', quote: 'USDT', price: '62393.470', source: 'last', timestampMs: undefined },
    ]);
  });
});
