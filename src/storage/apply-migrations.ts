import { ExchangeSyncError } from '../domain/errors.js';
import { MIGRATIONS_TABLE } from './applied-migrations.js';
import type { Transaction } from './database.js';
import { qualifiedName, quoteIdentifier } from './identifier.js';
import type { Migration } from './migration-files.js';

const DUPLICATE_OBJECT = new Set(['42P07', '42710']);

/** Applies them in order and notes each. Rejects with MIGRATION_FAILED, which names the file and line. */
export async function applyMigrations(
  transaction: Transaction,
  schema: string,
  pending: readonly Migration[],
): Promise<void> {
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
