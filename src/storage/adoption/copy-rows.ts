import { ExchangeSyncError } from '../../domain/errors.js';
import type { AdoptedTable } from '../../domain/migration-report.js';
import type { Transaction } from '../database.js';
import { qualifiedName, quoteIdentifier } from '../identifier.js';
import { countOutcomes } from './count-outcomes.js';
import type { FoundTable } from './find-legacy-tables.js';
import { legacyName } from './legacy-table.js';
import { sortedRows } from './sort-rows.js';

/** Names every row of a legacy table that was not copied, and why. */
export const NOT_COPIED = 'legacy_rows_not_copied';

export async function createNotCopiedTable(transaction: Transaction, schema: string): Promise<void> {
  const table = qualifiedName(schema, NOT_COPIED);
  await transaction.query(`
    CREATE TABLE ${table} (
      legacy_table TEXT NOT NULL,
      legacy_id    BIGINT NOT NULL,
      outcome      TEXT NOT NULL CHECK (outcome IN ('merged', 'set aside')),
      reason       TEXT NOT NULL,
      kept_id      BIGINT,
      PRIMARY KEY (legacy_table, legacy_id),
      CHECK ((outcome = 'merged') = (kept_id IS NOT NULL))
    );
    COMMENT ON TABLE ${table} IS 'The rows of the older program''s tables that are only in those tables (legacy_*).';
    COMMENT ON COLUMN ${table}.legacy_id IS 'The row''s id in legacy_table.';
    COMMENT ON COLUMN ${table}.kept_id IS 'Of merged rows: the id of the newer row that was copied. NULL: set aside.'`);
}

/** Copies from the renamed table; rejects, so that nothing is kept, unless every row is accounted for. */
export async function copyRows(
  transaction: Transaction,
  found: FoundTable,
  schema: string,
  timezone: string,
): Promise<AdoptedTable> {
  const { table } = found;
  const source = legacyName(table.name);
  const sorted = sortedRows(found, schema, source, timezone);
  const columns = Object.entries(table.becomes);
  let copied = 0;
  if (columns.length > 0) {
    const { rowCount } = await transaction.query(
      `INSERT INTO ${qualifiedName(schema, table.name)}
         (${columns.map(([name]) => quoteIdentifier(name)).join(', ')})
       SELECT ${columns.map(([, value]) => value).join(', ')}
       FROM (${sorted}) AS sorted WHERE outcome = 'copied' ORDER BY id`,
    );
    copied = rowCount;
  }
  const { rowCount: notCopied } = await transaction.query(
    `INSERT INTO ${qualifiedName(schema, NOT_COPIED)} (legacy_table, legacy_id, outcome, reason, kept_id)
     SELECT $1, id, outcome, reason, kept_id FROM (${sorted}) AS sorted WHERE outcome <> 'copied' ORDER BY id`,
    [source],
  );
  if ('id' in table.becomes) await continueIds(transaction, qualifiedName(schema, table.name));
  const report = await countOutcomes(transaction, found, schema, source, timezone);
  if (report.copied !== copied || report.merged + report.setAside !== notCopied) unaccounted(report);
  if (copied + notCopied !== report.rows) unaccounted(report);
  return report;
}

/** Ids that others may have noted stay; new rows get later ones. */
async function continueIds(transaction: Transaction, table: string): Promise<void> {
  await transaction.query(
    `SELECT setval(pg_get_serial_sequence($1, 'id'), (SELECT greatest(max(id), 1) FROM ${table}),
       EXISTS (SELECT FROM ${table}))`,
    [table],
  );
}

function unaccounted(report: AdoptedTable): never {
  throw new ExchangeSyncError(
    'INTERNAL',
    `Not every row of ${report.table} is accounted for, so nothing was changed.`,
    { details: { ...report } },
  );
}
