import type { CcxtMarket } from '../exchange-session.js';
import type { MarketFilter, ScopeProfile } from '../profiles/profile.js';

/**
 * `covered`: a row of the scope. `other`: it belongs to another scope. `unknown`: its market is not among
 * the known ones, e.g. because it was listed after they were read.
 */
export type MarketFit = 'covered' | 'other' | 'unknown';

/** Of which markets a list has rows. */
export type ScopeMarkets = Pick<ScopeProfile, 'markets' | 'isMixed'>;

export type Markets = Readonly<Record<string, CcxtMarket>>;

/** For rows whose market is `unknown`. */
export const UNKNOWN_MARKET = 'symbol: its market is not known yet; markets are read anew every day';

/**
 * Where ccxt does not know a market it leaves the exchange's id for a symbol, or takes the market of another
 * kind with the same id: bybit's spot `BTCUSDT` for its contract `BTCUSDT`.
 */
export function marketFit(symbol: unknown, scope: ScopeMarkets, markets: Markets): MarketFit {
  if (typeof symbol !== 'string' || !symbol.includes('/')) return 'unknown';
  const market = markets[symbol];
  if (market === undefined || scope.markets === undefined || matches(market, scope.markets)) return 'covered';
  return scope.isMixed === true ? 'other' : 'unknown';
}

/** A property that a market does not have counts as false. */
export function matches(market: CcxtMarket, filter: MarketFilter): boolean {
  return Object.entries(filter).every(
    ([property, wanted]) => (market[property as keyof MarketFilter] ?? false) === wanted,
  );
}
