import type { AccountRef } from '../domain/account.js';
import type { HistoryDataType } from '../domain/data-type.js';
import type { ScopeId } from '../domain/scope-read.js';
import type { TimeRange } from '../domain/time-range.js';
import type { Transaction } from './database.js';
import { quoteIdentifier } from './identifier.js';
import { boundedTimestamp, toColumn } from './table.js';

/** Whose history. */
export interface HistoryKey extends AccountRef {
  readonly dataType: HistoryDataType;
  readonly scope: ScopeId;
}

/** What is said of a range, by column. */
export type Label = Readonly<Record<string, string | null>>;

/** What is to become of the given ranges. */
export type RangeChange =
  /** They say this, whatever was said of them before. */
  | { readonly kind: 'replace'; readonly label: Label }
  /** They say this where nothing is said of them yet. */
  | { readonly kind: 'fill'; readonly label: Label }
  /** Nothing is said of them any more. */
  | { readonly kind: 'clear' };

export interface RangeTable {
  /** Qualified. */
  readonly target: string;
  /** Columns of the label. */
  readonly label: readonly string[];
  /** When a row was written. */
  readonly writtenAt: string;
}

/** Arrays of where each range begins and ends, in as far as it is on our calendar. */
export function rangeColumns(ranges: readonly TimeRange[]) {
  return [
    ranges.map(({ fromMs }) => boundedTimestamp(fromMs)),
    ranges.map(({ toMs }) => boundedTimestamp(toMs)),
  ] as const;
}

/**
 * Changes what the table says of ranges, with one statement that touches no row which stays as it is. The rows
 * of one key never overlap, and rows of one label never touch: PostgreSQL's multiranges see to both.
 */
export async function changeRanges(
  transaction: Transaction,
  table: RangeTable,
  key: HistoryKey,
  ranges: readonly TimeRange[],
  change: RangeChange,
): Promise<void> {
  const [from, to] = rangeColumns(ranges.filter(({ fromMs, toMs }) => fromMs < toMs));
  if (from.length === 0) return;
  const label = change.kind === 'clear' ? undefined : change.label;
  await transaction.query(statement(table, change.kind), [
    key.exchange,
    key.account,
    key.dataType,
    toColumn('text', key.scope),
    from,
    to,
    ...(label === undefined ? [] : table.label.map((name) => toColumn('text', label[name]))),
  ]);
}

const OF_KEY = '(exchange_id, account, data_type, scope) = ($1, $2, $3, $4)';

function statement({ target, label, writtenAt }: RangeTable, kind: RangeChange['kind']): string {
  const names = label.map(quoteIdentifier).join(', ');
  const given = label.map((name, index) => `$${index + 7}::text AS ${quoteIdentifier(name)}`).join(', ');
  const parts = {
    replace: `
      SELECT ${names}, ranges - given AS ranges FROM said, given
      UNION ALL SELECT ${given}, given FROM given`,
    fill: `
      SELECT ${names}, ranges FROM said
      UNION ALL SELECT ${given}, given - coalesce((SELECT range_agg(r) FROM said, unnest(ranges) AS r), '{}') FROM given`,
    clear: `SELECT ${names}, ranges - given AS ranges FROM said, given`,
  };
  return `
    WITH given AS MATERIALIZED (
      SELECT range_agg(tstzrange(from_at, to_at)) AS given
      FROM unnest($5::timestamptz[], $6::timestamptz[]) AS g (from_at, to_at)
    ), near AS MATERIALIZED (
      SELECT from_at, to_at, ${names} FROM ${target}, given
      WHERE ${OF_KEY} AND from_at <= upper(given) AND to_at >= lower(given)
    ), said AS (
      SELECT ${names}, range_agg(tstzrange(from_at, to_at)) AS ranges FROM near GROUP BY ${names}
    ), parts AS (${parts[kind]}
    ), merged AS (
      SELECT ${names}, unnest(range_agg(r)) AS r FROM parts, unnest(ranges) AS r GROUP BY ${names}
    ), gone AS (
      DELETE FROM ${target} WHERE ${OF_KEY}
        AND from_at IN (SELECT from_at FROM near EXCEPT SELECT lower(r) FROM merged)
    )
    INSERT INTO ${target} AS stored (exchange_id, account, data_type, scope, from_at, to_at, ${names})
    SELECT $1, $2, $3, $4, changed.* FROM (
      SELECT lower(r), upper(r), ${names} FROM merged EXCEPT SELECT from_at, to_at, ${names} FROM near
    ) AS changed
    ON CONFLICT (exchange_id, account, data_type, scope, from_at) DO UPDATE
    SET to_at = excluded.to_at, ${label
      .map(quoteIdentifier)
      .map((name) => `${name} = excluded.${name}`)
      .join(', ')}, ${writtenAt} = now()`;
}
