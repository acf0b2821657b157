import type { ServerDatabaseSettings } from '../../config/settings.js';
import type { RestoreOptions, RestoreReport } from '../../domain/backup-report.js';
import { ExchangeSyncError } from '../../domain/errors.js';
import { appliedMigrations, lockMigrations, MIGRATIONS_TABLE, requireKnown } from '../applied-migrations.js';
import { applyMigrations } from '../apply-migrations.js';
import type { Queryable } from '../database.js';
import { qualifiedName, quoteIdentifier } from '../identifier.js';
import { type Migration, readMigrations } from '../migration-files.js';
import { CopySession } from './copy-session.js';
import { loadBackup } from './load-backup.js';
import { type ObjectKind, objectsOf, ownTables } from './schema-objects.js';

export interface RestoreBackupOptions extends RestoreOptions {
  readonly settings: ServerDatabaseSettings;
}

const LOCK_TIMEOUT_MS = 3_000;
const APPLICATION = 'exchange-sync';

/**
 * Puts the backup into the schema, in one transaction: all of it, checked, or nothing. Then the schema is
 * brought to this program's version. Rejects with RESTORE_REFUSED, BACKUP_INVALID or SCHEMA_TOO_NEW.
 */
export async function restoreBackup(options: RestoreBackupOptions): Promise<RestoreReport> {
  const { settings, file } = options;
  const { schema } = settings;
  return await CopySession.run(
    { settings, applicationName: 'exchange-sync restore', mode: 'READ WRITE' },
    async (session) => {
      const migrations = await readMigrations();
      await lockMigrations(session, schema);
      await session.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
      await makeRoom(session, options, migrations);
      const { header, tables } = await loadBackup(session, schema, file);
      await applyMigrations(session, schema, migrations.slice(header.migrations.length));
      return {
        ...{ file, schema, createdAt: header.createdAt, tables },
        ...{ fromVersion: header.migrations.length, toVersion: migrations.length },
      };
    },
  );
}

/** Whoever syncs meanwhile would go on writing by what it knew of the database that was replaced. */
async function requireNobody(queryable: Queryable, schema: string): Promise<void> {
  const { rows } = await queryable.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = $1 AND pid <> pg_backend_pid() ORDER BY pid`,
    [APPLICATION],
  );
  if (rows.length === 0) return;
  const processes = rows.map(({ pid }) => pid);
  throw new ExchangeSyncError(
    'RESTORE_REFUSED',
    `exchange-sync is at work on this database (server processes ${processes.join(', ')}). Stop the service or host first, then restore again; nothing was changed.`,
    { details: { schema, processes } },
  );
}

async function makeRoom(
  session: CopySession,
  { settings: { schema }, force = false }: RestoreBackupOptions,
  migrations: readonly Migration[],
): Promise<void> {
  requireKnown(await appliedMigrations(session, schema), schema, migrations);
  const tables = await present(session, schema, [...ownTables(migrations), MIGRATIONS_TABLE]);
  // Of an empty schema nobody knows anything.
  if (tables.length > 0) await requireNobody(session, schema);
  const filled = force ? [] : await withRows(session, schema, tables);
  if (filled.length > 0) {
    throw new ExchangeSyncError(
      'RESTORE_REFUSED',
      `Schema "${schema}" holds rows already (${filled.join(', ')}). Name an empty schema with DB_SCHEMA, or use --force to replace them; nothing was changed.`,
      { details: { schema, tables: filled } },
    );
  }
  await drop(session, schema, 'VIEW', await present(session, schema, objectsOf(migrations, 'VIEW')));
  await drop(session, schema, 'TABLE', tables);
  await drop(session, schema, 'FUNCTION', objectsOf(migrations, 'FUNCTION'));
  await drop(session, schema, 'DOMAIN', objectsOf(migrations, 'DOMAIN'));
}

async function present(queryable: Queryable, schema: string, names: readonly string[]) {
  const { rows } = await queryable.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relname = ANY ($2::text[]) AND c.relkind IN ('r', 'p', 'v') ORDER BY 1`,
    [schema, names],
  );
  return rows.map(({ name }) => name);
}

/** A schema that has only been migrated is as good as empty. */
async function withRows(queryable: Queryable, schema: string, tables: readonly string[]) {
  const filled: string[] = [];
  for (const table of tables) {
    if (table === MIGRATIONS_TABLE) continue;
    const { rowCount } = await queryable.query(`SELECT FROM ${qualifiedName(schema, table)} LIMIT 1`);
    if (rowCount > 0) filled.push(table);
  }
  return filled;
}

/** Without CASCADE: what others have built on it is not ours to drop, and the error names it. */
async function drop(session: CopySession, schema: string, kind: ObjectKind, names: readonly string[]) {
  if (names.length === 0) return;
  // A schema that does not exist holds nothing.
  const { rowCount } = await session.query('SELECT FROM pg_namespace WHERE nspname = $1', [schema]);
  if (rowCount === 0) return;
  const list = names.map((name) => `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`).join(', ');
  await session.query(`DROP ${kind} IF EXISTS ${list}`);
}
