import { ExchangeSyncError } from '../domain/errors.js';
import { EXCHANGE_DIRECTORY } from '../domain/exchange-directory.js';
import { didYouMean } from './near-matches.js';

const EXCHANGE_IDS = Object.keys(EXCHANGE_DIRECTORY);

/** Whether ccxt has an exchange of this id (lower case). */
export function isKnownExchange(id: string): boolean {
  return Object.hasOwn(EXCHANGE_DIRECTORY, id);
}

/** For messages: what is wrong with the name, and the names it may have been meant for. */
export function unknownExchangeMessage(id: string): string {
  return `there is no exchange ${JSON.stringify(id)}${didYouMean(id, EXCHANGE_IDS) || '; use the id that ccxt gives it, e.g. bybit'}`;
}

/** With those that are configured, where only these can be meant. */
export function unknownExchangeError(id: string, configured?: readonly string[]): ExchangeSyncError {
  const message = unknownExchangeMessage(id);
  if (configured === undefined) {
    return new ExchangeSyncError('EXCHANGE_UNKNOWN', message, { details: { exchange: id } });
  }
  return new ExchangeSyncError(
    'EXCHANGE_UNKNOWN',
    `${message}${message.endsWith('?') ? '' : '.'} Configured: ${configured.join(', ') || 'none'}.`,
    { details: { exchange: id, configured } },
  );
}
