import type { Command } from 'commander';
import { migrate } from '../../index.js';
import { type Flags, quietStartOptions, withSettingsFlags } from '../flags.js';
import { printJson, type Terminal } from '../output.js';

export function addMigrateCommand(program: Command, terminal: Terminal): void {
  withSettingsFlags(
    program
      .command('migrate')
      .description('create or update the tables (a sync does this by itself when it starts)'),
  ).action(async (flags: Flags) => {
    const report = await migrate(quietStartOptions(flags));
    if (flags.json === true) printJson(terminal, report);
    else if (report.applied.length === 0) {
      terminal.out.write(`Schema ${report.schema} is up to date at version ${report.toVersion}.\n`);
    } else {
      const steps = report.applied.map((name) => `  ${name}\n`).join('');
      terminal.out.write(
        `Schema ${report.schema} migrated from version ${report.fromVersion} to ${report.toVersion}:\n${steps}`,
      );
    }
  });
}
