import type { AdoptedTable } from '../../domain/migration-report.js';
import type { Queryable } from '../database.js';
import { qualifiedName } from '../identifier.js';
import { type FoundTable, furtherColumns } from './find-legacy-tables.js';
import { legacyName } from './legacy-table.js';
import { type Outcome, sortedRows } from './sort-rows.js';

interface OutcomeRow {
  readonly outcome: Outcome;
  readonly reason: string | null;
  readonly rows: number;
}

/** What becomes of the rows of the table, which is at `name` now. Changes nothing. */
export async function countOutcomes(
  queryable: Queryable,
  found: FoundTable,
  schema: string,
  name: string,
  timezone: string,
): Promise<AdoptedTable> {
  const { rows: outcomes } = await queryable.query<OutcomeRow>(
    `SELECT outcome, reason, count(*)::int AS rows
     FROM (${sortedRows(found, schema, name, timezone)}) AS sorted
     GROUP BY outcome, reason ORDER BY outcome, reason`,
  );
  const { rows: all } = await queryable.query<{ rows: number }>(
    `SELECT count(*)::int AS rows FROM ${qualifiedName(schema, name)}`,
  );
  const sum = (wanted: Outcome) =>
    outcomes.reduce((total, { outcome, rows }) => (outcome === wanted ? total + rows : total), 0);
  return {
    table: found.table.name,
    legacyTable: legacyName(found.table.name),
    rows: all[0]?.rows ?? 0,
    copied: sum('copied'),
    merged: sum('merged'),
    setAside: sum('set aside'),
    reasons: outcomes.flatMap(({ reason, rows }) => (reason === null ? [] : [{ reason, rows }])),
    columnsLeftBehind: furtherColumns(found),
  };
}
