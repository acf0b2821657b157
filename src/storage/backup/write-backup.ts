import { createWriteStream } from 'node:fs';
import { access, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { ServerDatabaseSettings } from '../../config/settings.js';
import type { BackedUpTable, BackupOptions, BackupReport } from '../../domain/backup-report.js';
import { type Clock, systemClock } from '../../domain/clock.js';
import { ExchangeSyncError } from '../../domain/errors.js';
import { removeLeftovers, temporaryNameFor } from '../../files/temporary-name.js';
import { appliedMigrations, requireKnown } from '../applied-migrations.js';
import { readMigrations } from '../migration-files.js';
import { backupContent } from './backup-content.js';
import { fileFailure, isFileError } from './backup-errors.js';
import { BACKUP_FORMAT, BACKUP_VERSION } from './backup-format.js';
import { checkBackup } from './check-backup.js';
import { CopySession } from './copy-session.js';
import { tablesToBackUp } from './tables-to-back-up.js';

export interface WriteBackupOptions extends BackupOptions {
  readonly settings: ServerDatabaseSettings;
  readonly clock?: Clock;
}

/**
 * Writes all tables of the schema as of one moment into a file that is there in full or not at all, of mode
 * 0600. Nobody is kept from writing meanwhile. Rejects with BACKUP_FAILED, SCHEMA_OUTDATED or what the
 * database says.
 */
export async function writeBackup(options: WriteBackupOptions): Promise<BackupReport> {
  const { settings, file, force = false, check = false } = options;
  if (!force) await requireAbsent(file);
  const temporary = temporaryNameFor(file);
  try {
    const written = await CopySession.run(
      {
        settings,
        applicationName: 'exchange-sync backup',
        mode: 'ISOLATION LEVEL REPEATABLE READ, READ ONLY',
      },
      (session) => writeFrom(session, temporary, options),
    );
    // What turns out not to be what was written never gets the name that people trust.
    if (check) await checkBackup(settings, temporary);
    await rename(temporary, file);
    return { ...written, checked: check };
  } catch (error: unknown) {
    await rm(temporary, { force: true });
    throw isFileError(error) ? fileFailure(file, error) : error;
  }
}

async function writeFrom(
  session: CopySession,
  temporary: string,
  { settings: { schema }, file, clock = systemClock }: WriteBackupOptions,
): Promise<Omit<BackupReport, 'checked'>> {
  const migrations = await readMigrations();
  const applied = await appliedMigrations(session, schema);
  requireKnown(applied, schema, migrations);
  if (applied.length === 0) throw nothingThere(schema);
  const { tables, leftOut } = await tablesToBackUp(session, schema, migrations.slice(0, applied.length));
  const header = {
    format: BACKUP_FORMAT,
    version: BACKUP_VERSION,
    createdAt: new Date(clock.now()).toISOString(),
    schema,
    migrations: applied,
  } as const;
  const done: BackedUpTable[] = [];
  const onTable = (table: string, rows: number) => done.push({ table, rows });
  await removeLeftovers(dirname(file), file);
  const bytes = await writeZipped(temporary, backupContent({ session, header, tables, onTable }));
  return {
    ...{ file, bytes, schema, schemaVersion: applied.length, createdAt: header.createdAt },
    ...{ tables: done, leftOut },
  };
}

async function writeZipped(path: string, content: AsyncIterable<Buffer>): Promise<number> {
  const target = createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true });
  await pipeline(Readable.from(content), createGzip(), target);
  return (await stat(path)).size;
}

async function requireAbsent(file: string): Promise<void> {
  const there = await access(file).then(
    () => true,
    () => false,
  );
  if (!there) return;
  throw new ExchangeSyncError(
    'BACKUP_FAILED',
    `${file} is there already. Name another file, or use --force to replace it.`,
    { details: { file } },
  );
}

function nothingThere(schema: string): ExchangeSyncError {
  return new ExchangeSyncError(
    'SCHEMA_OUTDATED',
    `Schema "${schema}" holds nothing of exchange-sync. Name the right database and DB_SCHEMA, or run \`exchange-sync migrate\` first.`,
    { details: { schema } },
  );
}
