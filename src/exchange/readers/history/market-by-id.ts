import type { CcxtExchange, CcxtMarket } from '../../exchange-session.js';
import type { MarketFilter } from '../../profiles/profile.js';
import { matches } from '../scope-markets.js';

/** The market that the exchange means by an id: the same one can stand for a coin and for its contract. */
export function marketById(
  ccxt: CcxtExchange,
  id: unknown,
  filter: MarketFilter = {},
): CcxtMarket | undefined {
  if (typeof id !== 'string') return undefined;
  return ccxt.markets_by_id?.[id]?.find((market) => matches(market, filter));
}

/** The currencies that the known markets are traded for. */
export function quotesOf({ markets }: CcxtExchange, filter: MarketFilter = {}): ReadonlySet<string> {
  const fitting = Object.values(markets).filter((market) => matches(market, filter));
  return new Set(fitting.map(({ quote }) => quote));
}
