import type { Clock } from '../../domain/clock.js';
import type { ExchangeSession } from '../exchange-session.js';
import type { ExchangeProfile } from '../profiles/profile.js';
import type { KeyOwners } from './history/key-owner.js';
import type { UnknownMarkets } from './unknown-markets.js';

/** What every reader works with. */
export interface ReaderOptions {
  readonly session: ExchangeSession;
  readonly profile: ExchangeProfile;
  readonly clock: Clock;
}

/** What the readers of an account share. */
export interface AccountReaderOptions extends ReaderOptions {
  readonly unknownMarkets: UnknownMarkets;
  readonly keyOwners: KeyOwners;
}
