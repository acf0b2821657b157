import { qualifiedName, quoteIdentifier } from '../identifier.js';
import type { FoundTable } from './find-legacy-tables.js';
import type { LegacyTable, Refusal } from './legacy-table.js';
import { converted } from './legacy-types.js';

/** What becomes of a row: `copied` into ours, `merged` into a newer one, or `set aside`. */
export type Outcome = 'copied' | 'merged' | 'set aside';

const MERGED = 'differs from a newer row only in how its exchange_id is written';

/**
 * A query that gives every row of the table at `name` with its converted columns and `outcome`, `reason` (NULL
 * where copied) and `kept_id` (of the newer row, where merged).
 */
export function sortedRows(found: FoundTable, schema: string, name: string, timezone: string): string {
  const { table, types } = found;
  const columns = Object.entries(table.columns).map(
    ([column, kind]) =>
      `${converted(column, kind, types.get(column) ?? '', timezone)} AS ${quoteIdentifier(column)}`,
  );
  return `
    SELECT judged.*,
      CASE WHEN refusal IS NOT NULL THEN 'set aside' WHEN rank > 1 THEN 'merged' ELSE 'copied' END AS outcome,
      CASE WHEN refusal IS NOT NULL THEN refusal WHEN rank > 1 THEN '${MERGED}' END AS reason,
      CASE WHEN refusal IS NULL AND rank > 1 THEN newest END AS kept_id
    FROM (
      SELECT checked.*, row_number() OVER same AS rank, first_value(id) OVER same AS newest
      FROM (
        SELECT rows.*, CASE ${refusals(table).map(refusalCase).join(' ')} END AS refusal
        FROM (SELECT ${columns.join(', ')} FROM ${qualifiedName(schema, name)} AS l) AS rows
      ) AS checked
      WINDOW same AS (
        PARTITION BY refusal IS NULL, ${table.key.join(', ')}
        ORDER BY ${table.age} DESC NULLS LAST, id DESC
      )
    ) AS judged`;
}

function refusals(table: LegacyTable): readonly Refusal[] {
  const ofKind = (wanted: string) =>
    Object.entries(table.columns).flatMap(([column, kind]) => (kind === wanted ? [column] : []));
  return [
    ...table.required.map((column) => ({
      when: `coalesce(btrim(${quoteIdentifier(column)}), '') = ''`,
      reason: `${column} is empty`,
    })),
    ...(table.known ?? []).map((column) => ({
      when: `${quoteIdentifier(column)} IS NULL`,
      reason: `${column} is not known`,
    })),
    ...ofKind('amount').map((column) => ({
      when: `NOT (${quoteIdentifier(column)} > '-Infinity' AND ${quoteIdentifier(column)} < 'Infinity')`,
      reason: `${column} is not a finite number`,
    })),
    ...ofKind('time').map((column) => ({
      when: `NOT (${quoteIdentifier(column)} >= '0001-01-01 00:00:00Z' AND ${quoteIdentifier(column)} < '9999-12-31 00:00:00Z')`,
      reason: `${column} is not a time of the years 1 to 9999`,
    })),
    ...(table.refusals ?? []),
  ];
}

function refusalCase({ when, reason }: Refusal): string {
  return `WHEN ${when} THEN '${reason}'`;
}
