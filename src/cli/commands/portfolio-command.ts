import type { Command } from 'commander';
import { portfolio } from '../../index.js';
import { type Flags, quietStartOptions, withSettingsFlags } from '../flags.js';
import { printJson, type Terminal } from '../output.js';
import { formatPortfolio } from '../portfolio-table.js';

interface PortfolioFlags extends Flags {
  readonly account?: string;
}

export function addPortfolioCommand(program: Command, terminal: Terminal): void {
  withSettingsFlags(
    program
      .command('portfolio')
      .description('show what each account holds, what it is worth, and how old that knowledge is')
      .option('--account <exchange/account>', 'only this account, e.g. bybit/main'),
  ).action(async (flags: PortfolioFlags) => {
    const [exchange, account] = flags.account?.split('/') ?? [];
    const found = await portfolio(
      { ...(exchange !== undefined && { exchange }), ...(account !== undefined && { account }) },
      quietStartOptions(flags),
    );
    if (flags.json === true) printJson(terminal, found);
    else terminal.out.write(formatPortfolio(found));
  });
}
