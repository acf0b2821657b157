import type { ReaderFactory } from './exchange-manager.js';
import { profileOf } from './profiles/index-of-profiles.js';
import { createAccountClient } from './readers/account-client.js';
import { createMarketDataClient } from './readers/market-data-client.js';

/** The readers of every exchange, by its profile. */
export const exchangeReaders: ReaderFactory = {
  profile: (exchange) => profileOf(exchange.id, () => exchange),
  account: createAccountClient,
  marketData: createMarketDataClient,
};
