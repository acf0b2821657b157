import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { BackedUpTable, BackupReport, RestoreReport } from '../../domain/backup-report.js';
import { backup, databaseConnection, restore } from '../../index.js';
import { connectionUrl, shellExports } from '../connection-text.js';
import { type Flags, quietStartOptions, withSettingsFlags } from '../flags.js';
import { type Column, type Display, formatTable, formatTime, printJson, type Terminal } from '../output.js';

interface FileFlags extends Flags {
  readonly force?: boolean;
  readonly check?: boolean;
}

interface ConnectionFlags extends Flags {
  readonly withPassword?: boolean;
}

const COLUMNS: readonly Column<BackedUpTable>[] = [
  { title: 'table', cell: ({ table }) => table },
  { title: 'rows', align: 'right', cell: ({ rows }) => String(rows) },
];

export function addDbCommand(program: Command, terminal: Terminal): void {
  const db = program.command('db').description('back up and restore the database, and reach it with psql');
  addBackupCommand(db, terminal);
  addRestoreCommand(db, terminal);
  addConnectionCommand(db, terminal, {
    name: 'url',
    description: 'print a connection URL of the database',
    print: connectionUrl,
    end: '\n',
  });
  addConnectionCommand(db, terminal, {
    name: 'shell-env',
    description: 'print exports for a shell: eval "$(exchange-sync db shell-env)"; psql',
    print: shellExports,
    end: '',
  });
}

function addBackupCommand(db: Command, terminal: Terminal): void {
  withSettingsFlags(
    db
      .command('backup')
      .argument('<file>', 'where to write it, e.g. books.backup.gz')
      .description('write everything of one moment into a file, also while a service runs')
      .option('--check', 'Restore it at once beside the data, compare every table, and take that back.')
      .option('--force', 'Replace the file if it is there.'),
  ).action(async (file: string, flags: FileFlags) => {
    const { force, check } = flags;
    const report = await backup({ file: resolve(file), force, check }, quietStartOptions(flags));
    if (flags.json === true) printJson(terminal, report);
    else terminal.out.write(formatBackup(report, terminal.out));
  });
}

function addRestoreCommand(db: Command, terminal: Terminal): void {
  withSettingsFlags(
    db
      .command('restore')
      .argument('<file>', 'what `db backup` wrote')
      .description('put a backup into an empty schema: all of it, checked, or nothing')
      .option('--force', 'Replace what the schema holds of this program.'),
  ).action(async (file: string, flags: FileFlags) => {
    const report = await restore({ file: resolve(file), force: flags.force }, quietStartOptions(flags));
    if (flags.json === true) printJson(terminal, report);
    else terminal.out.write(formatRestore(report, terminal.out));
  });
}

interface ConnectionCommand {
  readonly name: string;
  readonly description: string;
  readonly print: typeof connectionUrl;
  readonly end: string;
}

function addConnectionCommand(db: Command, terminal: Terminal, command: ConnectionCommand): void {
  const { name, description, print, end } = command;
  withSettingsFlags(
    db
      .command(name)
      .description(description)
      .option('--with-password', 'Print the password, too: it stays in the terminal and its history.'),
  ).action(async (flags: ConnectionFlags) => {
    const { withPassword = false } = flags;
    const connection = await databaseConnection(quietStartOptions(flags));
    const { password, ...shown } = connection;
    if (flags.json === true) printJson(terminal, withPassword ? connection : shown);
    else terminal.out.write(print(connection, withPassword) + end);
    for (const note of notes(connection.embedded, withPassword)) terminal.err.write(`${note}\n`);
  });
}

function notes(embedded: boolean, withPassword: boolean): readonly string[] {
  return [
    withPassword
      ? 'This holds the password of the database: keep it out of logs and shared terminals.'
      : 'The password is left out; --with-password prints it.',
    ...(embedded
      ? ['The embedded database runs while a service or host uses it, each time on this port if it is free.']
      : []),
  ];
}

function formatBackup(report: BackupReport, display: Display): string {
  const { file, bytes, schema, schemaVersion, tables, leftOut, checked } = report;
  return [
    formatTable(tables, COLUMNS, display),
    `\nSchema ${schema}, version ${schemaVersion}: ${file}, ${bytes} bytes.\n`,
    checked ? 'Checked: restored beside the data, every table is the same.\n' : '',
    leftOut.length === 0 ? '' : `Left out, not made by exchange-sync: ${leftOut.join(', ')}.\n`,
  ].join('');
}

function formatRestore(report: RestoreReport, display: Display): string {
  const { file, schema, createdAt, fromVersion, toVersion, tables } = report;
  const migrated =
    fromVersion === toVersion ? '' : `Then migrated from version ${fromVersion} to ${toVersion}.\n`;
  return [
    formatTable(tables, COLUMNS, display),
    `\nSchema ${schema} restored from ${file} of ${formatTime(createdAt)}: every table is the same.\n`,
    migrated,
  ].join('');
}
