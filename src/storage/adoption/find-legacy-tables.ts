import { ExchangeSyncError } from '../../domain/errors.js';
import type { Queryable } from '../database.js';
import type { LegacyTable } from './legacy-table.js';
import { ACCEPTED_TYPES, NAIVE_TIME } from './legacy-types.js';
import { PORTFOLIO_SERVICE_TABLES } from './portfolio-service-tables.js';
import { SYNC_MODULE_TABLES } from './sync-module-tables.js';

/** A table of the original that is in the schema, with the types its columns have there. */
export interface FoundTable {
  readonly table: LegacyTable;
  /** Column -> `pg_type.typname`. */
  readonly types: ReadonlyMap<string, string>;
}

export const LEGACY_TABLES: readonly LegacyTable[] = [...PORTFOLIO_SERVICE_TABLES, ...SYNC_MODULE_TABLES];

/**
 * The tables of that schema that the original made. Rejects with MIGRATION_FAILED where one has a name of
 * the original's and another shape. To be asked only of a schema that this program has never migrated.
 */
export async function findLegacyTables(queryable: Queryable, schema: string): Promise<readonly FoundTable[]> {
  const { rows } = await queryable.query<{ relation: string; column: string; type: string }>(
    `SELECT c.relname AS relation, a.attname AS column, t.typname AS type
     FROM pg_class c
     JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     JOIN pg_type t ON t.oid = a.atttypid
     WHERE n.nspname = $1 AND c.relname = ANY ($2::text[]) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
     ORDER BY c.relname, a.attnum`,
    [schema, LEGACY_TABLES.map(({ name }) => name)],
  );
  return LEGACY_TABLES.flatMap((table) => {
    const columns = rows.filter(({ relation }) => relation === table.name);
    if (columns.length === 0) return [];
    const types = new Map(columns.map(({ column, type }) => [column, type]));
    requireShape(schema, table, types);
    return [{ table, types }];
  });
}

/** Whether its times mean nothing without a time zone. */
export function hasNaiveTimes({ table, types }: FoundTable): boolean {
  return Object.keys(table.columns).some((name) => types.get(name) === NAIVE_TIME);
}

/** Columns that nobody knows here; they stay behind in the legacy table. */
export function furtherColumns({ table, types }: FoundTable): readonly string[] {
  return [...types.keys()].filter((name) => !(name in table.columns));
}

function requireShape(schema: string, { name, columns }: LegacyTable, types: ReadonlyMap<string, string>) {
  const wrong = Object.entries(columns).flatMap(([column, kind]) => {
    const type = types.get(column);
    if (type === undefined) return [`it has no column ${column}`];
    return ACCEPTED_TYPES[kind].includes(type) ? [] : [`its column ${column} is of type ${type}`];
  });
  if (wrong.length === 0) return;
  throw new ExchangeSyncError(
    'MIGRATION_FAILED',
    `Schema "${schema}" already holds a table ${name} that neither this program nor the one it replaces has made (${wrong.join(', ')}), and which is left alone. Name another schema with DB_SCHEMA, or rename what is there.`,
    { details: { schema, table: name, differences: wrong } },
  );
}
