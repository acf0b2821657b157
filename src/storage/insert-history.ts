import type { HistoryTable } from './history-tables.js';
import { qualifiedName, quoteIdentifier } from './identifier.js';

/**
 * One statement that adds a page of rows to a history and says what became of them: `inserted` and `changed`
 * are numbers, `contradicted` the positions (from 1) of rows that say something else than what is stored.
 * Parameters: exchange, account, scope, then one array per column. Rows that are stored as they are read reach
 * no INSERT.
 *
 * COPY would gain nothing: it can't judge rows, so that it has to go through a temporary table, which takes as long
 * for the 100 rows of a page, and an eighth less for 10,000, which no exchange gives at once.
 */
export function insertHistoryStatement<Row>(schema: string, table: HistoryTable<Row>): string {
  const target = qualifiedName(schema, table.name);
  const arrays = [...table.key, ...table.columns];
  const names = ['exchange_id', 'account', 'scope', ...arrays.map(({ name }) => name)].map(quoteIdentifier);
  const key = [...table.owner, ...table.key.map(({ name }) => name)].map(quoteIdentifier);
  const values = table.columns.map(({ name }) => quoteIdentifier(name));
  const sets = [
    ...values.map((name) => `${name} = coalesce(excluded.${name}, stored.${name})`),
    ...Object.entries(table.changing?.set ?? {}).map(
      ([name, value]) => `${quoteIdentifier(name)} = ${value}`,
    ),
  ];
  return `
    WITH incoming AS MATERIALIZED (
      SELECT $1::text AS exchange_id, $2::text AS account, $3::text AS scope, u.*
      FROM unnest(${arrays.map(({ type }, index) => `$${index + 4}::${type}[]`).join(', ')})
        WITH ORDINALITY AS u (${arrays.map(({ name }) => quoteIdentifier(name)).join(', ')}, position)
    ), judged AS MATERIALIZED (
      SELECT incoming.*, stored.account IS NULL AS new,
        ${contradicts(table, 'incoming')} AS contradicts, ${saysMore(values, 'incoming')} AS more
      FROM incoming
      LEFT JOIN ${target} AS stored ON ${key.map((name) => `stored.${name} = incoming.${name}`).join(' AND ')}
    ), written AS (
      INSERT INTO ${target} AS stored (${names.join(', ')})
      SELECT ${names.join(', ')} FROM judged WHERE new OR (more AND NOT contradicts)
      ORDER BY ${key.join(', ')}
      ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${sets.join(', ')}
      WHERE ${saysMore(values, 'excluded')} AND NOT ${contradicts(table, 'excluded')}
      RETURNING xmax = 0 AS inserted
    )
    SELECT (SELECT count(*) FROM written WHERE inserted)::int AS inserted,
      (SELECT count(*) FROM written WHERE NOT inserted)::int AS changed,
      ARRAY(SELECT position::int FROM judged WHERE contradicts ORDER BY position) AS contradicted`;
}

/** Whether the row would change one of the stored row's values that can't change any more. */
function contradicts<Row>({ columns, readings, changing }: HistoryTable<Row>, incoming: string): string {
  if (changing === undefined) {
    return anyOther(columns.map(({ name }) => name).filter((name) => !readings.includes(name)));
  }
  return `(${anyOther(changing.fixed)} OR (NOT ${changing.pending} AND ${anyOther(changing.fixedWhenFinal)}))`;

  function anyOther(names: readonly string[]): string {
    const other = names.map(quoteIdentifier).map((name) => `stored.${name} <> ${incoming}.${name}`);
    return `((${other.join(' OR ')}) IS TRUE)`;
  }
}

/** Whether a value would change. What the exchange does not say this time stays as it is. */
function saysMore(values: readonly string[], incoming: string): string {
  const stored = values.map((name) => `stored.${name}`);
  const after = values.map((name) => `coalesce(${incoming}.${name}, stored.${name})`);
  return `(ROW(${stored.join(', ')}) IS DISTINCT FROM ROW(${after.join(', ')}))`;
}
