import { ExchangeSyncError } from '../domain/errors.js';
import type { Queryable, Transaction } from './database.js';
import { qualifiedName } from './identifier.js';
import type { Migration } from './migration-files.js';

/** The table that says which migrations a schema has had. */
export const MIGRATIONS_TABLE = 'exchange_sync_migrations';

/** Held until the transaction ends: two processes that start at once migrate one after the other. */
export async function lockMigrations(transaction: Transaction, schema: string): Promise<void> {
  await transaction.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [
    `exchange-sync migrations of ${schema}`,
  ]);
}

/**
 * Those of `migrations` that the schema has not had. Rejects with SCHEMA_TOO_NEW, or MIGRATION_FAILED where it
 * has had another one of the same number.
 */
export async function pendingMigrations(
  queryable: Queryable,
  schema: string,
  migrations: readonly Migration[],
): Promise<readonly Migration[]> {
  const applied = await appliedMigrations(queryable, schema);
  requireKnown(applied, schema, migrations);
  return migrations.slice(applied.length);
}

/** Whether this program has what the schema, or a backup of one, was made with. */
export function requireKnown(
  applied: readonly AppliedMigration[],
  schema: string,
  migrations: readonly Migration[],
): void {
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
}

export interface AppliedMigration {
  readonly version: number;
  readonly file: string;
  readonly checksum: string;
}

export async function appliedMigrations(
  queryable: Queryable,
  schema: string,
): Promise<readonly AppliedMigration[]> {
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
