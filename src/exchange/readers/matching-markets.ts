import type { CcxtMarket } from '../exchange-session.js';
import type { MarketFilter } from '../profiles/profile.js';

/** A property that a market does not have counts as false. */
export function matches(market: CcxtMarket, filter: MarketFilter): boolean {
  return Object.entries(filter).every(
    ([property, wanted]) => (market[property as keyof MarketFilter] ?? false) === wanted,
  );
}
