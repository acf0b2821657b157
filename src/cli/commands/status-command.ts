import type { Command } from 'commander';
import { status } from '../../index.js';
import { type Flags, quietStartOptions, withSettingsFlags } from '../flags.js';
import { printJson, type Terminal } from '../output.js';
import { formatStatus } from '../status-text.js';

export function addStatusCommand(program: Command, terminal: Terminal): void {
  withSettingsFlags(
    program
      .command('status')
      .description('show when each account and data type was last read, and what is wrong with it'),
  ).action(async (flags: Flags) => {
    const current = await status(quietStartOptions(flags));
    if (flags.json === true) printJson(terminal, current);
    else terminal.out.write(formatStatus(current, terminal.out, Date.now()));
  });
}
