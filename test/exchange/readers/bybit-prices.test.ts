import { expect } from 'chai';
import { systemClock } from '#src/domain/clock.js';
import type { MarketDataClient } from '#src/exchange/exchange-client.js';
import type { CcxtMarket } from '#src/exchange/exchange-session.js';
import { bybit } from '#src/exchange/profiles/bybit.js';
import { createMarketDataClient } from '#src/exchange/readers/market-data-client.js';
import { ExchangeServer } from '../support/exchange-server.js';
import { answering } from './answering.js';
import { passingSession, readContext, spotMarket, swapMarket } from './passing-session.js';
import { recorded } from './recorded.js';

interface RecordedTickers {
  http_response: { result: { list: { symbol: string; lastPrice: string }[] } };
}

const TICKERS = '/v5/market/tickers';
const QUOTES = /^(.+?)(USDT|USDC|USDE|EUR|MNT|BTC|BRL|RLUSD|PLN|TRY|DAI|ETH|USD1|SOL|XUSD)$/;

describe('prices of bybit', () => {
  let server: ExchangeServer;
  afterEach(() => server?.close());

  async function client(body: unknown, markets: Partial<CcxtMarket>[]): Promise<MarketDataClient> {
    server = await ExchangeServer.start(answering(TICKERS, body, { category: 'spot' }));
    const session = await passingSession({ exchange: 'bybit', server, profile: bybit, markets });
    return createMarketDataClient({ session, profile: bybit, clock: systemClock });
  }

  const tickers = (...list: object[]) => ({ retCode: 0, result: { category: 'spot', list } });

  it('are the last trades of the whole spot list, read with one request', async function () {
    const body = recorded<RecordedTickers>(this, 'public/bybit-spot-tickers.json').http_response;
    const { list } = body.result;
    const markets = list.map(({ symbol }) => {
      const [, base = symbol, quote = ''] = QUOTES.exec(symbol) ?? [];
      return spotMarket(symbol, base, quote);
    });
    const { records, rejected } = await (await client(body, markets)).readPrices('spot', readContext());

    expect(server.requests).length(1);
    expect(rejected).deep.equal([]);
    expect(records).length(640);
    const served = new Map(list.map((ticker) => [ticker.symbol, ticker.lastPrice]));
    for (const { base, quote, price, source } of records) {
      expect(price, `${base}${quote}`).equal(served.get(`${base}${quote}`));
      expect(source).equal('last');
    }
  });

  it('are the exact middle where there was no trade, and absent where there is none', async () => {
    const body = tickers(
      { symbol: 'AUSDT', lastPrice: '', bid1Price: '0.10000000000000000001', ask1Price: '0.2' },
      { symbol: 'BUSDT', lastPrice: '0', bid1Price: '', ask1Price: '0.2' },
      { symbol: 'CUSDT', lastPrice: '-1', bid1Price: '0', ask1Price: '0' },
      { symbol: 'DUSDT', lastPrice: '2.50', bid1Price: '1', ask1Price: '3' },
    );
    const markets = ['A', 'B', 'C', 'D'].map((base) => spotMarket(`${base}USDT`, base, 'USDT'));
    const { records, rejected } = await (await client(body, markets)).readPrices('spot', readContext());
    expect(rejected).deep.equal([]);
    expect(records.map(({ base, price, source }) => [base, price, source])).deep.equal([
      ['A', '0.150000000000000000005', 'mid'],
      ['D', '2.50', 'last'],
    ]);
  });

  it('leave out contracts and markets that are not known', async () => {
    const body = tickers(
      { symbol: 'BTCUSDT', lastPrice: '1', openInterestValue: '5' },
      { symbol: 'NEWUSDT', lastPrice: '1' },
      { symbol: 'ETHUSDT', lastPrice: '2' },
    );
    const markets = [swapMarket('BTCUSDT', 'BTC', 'USDT'), spotMarket('ETHUSDT', 'ETH', 'USDT')];
    const { records } = await (await client(body, markets)).readPrices('spot', readContext());
    expect(records.map(({ base }) => base)).deep.equal(['ETH']);
  });
});
