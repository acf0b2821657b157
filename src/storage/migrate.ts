import { ExchangeSyncError } from '../domain/errors.js';
import type { AdoptionReport, MigrationReport } from '../domain/migration-report.js';
import type { Logger } from '../logging/logger.js';
import { Adoption } from './adoption/adoption.js';
import { lockMigrations, pendingMigrations } from './applied-migrations.js';
import { applyMigrations } from './apply-migrations.js';
import type { Queryable, Transaction } from './database.js';
import { type Migration, readMigrations } from './migration-files.js';
import type { PostgresDatabase } from './postgres-database.js';

const OLDEST_SERVER = 140_000;
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
      if (!options.dryRun) await lockMigrations(transaction, schema);
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
  if (pending.length > 0) await applyMigrations(transaction, schema, pending);
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
