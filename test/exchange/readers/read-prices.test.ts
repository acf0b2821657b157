import { expect } from 'chai';
import { systemClock } from '#src/domain/clock.js';
import type { CcxtExchange, CcxtMarket, ExchangeSession } from '#src/exchange/exchange-session.js';
import { genericProfile } from '#src/exchange/profiles/generic.js';
import { createMarketDataClient } from '#src/exchange/readers/market-data-client.js';
import { readContext, swapMarket } from './passing-session.js';

/** An exchange that has contracts only, two of them for one pair. */
function contractsOnly(markets: Partial<CcxtMarket>[], answer: unknown): ExchangeSession {
  const ccxt = {
    id: 'contracts',
    has: { fetchTickers: true },
    features: { swap: { linear: {} } },
    options: { defaultType: 'swap' },
    markets: Object.fromEntries(markets.map((market) => [market.symbol, market])),
    fetchTickers: async () => answer,
  } as unknown as CcxtExchange;
  return { exchange: 'contracts', ccxt, call: (_purpose, work) => work(ccxt) };
}

describe('prices', () => {
  const read = async (markets: Partial<CcxtMarket>[], answer: unknown) => {
    const session = contractsOnly(markets, answer);
    const profile = genericProfile(session.ccxt);
    const client = createMarketDataClient({ session, profile, clock: systemClock });
    return client.readPrices(client.priceScopes()[0]!, readContext());
  };
  const [inUsdt, inUsdc] = ['USDT', 'USDC'].map((settle) => ({
    ...swapMarket(`BTC-${settle}`, 'BTC', 'USD', settle),
    linear: true,
    inverse: false,
  })) as [Partial<CcxtMarket>, Partial<CcxtMarket>];
  const tickers = { 'BTC/USD:USDT': { last: '1' }, 'BTC/USD:USDC': { last: '2' } };

  it('of a pair with two markets come from the same one whatever the order of the answer', async () => {
    const reversed = Object.fromEntries(Object.entries(tickers).reverse());
    for (const answer of [tickers, reversed]) {
      const { records } = await read([inUsdt, inUsdc], answer);
      expect(records.map(({ base, quote, price }) => [base, quote, price])).deep.equal([['BTC', 'USD', '2']]);
    }
  });

  it('of a pair with two markets come from the one that is traded', async () => {
    const { records } = await read([inUsdt, { ...inUsdc, active: false }], tickers);
    expect(records.map(({ price }) => price)).deep.equal(['1']);
  });

  it('are in the middle only where somebody buys and somebody sells', async () => {
    for (const [bid, ask] of [
      ['0', '5'],
      ['5', '0'],
      ['-1', '5'],
      [undefined, '5'],
    ]) {
      const { records } = await read([inUsdt], { 'BTC/USD:USDT': { last: '0', bid, ask } });
      expect(records, `${bid} ${ask}`).deep.equal([]);
    }
    const { records } = await read([inUsdt], { 'BTC/USD:USDT': { last: '0', bid: '5', ask: '6' } });
    expect(records.map(({ price, source }) => [price, source])).deep.equal([['5.5', 'mid']]);
  });

  it('that are no numbers are set aside', async () => {
    const { records, rejected } = await read([inUsdt], { 'BTC/USD:USDT': { last: 'abc' } });
    expect(records).deep.equal([]);
    expect(rejected).deep.equal([
      { row: 'price of BTC/USD:USDT', reason: 'last: "abc" is not a decimal number' },
    ]);
  });

  for (const answer of [undefined, null, 'maintenance', [], 7]) {
    it(`are unknown after an answer that is ${JSON.stringify(answer)}`, async () => {
      expect(await read([inUsdt], answer).catch((error) => error)).property('code', 'EXCHANGE_BAD_RESPONSE');
    });
  }
});
