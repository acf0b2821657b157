import { binance } from './binance.js';
import { bybit } from './bybit.js';
import { type ExchangeFacts, genericProfile } from './generic.js';
import { kraken } from './kraken.js';
import { okx } from './okx.js';
import type { ExchangeProfile } from './profile.js';

/** One row per exchange that has a profile of its own. */
export const PROFILES: readonly ExchangeProfile[] = [bybit, binance, okx, kraken];

const BY_EXCHANGE: ReadonlyMap<string, ExchangeProfile> = new Map(
  PROFILES.map((profile) => [profile.exchange, profile]),
);

/** The exchange's own profile, or one made of what ccxt says about it; `facts` is asked only then. */
export function profileOf(exchange: string, facts: () => ExchangeFacts): ExchangeProfile {
  return BY_EXCHANGE.get(exchange) ?? genericProfile(facts());
}
