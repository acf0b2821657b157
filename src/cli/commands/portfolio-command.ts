import type { Command } from 'commander';
import { type PortfolioFilter, portfolio } from '../../index.js';
import { accountOption } from '../account-option.js';
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
      .addOption(accountOption()),
  ).action(async (flags: PortfolioFlags) => {
    const found = await portfolio(flags.account, quietStartOptions(flags));
    if (flags.json === true) printJson(terminal, found);
    else terminal.out.write(formatPortfolio(found, terminal.out, Date.now()));
  });
}
