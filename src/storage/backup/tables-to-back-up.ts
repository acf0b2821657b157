import { MIGRATIONS_TABLE } from '../applied-migrations.js';
import type { Queryable } from '../database.js';
import type { Migration } from '../migration-files.js';
import type { BackupColumn, BackupTable } from './backup-format.js';
import { objectsOf, ownTables } from './schema-objects.js';

export interface TablesToBackUp {
  readonly tables: readonly BackupTable[];
  /** Tables of the schema that are not this program's. */
  readonly leftOut: readonly string[];
}

/** Every table of ours in the schema, with its columns in their order. */
export async function tablesToBackUp(
  queryable: Queryable,
  schema: string,
  migrations: readonly Migration[],
): Promise<TablesToBackUp> {
  const { rows } = await queryable.query<{ table: string; columns: readonly BackupColumn[] | null }>(
    `SELECT c.relname AS table, (
       SELECT json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
         'notNull', a.attnotnull) ORDER BY a.attnum)
       FROM pg_attribute a
       WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     ) AS columns
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> $2
     ORDER BY c.relname`,
    [schema, MIGRATIONS_TABLE],
  );
  const own = new Set(ownTables(migrations));
  const migrated = new Set(objectsOf(migrations, 'TABLE'));
  return {
    tables: rows
      .filter(({ table }) => own.has(table))
      .map(({ table, columns }) => ({ table, migrated: migrated.has(table), columns: columns ?? [] })),
    leftOut: rows.filter(({ table }) => !own.has(table)).map(({ table }) => table),
  };
}
