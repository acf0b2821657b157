import { expect } from 'chai';
import { systemClock } from '#src/domain/clock.js';
import type { CcxtExchange, ExchangeSession } from '#src/exchange/exchange-session.js';
import { genericProfile } from '#src/exchange/profiles/generic.js';
import { createAccountClient } from '#src/exchange/readers/account-client.js';
import { readContext, swapMarket } from './passing-session.js';

/** Positions as ccxt gives them of some exchange. */
async function read(...answer: object[]) {
  const ccxt = {
    id: 'contracts',
    has: { fetchPositions: true },
    features: {},
    options: {},
    markets: { 'BTC/USDT:USDT': { ...swapMarket('BTC', 'BTC', 'USDT'), contractSize: '0.01' } },
    fetchPositions: async () => answer,
  } as unknown as CcxtExchange;
  const session: ExchangeSession = { exchange: 'contracts', ccxt, call: (_purpose, work) => work(ccxt) };
  const account = { exchange: 'contracts', account: 'main' };
  const client = createAccountClient({ session, profile: genericProfile(ccxt), account, clock: systemClock });
  return client.readPositions(client.positionScopes()[0] ?? '', readContext());
}

describe('positions', () => {
  const position = { symbol: 'BTC/USDT:USDT', contracts: '3', side: 'long' };

  it('are short where nothing but a negative size says so, and their size has no sign', async () => {
    const { records } = await read({ ...position, contracts: '-3', side: undefined });
    expect(records.map(({ side, contracts, quantity }) => [side, contracts, quantity])).deep.equal([
      ['short', '3', '0.03'],
    ]);
  });

  it('are set aside where nothing says whether they are long or short', async () => {
    const { records, rejected } = await read({ ...position, side: undefined });
    expect(records).deep.equal([]);
    expect(rejected.map(({ reason }) => reason)).deep.equal([
      'side: the exchange says neither long nor short',
    ]);
  });
});
