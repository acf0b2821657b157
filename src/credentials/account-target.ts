import { isKnownExchange, unknownExchangeError } from '../config/known-exchange.js';
import { type AccountRef, MAIN_ACCOUNT } from '../domain/account.js';
import { ExchangeSyncError } from '../domain/errors.js';

/** `bybit` (its main account) or `bybit/sub1`, padding and case aside. Throws EXCHANGE_UNKNOWN or CONFIG_INVALID. */
export function parseAccount(target: string): AccountRef {
  const [exchange = '', account = MAIN_ACCOUNT, ...rest] = String(target)
    .split('/')
    .map((part) => part.trim().toLowerCase());
  if (!isKnownExchange(exchange)) throw unknownExchangeError(exchange);
  if (rest.length > 0 || !/^[a-z0-9]+$/.test(account)) {
    throw new ExchangeSyncError(
      'CONFIG_INVALID',
      `${JSON.stringify(target)} is not an account: after the exchange comes a name of letters and digits, e.g. ${exchange}/sub1`,
      { details: { target } },
    );
  }
  return { exchange, account };
}
