import type { Clock } from '#src/domain/clock.js';
import type { AccountClient } from '#src/exchange/exchange-client.js';
import type { CcxtMarket, ExchangeSession } from '#src/exchange/exchange-session.js';
import type { ExchangeProfile } from '#src/exchange/profiles/profile.js';
import { createAccountClient } from '#src/exchange/readers/account-client.js';
import { ExchangeServer, type Route } from '../support/exchange-server.js';
import { passingSession } from './passing-session.js';

/** The time at which the tests read: 2025-09-18T10:07:32Z. */
export const NOW_MS = 1_758_190_052_000;

export const stoppedClock: Clock = {
  now: () => NOW_MS,
  sleep: () => Promise.reject(new Error('readers do not wait')),
};

export interface Harness {
  readonly server: ExchangeServer;
  readonly session: ExchangeSession;
  readonly account: AccountClient;
}

/** An account whose exchange answers with these routes, through the real ccxt client. */
export async function accountBehind(
  profile: ExchangeProfile,
  markets: readonly Partial<CcxtMarket>[],
  routes: readonly Route[],
  newMarkets: readonly Partial<CcxtMarket>[] = [],
): Promise<Harness> {
  const server = await ExchangeServer.start(...routes);
  const session = await passingSession({ exchange: profile.exchange, server, profile, markets, newMarkets });
  const account = { exchange: profile.exchange, account: 'main' };
  return {
    server,
    session,
    account: createAccountClient({ session, profile, account, clock: stoppedClock }),
  };
}
