import type { Command } from 'commander';
import { type PortfolioFilter, type Proof, proof } from '../../index.js';
import { ExitCode } from '../exit-code.js';
import { type Flags, quietStartOptions, withSettingsFlags } from '../flags.js';
import { printJson, type Terminal } from '../output.js';
import { formatProof } from '../proof-text.js';
import { accountFilter, TARGET_ARGUMENT, TARGET_MEANING } from '../target-argument.js';

export function addProofCommand(program: Command, terminal: Terminal, exit: (code: ExitCode) => void): void {
  withSettingsFlags(
    program
      .command('proof')
      .description(
        'show whether what flowed explains what is there, asset by asset; exit code 3 where it does not',
      )
      .argument(TARGET_ARGUMENT, TARGET_MEANING, accountFilter),
  ).action(async (filter: PortfolioFilter | undefined, flags: Flags) => {
    const found = await proof(filter, quietStartOptions(flags));
    if (flags.json === true) printJson(terminal, found);
    else terminal.out.write(formatProof(found.assets, terminal.out));
    exit(exitCodeOfProof(found));
  });
}

/** What is pending is decided by the next sync; what can't be said, or was never asked, is no proof. */
function exitCodeOfProof({ assets }: Proof): ExitCode {
  const isFine = assets.every(({ state }) => state === 'proven' || state === 'pending');
  return isFine && assets.length > 0 ? ExitCode.OK : ExitCode.PARTIAL;
}
