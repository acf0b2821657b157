import type { Command } from 'commander';
import type { BackfillReport } from '../../domain/backfill-report.js';
import { HISTORY_DATA_TYPES, type HistoryDataType } from '../../domain/data-type.js';
import { exchangeDataSynchronizer } from '../../index.js';
import { formatBackfill } from '../backfill-text.js';
import { ExitCode, exitCodeOfReports } from '../exit-code.js';
import { type Flags, withSettingsFlags } from '../flags.js';
import { runHistoryWork } from '../history-work.js';
import { coloured, type Display, type Terminal } from '../output.js';
import { TARGET_ARGUMENT, TARGET_MEANING } from '../target-argument.js';

interface BackfillFlags extends Flags {
  readonly type?: HistoryDataType;
  readonly from?: string;
  readonly allSymbols?: boolean;
}

export function addBackfillCommand(
  program: Command,
  terminal: Terminal,
  exit: (code: ExitCode) => void,
): void {
  withSettingsFlags(
    program
      .command('backfill')
      .description(
        'read what is missing of fills, transfers and ledger, newest first; it can be stopped and goes on',
      )
      .argument(TARGET_ARGUMENT, TARGET_MEANING)
      .option(
        '--from <date>',
        'Only from this day (UTC) or time on, e.g. 2024-01-31; else as far back as the exchange serves.',
      )
      .option('--type <type>', `only ${HISTORY_DATA_TYPES.join(', ')}`)
      .option(
        '--all-symbols',
        'Every market where the exchange wants one per request; else those that can hold fills.',
      ),
    ['vaultFile', 'vaultKeyFile'],
  ).action(async (target: string | undefined, flags: BackfillFlags) => {
    const { type, from, allSymbols } = flags;
    const options = {
      ...(target !== undefined && { target }),
      ...(type !== undefined && { dataType: type }),
      ...(from !== undefined && { from }),
      ...(allSymbols !== undefined && { allSymbols }),
    };
    exit(
      await runHistoryWork(
        {
          start: (start) => exchangeDataSynchronizer.backfill(options, start),
          describe: (report) => formatBackfill(report, terminal.out) + verdict(report, terminal.out),
          exitCode: ({ results }) => exitCodeOfReports(results),
        },
        flags,
        terminal,
      ),
    );
  });
}

function verdict({ results }: BackfillReport, display: Display): string {
  if (exitCodeOfReports(results) !== ExitCode.OK)
    return '\nNot everything could be read; the same command goes on from there.\n';
  return `\n${coloured('Everything that the exchanges serve is read.', 'green', display)}\n`;
}
