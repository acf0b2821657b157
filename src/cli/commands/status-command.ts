import type { Command } from 'commander';
import { accountId } from '../../domain/account.js';
import type { DataTypeStatus, SynchronizerStatus } from '../../domain/views.js';
import { status } from '../../index.js';
import { type Flags, quietStartOptions, withSettingsFlags } from '../flags.js';
import { type Column, formatTable, formatTime, printJson, type Terminal } from '../output.js';

const COLUMNS: readonly Column<DataTypeStatus>[] = [
  { title: 'account', cell: accountId },
  { title: 'data', cell: ({ dataType }) => dataType },
  { title: 'status', cell: (row) => row.status },
  { title: 'last sync', cell: ({ lastSync }) => formatTime(lastSync) },
  { title: 'last success', cell: ({ lastSuccess }) => formatTime(lastSuccess) },
  { title: 'next sync', cell: ({ nextSync }) => formatTime(nextSync) },
  { title: 'error', cell: ({ errorCode }) => errorCode },
];

export function addStatusCommand(program: Command, terminal: Terminal): void {
  withSettingsFlags(
    program
      .command('status')
      .description('show when each account and data type was last read, and what is wrong with it'),
  ).action(async (flags: Flags) => {
    const current = await status(quietStartOptions(flags));
    if (flags.json === true) printJson(terminal, current);
    else terminal.out.write(formatStatus(current));
  });
}

function formatStatus({ dataTypes, circuits, suspensions }: SynchronizerStatus): string {
  if (dataTypes.length === 0) return 'Nothing has been synced yet: exchange-sync run --one-time\n';
  const problems = [
    ...dataTypes.flatMap((row) =>
      row.scopes
        .filter(({ errorCode }) => errorCode !== null)
        .map(
          ({ scope, errorCode, lastCompleteAt }) =>
            `${accountId(row)} ${row.dataType} ${scope}: ${errorCode}, last complete ${formatTime(lastCompleteAt) ?? 'never'}\n`,
        ),
    ),
    ...circuits.map(
      ({ exchange, state, until, reason }) =>
        `${exchange}: circuit ${state} until ${formatTime(until)}: ${reason}\n`,
    ),
    ...suspensions.map(
      (suspension) =>
        `${accountId(suspension)}: suspended until ${formatTime(suspension.until)}: ${suspension.reason}\n`,
    ),
  ];
  return formatTable(dataTypes, COLUMNS) + (problems.length === 0 ? '' : '\n') + problems.join('');
}
