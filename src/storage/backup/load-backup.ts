import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { BackedUpTable } from '../../domain/backup-report.js';
import { ExchangeSyncError } from '../../domain/errors.js';
import { requireKnown } from '../applied-migrations.js';
import { applyMigrations } from '../apply-migrations.js';
import { qualifiedName, quoteIdentifier } from '../identifier.js';
import { type Migration, readMigrations } from '../migration-files.js';
import { isServerError } from '../postgres-errors.js';
import { countRows } from './backup-content.js';
import { damaged } from './backup-errors.js';
import {
  BACKUP_FORMAT,
  BACKUP_VERSION,
  type BackupHeader,
  type BackupSequences,
  type BackupTable,
  type BackupTableEnd,
  type BackupTrailer,
} from './backup-format.js';
import { BackupReader } from './backup-reader.js';
import type { CopySession } from './copy-session.js';
import { fingerprintOf } from './fingerprint.js';

export interface LoadedBackup {
  readonly header: BackupHeader;
  readonly tables: readonly BackedUpTable[];
}

/**
 * Makes the schema as the backup's was and fills it. Rejects, for the caller to take everything back, with
 * BACKUP_INVALID unless every row arrived as it was, or with SCHEMA_TOO_NEW.
 */
export async function loadBackup(session: CopySession, schema: string, file: string): Promise<LoadedBackup> {
  const reader = new BackupReader(file);
  try {
    const header = requireHeader(await reader.line(), file);
    await applyMigrations(session, schema, await migrationsOf(header, file));
    const tables: BackedUpTable[] = [];
    let next = (await reader.line()) as BackupTable | BackupSequences;
    for (; 'table' in next; next = (await reader.line()) as BackupTable | BackupSequences) {
      tables.push(await loadTable(session, schema, reader, next));
    }
    await continueSequences(session, schema, next);
    const { sha256 } = reader;
    const trailer = (await reader.line()) as BackupTrailer;
    if (trailer.sha256 !== sha256 || trailer.tables !== tables.length) throw damaged(file, 'is damaged');
    await reader.end();
    return { header, tables };
  } finally {
    await reader.close();
  }
}

function requireHeader(line: unknown, file: string): BackupHeader {
  const { format, version } = (line ?? {}) as Partial<Record<keyof BackupHeader, unknown>>;
  if (format !== BACKUP_FORMAT) throw damaged(file, 'is no backup of exchange-sync');
  if (typeof version === 'number' && version > BACKUP_VERSION) {
    throw new ExchangeSyncError(
      'SCHEMA_TOO_NEW',
      `${file} has the backup format ${version} and this program knows ${BACKUP_VERSION}. Restore it with the exchange-sync that wrote it, or a later one; nothing was changed.`,
      { details: { file, version } },
    );
  }
  return line as BackupHeader;
}

async function migrationsOf({ migrations }: BackupHeader, file: string): Promise<readonly Migration[]> {
  const shipped = await readMigrations();
  requireKnown(migrations, `of ${file}`, shipped);
  return shipped.slice(0, migrations.length);
}

async function loadTable(
  session: CopySession,
  schema: string,
  reader: BackupReader,
  table: BackupTable,
): Promise<BackedUpTable> {
  const name = qualifiedName(schema, table.table);
  if (!table.migrated) await createTable(session, name, table);
  // What triggers made of these rows is in the backup; they would change tables that are back already.
  await session.query(`ALTER TABLE ${name} DISABLE TRIGGER USER`);
  const names = table.columns.map((column) => column.name);
  const hash = createHash('sha256');
  let rows = 0;
  const counted = async function* () {
    for await (const chunk of reader.rows()) {
      hash.update(chunk);
      rows += countRows(chunk);
      yield chunk;
    }
  };
  const target = session.copyIn(`COPY ${name} (${names.map(quoteIdentifier).join(', ')}) FROM STDIN`);
  try {
    await pipeline(Readable.from(counted()), target);
  } catch (error: unknown) {
    // What the server wrote it takes back; a damaged file is noticed by it before the checksum is read.
    throw isRefusedRow(error) ? damaged(reader.file, `holds what is no row of ${table.table}`, error) : error;
  }
  await session.query(`ALTER TABLE ${name} ENABLE TRIGGER USER`);
  const end = (await reader.line()) as BackupTableEnd;
  const stored = await fingerprintOf(session, schema, table.table, names);
  if (end.sha256 !== hash.digest('hex') || end.rows !== rows) throw damaged(reader.file, 'is damaged');
  if (stored.rows !== end.rows || stored.fingerprint !== end.fingerprint) {
    throw damaged(reader.file, `does not give ${table.table} back as it was`);
  }
  return { table: table.table, rows };
}

/** Data exceptions and violated constraints, by their classes of SQLSTATE. */
function isRefusedRow(error: unknown): boolean {
  return isServerError(error) && /^2[23]/.test(String((error as { code?: unknown }).code));
}

/** For rows that are kept for reference; ours are made by the migrations, with all that belongs to them. */
async function createTable(session: CopySession, name: string, { columns }: BackupTable): Promise<void> {
  const definitions = columns.map(
    (column) => `${quoteIdentifier(column.name)} ${column.type}${column.notNull ? ' NOT NULL' : ''}`,
  );
  await session.query(`CREATE TABLE ${name} (${definitions.join(', ')})`);
}

async function continueSequences(
  session: CopySession,
  schema: string,
  { sequences }: BackupSequences,
): Promise<void> {
  for (const { table, column, lastValue, isCalled } of sequences) {
    await session.query('SELECT setval(pg_get_serial_sequence($1, $2), $3::bigint, $4)', [
      qualifiedName(schema, table),
      column,
      lastValue,
      isCalled,
    ]);
  }
}
