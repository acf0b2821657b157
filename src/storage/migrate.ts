import { ExchangeSyncError } from '../domain/errors.js';
import type { AdoptionReport, MigrationReport } from '../domain/views.js';
import type { Logger } from '../logging/logger.js';
import { Adoption } from './adoption/adoption.js';
import type { Queryable, Transaction } from './database.js';
import { qualifiedName, quoteIdentifier } from './identifier.js';
import { type Migration, readMigrations } from './migration-files.js';
import type { PostgresDatabase } from './postgres-database.js';

const MIGRATIONS_TABLE = 'exchange_sync_migrations';
const OLDEST_SERVER = 140_000;
const DUPLICATE_OBJECT = new Set(['42P07', '42710']);
const MINUTE_MS = 60_000;

/** For one migration file, and for waiting while another process migrates. */
const STATEMENT_TIMEOUT_MS = 10 * MINUTE_MS;
const LOCK_TIMEOUT_MS = 3_000;

export interface MigrateOptions {
  /** Reports what would be done and changes nothing. */
  readonly dryRun?: boolean;
  /** Whether to take over tables of the program that this one replaces. */
  readonly adopt?: boolean;
  /** The zone of their times, where they have none. */
  readonly legacyTimezone?: string | undefined;
  /** How long to wait for whoever uses them; 3 s by default. */
  readonly lockTimeoutMs?: number;
  /** What ships with the program, unless a test has others. */
  readonly migrations?: readonly Migration[];
}

/**
 * Brings the schema to this program's version: all that is missing, in one transaction, or nothing.
 * Tables of the program that this one replaces are taken over in the same transaction, if asked for.
 * Rejects with DATABASE_VERSION, SCHEMA_TOO_NEW, ADOPTION_NEEDED, LEGACY_TABLES_IN_USE, CONFIG_INVALID for
 * the time zone, or MIGRATION_FAILED that names the file and line.
 */
export async function migrate(
  database: PostgresDatabase,
  schema: string,
  logger: Logger,
  options: MigrateOptions = {},
): Promise<MigrationReport> {
  const migrations = options.migrations ?? (await readMigrations());
  const report = await database.transaction(
    async (transaction) => {
      await requireSupportedServer(transaction);
      if (!options.dryRun) await lock(transaction, schema);
      const pending = await pendingMigrations(transaction, schema, migrations);
      const fromVersion = migrations.length - pending.length;
      const adoption =
        fromVersion === 0 ? await findAdoption(transaction, database, schema, options) : undefined;
      return {
        schema,
        fromVersion,
        toVersion: migrations.length,
        applied: pending.map(({ file }) => file),
        dryRun: options.dryRun ?? false,
        adoption: options.dryRun
          ? ((await adoption?.preview(transaction)) ?? null)
          : await applyAndAdopt(transaction, schema, pending, adoption),
      };
    },
    { statementTimeoutMs: STATEMENT_TIMEOUT_MS },
  );
  if (report.applied.length > 0 && !options.dryRun) logger.info('Database schema migrated', { ...report });
  return report;
}

/** Who only wants the schema up to date must not rename tables that another program may still use. */
async function findAdoption(
  transaction: Transaction,
  database: PostgresDatabase,
  schema: string,
  { adopt = false, dryRun = false, legacyTimezone, lockTimeoutMs = LOCK_TIMEOUT_MS }: MigrateOptions,
): Promise<Adoption | undefined> {
  if (dryRun && !adopt) return undefined;
  const adoption = await Adoption.find(transaction, { schema, legacyTimezone, lockTimeoutMs, database });
  if (adoption === undefined || adopt) return adoption;
  throw new ExchangeSyncError(
    'ADOPTION_NEEDED',
    `Schema "${schema}" holds ${adoption.tables.join(', ')} of the program that this one replaces. Stop that program, see by \`exchange-sync migrate --dry-run\` what would become of each row, then run \`exchange-sync migrate\`. Or name another schema with DB_SCHEMA.`,
    { details: { schema, tables: adoption.tables, retryable: false } },
  );
}

async function applyAndAdopt(
  transaction: Transaction,
  schema: string,
  pending: readonly Migration[],
  adoption: Adoption | undefined,
): Promise<AdoptionReport | null> {
  await adoption?.begin(transaction);
  if (pending.length > 0) await apply(transaction, schema, pending);
  return (await adoption?.finish(transaction)) ?? null;
}

async function requireSupportedServer(queryable: Queryable): Promise<void> {
  const { rows } = await queryable.query<{ number: number; version: string }>(
    `SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS version`,
  );
  const server = rows[0];
  if (server && server.number < OLDEST_SERVER) {
    throw new ExchangeSyncError(
      'DATABASE_VERSION',
      `The PostgreSQL server has version ${server.version}; 14 or later is needed. Upgrade it, or leave the DB_* settings and DATABASE_URL unset to use the embedded one.`,
    );
  }
}

