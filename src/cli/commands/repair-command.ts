import { type Command, InvalidArgumentError } from 'commander';
import type { BackfillReport } from '../../domain/backfill-report.js';
import { HISTORY_DATA_TYPES, type HistoryDataType } from '../../domain/data-type.js';
import { exchangeDataSynchronizer } from '../../index.js';
import { formatBackfill } from '../backfill-text.js';
import { ExitCode, exitCodeOfReports } from '../exit-code.js';
import { type Flags, withSettingsFlags } from '../flags.js';
import { runHistoryWork } from '../history-work.js';
import type { Terminal } from '../output.js';
import { TARGET_ARGUMENT, TARGET_MEANING } from '../target-argument.js';

interface RepairFlags extends Flags {
  readonly type?: HistoryDataType;
}

interface RangeArgument {
  readonly from: string;
  readonly to: string;
}

export function addRepairCommand(program: Command, terminal: Terminal, exit: (code: ExitCode) => void): void {
  withSettingsFlags(
    program
      .command('repair')
      .description('read a range of fills, transfers and ledger once more, although it is covered')
      .argument(
        '<from..to>',
        'e.g. 2024-01-31..2024-02-02 (UTC, without the last day), or times with their zone',
        rangeArgument,
      )
      .argument(TARGET_ARGUMENT, TARGET_MEANING)
      .option('--type <type>', `only ${HISTORY_DATA_TYPES.join(', ')}`),
    ['vaultFile', 'vaultKeyFile'],
  ).action(async (range: RangeArgument, target: string | undefined, flags: RepairFlags) => {
    const { type } = flags;
    const options = {
      ...range,
      ...(target !== undefined && { target }),
      ...(type !== undefined && { dataType: type }),
    };
    exit(
      await runHistoryWork(
        {
          start: (start) => exchangeDataSynchronizer.repair(options, start),
          describe: (report) => `${formatBackfill(report, terminal.out)}\n${verdict(report)}`,
          exitCode,
        },
        flags,
        terminal,
      ),
    );
  });
}

function rangeArgument(text: string): RangeArgument {
  const [from, to, ...rest] = text.split('..');
  if (from === undefined || to === undefined || rest.length > 0) {
    throw new InvalidArgumentError('Give where it begins and ends, e.g. 2024-01-31..2024-02-02.');
  }
  return { from, to };
}

/** What is lost was asked for and can't be read again: that is not all. */
function exitCode({ results }: BackfillReport): ExitCode {
  const code = exitCodeOfReports(results);
  return code === ExitCode.OK && results.some(({ lost }) => lost.length > 0) ? ExitCode.PARTIAL : code;
}

function verdict({ results }: BackfillReport): string {
  const rows = results.reduce((sum, result) => sum + result.rows, 0);
  const newRows = results.reduce((sum, result) => sum + result.newRows, 0);
  return `${rows} rows read again, ${newRows} of them new.\n`;
}
