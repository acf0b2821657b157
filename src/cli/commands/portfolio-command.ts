import { type Command, InvalidArgumentError } from 'commander';
import { isKnownExchange, unknownExchangeMessage } from '../../config/known-exchange.js';
import { type PortfolioFilter, portfolio } from '../../index.js';
import { type Flags, quietStartOptions, withSettingsFlags } from '../flags.js';
import { printJson, type Terminal } from '../output.js';
import { formatPortfolio } from '../portfolio-table.js';

interface PortfolioFlags extends Flags {
  readonly account?: PortfolioFilter;
}

export function addPortfolioCommand(program: Command, terminal: Terminal): void {
  withSettingsFlags(
    program
      .command('portfolio')
      .description('show what each account holds, what it is worth, and how old that knowledge is')
      .option(
        '--account <exchange/account>',
        'only this account, e.g. bybit/main; or one exchange',
        accountFilter,
      ),
  ).action(async (flags: PortfolioFlags) => {
    const found = await portfolio(flags.account, quietStartOptions(flags));
    if (flags.json === true) printJson(terminal, found);
    else terminal.out.write(formatPortfolio(found, terminal.out, Date.now()));
  });
}

/** A name that is mistyped must not look like an account that holds nothing. */
function accountFilter(text: string): PortfolioFilter {
  const [, exchange = '', account] = /^([^/]+)(?:\/([a-z0-9]+))?$/.exec(text.trim().toLowerCase()) ?? [];
  if (exchange === '') throw new InvalidArgumentError('Give an exchange or an account, e.g. bybit/main.');
  if (!isKnownExchange(exchange)) throw new InvalidArgumentError(unknownExchangeMessage(exchange));
  return { exchange, ...(account !== undefined && { account }) };
}
