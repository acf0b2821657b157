import { Option } from 'commander';
import { accountFilter } from './target-argument.js';

/** `--account`, for commands that show stored rows. */
export function accountOption(): Option {
  return new Option(
    '--account <exchange/account>',
    'only this account, e.g. bybit/main; or one exchange',
  ).argParser(accountFilter);
}
