import { ExchangeSyncError } from '../../domain/errors.js';
import type { Transaction } from '../database.js';
import { qualifiedName, quoteIdentifier } from '../identifier.js';
import { legacyName } from './legacy-table.js';

/**
 * Moves the table out of the way, with its indexes and sequences, whose names ours would get otherwise.
 * Rejects with MIGRATION_FAILED where the new name is taken.
 */
export async function renameLegacyTable(
  transaction: Transaction,
  schema: string,
  name: string,
): Promise<void> {
  const target = legacyName(name);
  const { rowCount } = await transaction.query(
    `SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relname = $2`,
    [schema, target],
  );
  if (rowCount > 0) {
    throw new ExchangeSyncError(
      'MIGRATION_FAILED',
      `Table ${name} cannot be moved out of the way: schema "${schema}" already holds a ${target}. Rename or drop that one. Nothing was changed.`,
      { details: { schema, table: name } },
    );
  }
  for (const { kind, part } of await namedParts(transaction, schema, name)) {
    await transaction.query(
      `ALTER ${kind} ${qualifiedName(schema, part)} RENAME TO ${quoteIdentifier(legacyName(part))}`,
    );
  }
  await transaction.query(`ALTER TABLE ${qualifiedName(schema, name)} RENAME TO ${quoteIdentifier(target)}`);
}

async function namedParts(transaction: Transaction, schema: string, name: string) {
  const { rows } = await transaction.query<{ kind: 'INDEX' | 'SEQUENCE'; part: string }>(
    `SELECT 'INDEX' AS kind, part.relname AS part
     FROM pg_index i JOIN pg_class part ON part.oid = i.indexrelid
     WHERE i.indrelid = $1::regclass
     UNION ALL
     SELECT 'SEQUENCE', part.relname
     FROM pg_depend d JOIN pg_class part ON part.oid = d.objid AND part.relkind = 'S'
     WHERE d.refobjid = $1::regclass AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
     ORDER BY 1, 2`,
    [qualifiedName(schema, name)],
  );
  return rows;
}
