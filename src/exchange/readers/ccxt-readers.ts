import type { ReaderFactory } from '../exchange-manager.js';
import type { CcxtExchange } from '../exchange-session.js';
import { profileOf } from '../profiles/index-of-profiles.js';
import { createAccountClient } from './account-client.js';
import { createMarketDataClient } from './market-data-client.js';

/** Turns the answers of real exchanges into records, by each exchange's profile. */
export const CCXT_READERS: ReaderFactory = Object.freeze({
  profile: (exchange: CcxtExchange) => profileOf(exchange.id, () => exchange),
  account: createAccountClient,
  marketData: createMarketDataClient,
});
