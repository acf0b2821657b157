import type { AccountReaderOptions } from './reader-options.js';

/** The exchange's time; as for signed requests, `timeDifference` is what our clock is ahead. */
export function exchangeTime({ clock, session }: Pick<AccountReaderOptions, 'clock' | 'session'>): number {
  return clock.now() - Number(session.ccxt.options.timeDifference ?? 0);
}
