import { expect } from 'chai';
import type { CcxtExchange } from '#src/exchange/exchange-session.js';
import type { ScopeProfile } from '#src/exchange/profiles/profile.js';
import { UnknownMarkets } from '#src/exchange/readers/unknown-markets.js';
import { ManualClock } from '../../support/manual-clock.js';

const HOUR_MS = 60 * 60 * 1000;

describe('UnknownMarkets', () => {
  const scope: ScopeProfile = {
    id: 'linear',
    method: 'fetchPositions',
    params: {},
    paging: { kind: 'single' },
  };
  const rows = [{ symbol: 'NEW1USDT' }, { symbol: 'NEW2USDT' }, { symbol: 'BTC/USDT' }, null];
  const ccxt = {
    markets: {},
    market: (symbol: string) => {
      throw new Error(`does not have market symbol ${symbol}`);
    },
  } as unknown as CcxtExchange;

  it('has the markets read anew once for all symbols that are new, and again after hours', () => {
    const clock = new ManualClock();
    const unknownMarkets = new UnknownMarkets({ clock });
    expect(() => unknownMarkets.check(rows, scope, ccxt)).to.throw('NEW1USDT');
    expect(() => unknownMarkets.check(rows, scope, ccxt)).not.to.throw();
    expect(() => unknownMarkets.check([...rows, { symbol: 'NEW3USDT' }], scope, ccxt)).to.throw('NEW3USDT');
    clock.jump(7 * HOUR_MS);
    expect(() => unknownMarkets.check(rows, scope, ccxt)).to.throw('NEW1USDT');
  });
});
