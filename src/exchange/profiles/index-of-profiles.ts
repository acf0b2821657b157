import { bybit } from './bybit.js';
import type { ExchangeProfile } from './profile.js';

const PROFILES: readonly ExchangeProfile[] = [bybit];

const BY_EXCHANGE: ReadonlyMap<string, ExchangeProfile> = new Map(
  PROFILES.map((profile) => [profile.exchange, profile]),
);

/** The profile written for this exchange; undefined: it is read through a generic one. */
export function profileOf(exchange: string): ExchangeProfile | undefined {
  return BY_EXCHANGE.get(exchange);
}
