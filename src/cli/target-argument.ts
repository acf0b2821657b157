import { InvalidArgumentError } from 'commander';
import { isKnownExchange, unknownExchangeMessage } from '../config/known-exchange.js';
import type { PortfolioFilter } from '../index.js';

export const TARGET_ARGUMENT = '[target]';
export const TARGET_MEANING = 'one exchange or account, e.g. bybit or bybit/main; everything without';

/** Which stored rows to show. A name that is mistyped must not look like an account that has nothing. */
export function accountFilter(text: string): PortfolioFilter {
  const [, exchange = '', account] = /^([^/]+)(?:\/([a-z0-9]+))?$/.exec(text.trim().toLowerCase()) ?? [];
  if (exchange === '') throw new InvalidArgumentError('Give an exchange or an account, e.g. bybit/main.');
  if (!isKnownExchange(exchange)) throw new InvalidArgumentError(unknownExchangeMessage(exchange));
  return { exchange, ...(account !== undefined && { account }) };
}
