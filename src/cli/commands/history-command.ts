import { type Command, InvalidArgumentError } from 'commander';
import { SYNCED_DATA_TYPES, type SyncedDataType } from '../../domain/data-type.js';
import { history, type PortfolioFilter } from '../../index.js';
import { accountOption } from '../account-option.js';
import { type Flags, quietStartOptions, withSettingsFlags } from '../flags.js';
import { formatHistory } from '../history-text.js';
import { printJson, type Terminal } from '../output.js';

interface HistoryFlags extends Flags {
  readonly account?: PortfolioFilter;
  readonly limit: number;
  readonly data?: SyncedDataType;
  readonly failed?: boolean;
}

export function addHistoryCommand(program: Command, terminal: Terminal): void {
  withSettingsFlags(
    program
      .command('history')
      .description('show past syncs, newest first')
      .addOption(accountOption())
      .option('--limit <count>', 'at most this many', wholeNumber, 50)
      .option('--data <type>', `only ${SYNCED_DATA_TYPES.join(', ')}`, dataType)
      .option('--failed', 'only those that failed'),
  ).action(async (flags: HistoryFlags) => {
    const entries = await history(
      {
        ...flags.account,
        limit: flags.limit,
        ...(flags.data !== undefined && { dataType: flags.data }),
        ...(flags.failed === true && { status: 'failed' as const }),
      },
      quietStartOptions(flags),
    );
    if (flags.json === true) printJson(terminal, entries);
    else if (entries.length === 0) terminal.out.write('No such sync in the history.\n');
    else terminal.out.write(formatHistory(entries, terminal.out));
  });
}

const MOST_ENTRIES = 10_000;

function wholeNumber(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > MOST_ENTRIES) {
    throw new InvalidArgumentError(`Give a whole number from 1 to ${MOST_ENTRIES}.`);
  }
  return count;
}

function dataType(text: string): SyncedDataType {
  const found = SYNCED_DATA_TYPES.find((known) => known === text.toLowerCase());
  if (found === undefined) {
    throw new InvalidArgumentError(`Give one of ${SYNCED_DATA_TYPES.join(', ')}.`);
  }
  return found;
}