/** Held until the transaction ends: two processes that start at once migrate one after the other. */
async function lock(transaction: Transaction, schema: string): Promise<void> {
  await transaction.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [
    `exchange-sync migrations of ${schema}`,
  ]);
}

async function pendingMigrations(
  queryable: Queryable,
  schema: string,
  migrations: readonly Migration[],
): Promise<readonly Migration[]> {
  const applied = await appliedMigrations(queryable, schema);
  for (const { version, checksum, file } of applied) {
    const shipped = migrations[version - 1];
    if (!shipped) {
      throw new ExchangeSyncError(
        'SCHEMA_TOO_NEW',
        `Schema "${schema}" has version ${applied.length} and this program knows ${migrations.length}. Upgrade exchange-sync, or name another schema with DB_SCHEMA.`,
        { details: { schema, databaseVersion: applied.length, programVersion: migrations.length } },
      );
    }
    if (shipped.checksum !== checksum) {
      throw new ExchangeSyncError(
        'MIGRATION_FAILED',
        `Schema "${schema}" was migrated with another ${file} than this program has. Install the exchange-sync that migrated it, or name another schema with DB_SCHEMA.`,
        { details: { schema, file } },
      );
    }
  }
  return migrations.slice(applied.length);
}

interface AppliedMigration {
  readonly version: number;
  readonly file: string;
  readonly checksum: string;
}

async function appliedMigrations(queryable: Queryable, schema: string): Promise<readonly AppliedMigration[]> {
  const table = qualifiedName(schema, MIGRATIONS_TABLE);
  const { rows: found } = await queryable.query<{ exists: boolean }>(
    'SELECT to_regclass($1) IS NOT NULL AS exists',
    [table],
  );
  if (!found[0]?.exists) return [];
  const { rows } = await queryable.query<AppliedMigration>(
    `SELECT version, file, checksum FROM ${table} ORDER BY version`,
  );
  return rows;
}

async function apply(transaction: Transaction, schema: string, pending: readonly Migration[]): Promise<void> {
  await createSchema(transaction, schema);
  const table = qualifiedName(schema, MIGRATIONS_TABLE);
  await transaction.query(
    `CREATE TABLE IF NOT EXISTS ${table} (
       version INTEGER PRIMARY KEY,
       file TEXT NOT NULL,
       checksum TEXT NOT NULL,
       applied_at TIMESTAMPTZ NOT NULL DEFAULT now()
     )`,
  );
  for (const migration of pending) {
    await transaction.query(`SET LOCAL search_path = ${quoteIdentifier(schema)}`);
    await applyOne(transaction, schema, migration);
    await transaction.query(`INSERT INTO ${table} (version, file, checksum) VALUES ($1, $2, $3)`, [
      migration.version,
      migration.file,
      migration.checksum,
    ]);
  }
  await transaction.query('SET LOCAL search_path = pg_catalog, pg_temp');
}

/** Looks first: CREATE SCHEMA IF NOT EXISTS asks for the privilege also where there is nothing to create. */
async function createSchema(transaction: Transaction, schema: string): Promise<void> {
  const { rowCount } = await transaction.query('SELECT FROM pg_namespace WHERE nspname = $1', [schema]);
  if (rowCount === 0) await transaction.query(`CREATE SCHEMA ${quoteIdentifier(schema)}`);
}

async function applyOne(transaction: Transaction, schema: string, migration: Migration): Promise<void> {
  try {
    await transaction.query(migration.sql);
  } catch (error: unknown) {
    if (error instanceof ExchangeSyncError && error.code === 'DATABASE_ERROR') {
      throw migrationError(error, schema, migration);
    }
    throw error;
  }
}

function migrationError(error: ExchangeSyncError, schema: string, migration: Migration): ExchangeSyncError {
  const { sqlState, position } = error.details;
  const line = lineOf(migration.sql, position);
  const place = line === undefined ? migration.file : `${migration.file}, line ${line}`;
  const said = error.cause instanceof Error ? error.cause.message : error.message;
  const remedy =
    typeof sqlState === 'string' && DUPLICATE_OBJECT.has(sqlState)
      ? `Schema "${schema}" already holds something of that name which this program did not make, and which it leaves alone. Name another schema with DB_SCHEMA, or rename what is there.`
      : 'Nothing of it was kept.';
  return new ExchangeSyncError('MIGRATION_FAILED', `Migration ${place}: ${said}. ${remedy}`, {
    details: { ...error.details, schema, file: migration.file, ...(line !== undefined && { line }) },
    cause: error,
  });
}

/** PostgreSQL counts characters from 1, over the whole text that was sent. */
function lineOf(sql: string, position: unknown): number | undefined {
  const offset = Number(position);
  if (!Number.isInteger(offset) || offset < 1) return undefined;
  return [...sql].slice(0, offset - 1).filter((character) => character === '\n').length + 1;
}
