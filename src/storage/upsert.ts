import type { Transaction } from './database.js';
import { qualifiedName, quoteIdentifier } from './identifier.js';
import { type Column, type Table, toColumn } from './table.js';

/**
 * Writes a whole read with one statement and gives how many rows really changed. Rows that are stored as
 * they are read reach no INSERT: even an upsert that changes nothing would lock the row and write WAL.
 */
export async function upsert<Row>(
  transaction: Transaction,
  schema: string,
  table: Table<Row>,
  common: Readonly<Record<string, string>>,
  rows: readonly Row[],
): Promise<number> {
  if (rows.length === 0) return 0;
  const columns = arrayColumns(table);
  const distinct = lastOfEachKey(table, rows);
  const { rowCount } = await transaction.query(upsertStatement(schema, table), [
    ...commonColumns(table).map((name) => toColumn('text', common[name])),
    ...columns.map(({ type, field }) =>
      distinct.map((row) => toColumn(type, field === undefined ? undefined : row[field])),
    ),
  ]);
  return rowCount;
}

/** The text depends on the table alone, never on the data. */
export function upsertStatement<Row>(schema: string, table: Table<Row>): string {
  const target = qualifiedName(schema, table.name);
  const shared = commonColumns(table);
  const arrays = arrayColumns(table);
  const names = [...shared, ...arrays.map(({ name }) => name)].map(quoteIdentifier);
  const key = [...table.owner, ...table.key.map(({ name }) => name)];
  const changing = [...table.shared.map(sharedColumn), ...table.columns];
  const keep = table.storedWins?.('incoming', 'stored');
  return `
    INSERT INTO ${target} AS stored (${names.join(', ')})
    SELECT ${names.map((name) => `incoming.${name}`).join(', ')}
    FROM (
      SELECT ${shared.map((name, index) => `$${index + 1}::text AS ${quoteIdentifier(name)}, `).join('')}u.*
      FROM unnest(${arrays.map(({ type }, index) => `$${shared.length + index + 1}::${type}[]`).join(', ')})
        AS u (${arrays.map(({ name }) => quoteIdentifier(name)).join(', ')})
    ) AS incoming
    WHERE NOT EXISTS (
      SELECT FROM ${target} AS stored
      WHERE ${tuple('stored', key)} = ${tuple('incoming', key)}
        AND (${isSame(changing, 'incoming')}${keep === undefined ? '' : ` OR (${keep})`})
    )
    ORDER BY ${key.map(quoteIdentifier).join(', ')}
    ON CONFLICT (${key.map(quoteIdentifier).join(', ')}) DO UPDATE
    SET ${changing.map((column) => `${quoteIdentifier(column.name)} = ${merged(column, 'excluded')}`).join(', ')},
      updated_at = now()
    WHERE NOT (${isSame(changing, 'excluded')}${
      table.storedWins === undefined ? '' : ` OR (${table.storedWins('excluded', 'stored')})`
    })`;
}

/** A later page is newer, and ON CONFLICT cannot touch one row twice. */
function lastOfEachKey<Row>(table: Table<Row>, rows: readonly Row[]): readonly Row[] {
  const byKey = new Map<string, Row>();
  for (const row of rows) {
    byKey.set(JSON.stringify(table.key.map(({ type, field }) => toColumn(type, row[field]))), row);
  }
  return [...byKey.values()];
}

function commonColumns<Row>(table: Table<Row>): readonly string[] {
  return [...table.owner, ...table.shared];
}

function arrayColumns<Row>(table: Table<Row>): readonly Column<Row>[] {
  return [...table.key, ...table.columns];
}

function sharedColumn<Row>(name: string): Column<Row> {
  return { name, type: 'text' };
}

function isSame<Row>(columns: readonly Column<Row>[], incoming: string): string {
  const stored = columns.map(({ name }) => `stored.${quoteIdentifier(name)}`);
  const after = columns.map((column) => merged(column, incoming));
  return `ROW(${stored.join(', ')}) IS NOT DISTINCT FROM ROW(${after.join(', ')})`;
}

/** A column's value after the write. */
function merged<Row>(column: Column<Row>, incoming: string): string {
  if (column.merged) return column.merged(incoming, 'stored');
  const name = quoteIdentifier(column.name);
  if (!column.keep) return `${incoming}.${name}`;
  const { whileSame = [], together = column.name } = column.keep;
  const unsaid = [
    `${incoming}.${quoteIdentifier(together)} IS NULL`,
    ...whileSame
      .map(quoteIdentifier)
      .map((same) => `${incoming}.${same} IS NOT DISTINCT FROM stored.${same}`),
  ];
  return `CASE WHEN ${unsaid.join(' AND ')} THEN stored.${name} ELSE ${incoming}.${name} END`;
}

function tuple(alias: string, names: readonly string[]): string {
  return `(${names.map((name) => `${alias}.${quoteIdentifier(name)}`).join(', ')})`;
}
