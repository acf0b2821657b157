import type { Command } from 'commander';
import { coverage, type PortfolioFilter } from '../../index.js';
import { formatCoverage } from '../coverage-text.js';
import { type Flags, quietStartOptions, withSettingsFlags } from '../flags.js';
import { printJson, type Terminal } from '../output.js';
import { accountFilter, TARGET_ARGUMENT, TARGET_MEANING } from '../target-argument.js';

interface CoverageFlags extends Flags {
  readonly scopes?: boolean;
}

export function addCoverageCommand(program: Command, terminal: Terminal): void {
  withSettingsFlags(
    program
      .command('coverage')
      .description(
        'show how much of fills, transfers and ledger is proven complete, what is missing and what is lost',
      )
      .argument(TARGET_ARGUMENT, TARGET_MEANING, accountFilter)
      .option('--scopes', 'A row for each list of the exchange instead of each data type, with every gap.'),
  ).action(async (filter: PortfolioFilter | undefined, flags: CoverageFlags) => {
    const found = await coverage(filter, quietStartOptions(flags));
    const view = { byScope: flags.scopes === true, nowMs: Date.now() };
    if (flags.json === true) printJson(terminal, found);
    else terminal.out.write(formatCoverage(found.scopes, terminal.out, view));
  });
}
