import type { AccountClient } from '#src/exchange/exchange-client.js';
import type { CcxtMarket } from '#src/exchange/exchange-session.js';
import { okx } from '#src/exchange/profiles/okx.js';
import type { Route } from '../support/exchange-server.js';
import { accountBehind, type Harness } from './account-harness.js';
import { spotMarket, swapMarket } from './passing-session.js';

/** An answer in okx's envelope. */
export const data = (...rows: object[]) => ({ code: '0', msg: '', data: rows });

function contract(id: string, symbol: string, terms: object): Partial<CcxtMarket> {
  const [pair = '', settle = ''] = symbol.split(':');
  const [base = '', quote = ''] = pair.split('/');
  const swap = swapMarket(id, base, quote, settle.split('-')[0]);
  return { ...swap, symbol, baseId: base, ...terms };
}

const MARKETS: Partial<CcxtMarket>[] = [
  { ...spotMarket('BTC-USDT', 'BTC', 'USDT'), baseId: 'BTC', margin: true } as Partial<CcxtMarket>,
  contract('BTC-USDT-SWAP', 'BTC/USDT:USDT', {
    contractSize: '0.01',
    info: { ctValCcy: 'BTC', ctMult: '1' },
  }),
  contract('BTC-USD-SWAP', 'BTC/USD:BTC', { contractSize: '100', info: { ctValCcy: 'USD', ctMult: '1' } }),
  contract('BTC-USD-261225-70000-C', 'BTC/USD:BTC-261225-70000-C', {
    type: 'option',
    swap: false,
    option: true,
    contractSize: '1',
    info: { ctValCcy: 'BTC', ctMult: '0.01' },
  }),
];

export interface OkxAccount {
  /** An account whose exchange answers with these routes. */
  readonly behind: (...routes: Route[]) => Promise<AccountClient>;
  readonly harness: Harness;
}

/** Call it inside of `describe`: the server of the last account is closed after each test. */
export function useOkx(): OkxAccount {
  let harness: Harness | undefined;
  afterEach(() => harness?.server.close());
  return {
    behind: async (...routes) => {
      harness = await accountBehind(okx, MARKETS, routes);
      return harness.account;
    },
    get harness() {
      return harness as Harness;
    },
  };
}
