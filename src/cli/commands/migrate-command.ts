import type { Command } from 'commander';
import type { AdoptedTable, MigrationReport } from '../../domain/migration-report.js';
import { migrate } from '../../index.js';
import { type Flags, quietStartOptions, withSettingsFlags } from '../flags.js';
import { type Column, type Display, formatTable, printJson, type Terminal } from '../output.js';

interface MigrateFlags extends Flags {
  readonly dryRun?: boolean;
  readonly legacyTimezone?: string;
}

const COLUMNS: readonly Column<AdoptedTable>[] = [
  { title: 'table', cell: ({ table }) => table },
  { title: 'rows', align: 'right', cell: ({ rows }) => String(rows) },
  { title: 'copied', align: 'right', cell: ({ copied }) => String(copied) },
  { title: 'merged', align: 'right', cell: ({ merged }) => String(merged) },
  { title: 'set aside', align: 'right', cell: ({ setAside }) => String(setAside) },
  { title: 'kept in', cell: ({ legacyTable }) => legacyTable },
];

export function addMigrateCommand(program: Command, terminal: Terminal): void {
  withSettingsFlags(
    program
      .command('migrate')
      .description(
        'create or update the tables (a sync does this by itself when it starts), and take over those of the program before this one (docs/adoption.md)',
      )
      .option('--dry-run', 'Say what would be done, with row counts, and do nothing.')
      .option(
        '--legacy-timezone <zone>',
        'The time zone of the machine that wrote those tables, e.g. Europe/Berlin; needed where their times have none.',
      ),
  ).action(async (flags: MigrateFlags) => {
    const { dryRun, legacyTimezone } = flags;
    const report = await migrate({ ...quietStartOptions(flags), dryRun, legacyTimezone });
    if (flags.json === true) printJson(terminal, report);
    else terminal.out.write(formatSchema(report) + formatAdoption(report, terminal.out));
  });
}

function formatSchema({ schema, fromVersion, toVersion, applied, dryRun }: MigrationReport): string {
  if (applied.length === 0) return `Schema ${schema} is up to date at version ${toVersion}.\n`;
  const done = dryRun ? 'would be migrated' : 'migrated';
  const steps = applied.map((name) => `  ${name}\n`).join('');
  return `Schema ${schema} ${done} from version ${fromVersion} to ${toVersion}:\n${steps}`;
}

function formatAdoption({ adoption, dryRun }: MigrationReport, display: Display): string {
  if (adoption === null) return '';
  const { tables, timezone, timezoneMissing } = adoption;
  const reasons = tables.flatMap(({ table, reasons: ofTable }) =>
    ofTable.map(({ reason, rows }) => `  ${table}: ${rows} ${rows === 1 ? 'row' : 'rows'}: ${reason}\n`),
  );
  const columns = tables.flatMap(({ legacyTable, columnsLeftBehind }) =>
    columnsLeftBehind.length === 0 ? [] : [`  ${legacyTable}: ${columnsLeftBehind.join(', ')}\n`],
  );
  return [
    `\n${dryRun ? 'These tables would be taken over:' : 'Taken over:'}\n${formatTable(tables, COLUMNS, display)}`,
    timezone === null ? '' : `Times without a time zone: read as ${timezone}.\n`,
    reasons.length === 0 ? '' : `\nNot copied, with the reason:\n${reasons.join('')}`,
    columns.length === 0 ? '' : `\nColumns that only those tables have:\n${columns.join('')}`,
    timezoneMissing ? '\nTheir times have no time zone: it takes --legacy-timezone ZONE, too.\n' : '',
    dryRun ? '\nNothing was changed.\n' : '',
  ].join('');
}
