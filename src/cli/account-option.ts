import { InvalidArgumentError, Option } from 'commander';
import { isKnownExchange, unknownExchangeMessage } from '../config/known-exchange.js';
import type { PortfolioFilter } from '../index.js';

/** `--account`, for commands that show stored rows. */
export function accountOption(): Option {
  return new Option(
    '--account <exchange/account>',
    'only this account, e.g. bybit/main; or one exchange',
  ).argParser(accountFilter);
}

/** A name that is mistyped must not look like an account that holds nothing. */
function accountFilter(text: string): PortfolioFilter {
  const [, exchange = '', account] = /^([^/]+)(?:\/([a-z0-9]+))?$/.exec(text.trim().toLowerCase()) ?? [];
  if (exchange === '') throw new InvalidArgumentError('Give an exchange or an account, e.g. bybit/main.');
  if (!isKnownExchange(exchange)) throw new InvalidArgumentError(unknownExchangeMessage(exchange));
  return { exchange, ...(account !== undefined && { account }) };
}
