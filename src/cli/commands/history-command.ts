import { type Command, InvalidArgumentError } from 'commander';
import { accountId } from '../../domain/account.js';
import { SYNCED_DATA_TYPES, type SyncedDataType } from '../../domain/data-type.js';
import type { HistoryEntry } from '../../domain/views.js';
import { history } from '../../index.js';
import { type Flags, quietStartOptions, withSettingsFlags } from '../flags.js';
import { type Column, type Display, formatTable, formatTime, printJson, type Terminal } from '../output.js';
import { formatProblems, type Problem, STATUS_COLOURS } from '../problem-list.js';

interface HistoryFlags extends Flags {
  readonly limit: number;
  readonly data?: SyncedDataType;
  readonly failed?: boolean;
}

const COLUMNS: readonly Column<HistoryEntry>[] = [
  { title: 'started', cell: ({ startedAt }) => formatTime(startedAt) },
  { title: 'account', cell: accountId },
  { title: 'data', cell: ({ dataType }) => dataType },
  { title: 'status', cell: ({ status }) => status, colour: ({ status }) => STATUS_COLOURS[status] },
  { title: 'rows', align: 'right', cell: ({ itemsSynced }) => String(itemsSynced) },
  { title: 'of', align: 'right', cell: ({ itemsProcessed }) => String(itemsProcessed), leaveOut: 2 },
  { title: 'requests', align: 'right', cell: ({ requests }) => requests?.toString() ?? null, leaveOut: 3 },
  { title: 'error', cell: ({ errorCode }) => errorCode, leaveOut: 1 },
];

export function addHistoryCommand(program: Command, terminal: Terminal): void {
  withSettingsFlags(
    program
      .command('history')
      .description('show past syncs, newest first')
      .option('--limit <count>', 'at most this many', wholeNumber, 50)
      .option('--data <type>', `only ${SYNCED_DATA_TYPES.join(', ')}`, dataType)
      .option('--failed', 'only those that failed'),
  ).action(async (flags: HistoryFlags) => {
    const entries = await history(
      {
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

function formatHistory(entries: readonly HistoryEntry[], display: Display): string {
  const problems = formatProblems(entries.flatMap(problemOf), display);
  return formatTable(entries, COLUMNS, display) + (problems === '' ? '' : `\n${problems}`);
}

function problemOf(entry: HistoryEntry): Problem[] {
  const { dataType, errorCode, errorMessage } = entry;
  if (errorCode === null) return [];
  return [{ account: accountId(entry), subject: dataType, code: errorCode, message: errorMessage ?? '' }];
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
