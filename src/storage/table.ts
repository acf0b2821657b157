/** How a value travels: `timestamptz` is milliseconds since the epoch in records and a Date from pg. */
export type ColumnType = 'text' | 'numeric' | 'boolean' | 'timestamptz';

/** Where the exchange did not say a value (NULL), the stored one is kept under these conditions. */
export interface Keep {
  /** Only while these columns have the values that the kept one was stored with. */
  readonly whileSame?: readonly string[];
  /** Kept when this column is NULL, instead of the kept one itself: values that belong together. */
  readonly together?: string;
}

export interface Column<Row> {
  readonly name: string;
  readonly type: ColumnType;
  /** The record's field; without one, a row that is seen has NULL here. */
  readonly field?: keyof Row & string;
  /** Absent: what is read replaces what is stored, also when the exchange did not say. */
  readonly keep?: Keep;
  /** The new value as SQL, from the rows `incoming` and `stored`, where neither rule fits. */
  readonly merged?: (incoming: string, stored: string) => string;
}

/** What a repository needs to know about its table to write whole reads into it. */
export interface Table<Row> {
  readonly name: string;
  /** Leading key columns that a whole write has in common, e.g. `exchange_id, account`. */
  readonly owner: readonly string[];
  /** Further columns, not of the key, that a whole write has in common, e.g. `scope`. */
  readonly shared: readonly string[];
  /** The other key columns. */
  readonly key: readonly (Column<Row> & { readonly field: keyof Row & string })[];
  readonly columns: readonly Column<Row>[];
  /** Where this SQL is true of the rows `incoming` and `stored`, what is stored stays untouched. */
  readonly storedWins?: (incoming: string, stored: string) => string;
}

/** Column name -> field of the row that `table`'s records become again. */
export function recordOf<Row>(table: Table<Row>, row: Readonly<Record<string, unknown>>): Row {
  const record: Record<string, unknown> = {};
  for (const { name, field } of [...table.key, ...table.columns]) {
    if (field !== undefined) record[field] = fromColumn(row[name]);
  }
  return record as Row;
}

function fromColumn(value: unknown): unknown {
  if (value === null) return undefined;
  return value instanceof Date ? value.getTime() : value;
}

/** The latest time that a Date can write with a year of four digits. */
const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** NUL, and halves of surrogate pairs, which would become U+FFFD on their way only. */
const NO_TEXT = /[\0\uD800-\uDFFF]/gu;

/** What is bound for a column: a text or NULL. */
export function toColumn(type: ColumnType, value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (type === 'timestamptz') return toTimestamp(Number(value));
  // PostgreSQL's text holds neither, and one bad name must not cost the whole read.
  return String(value).replaceAll(NO_TEXT, '\uFFFD');
}

/** What is no time of day on our calendar (a clock in microseconds, say) is unknown rather than wrong. */
export function toTimestamp(timestampMs: number): string | null {
  return timestampMs >= 0 && timestampMs <= LATEST_MS ? new Date(timestampMs).toISOString() : null;
}

/** A time that is not on our calendar becomes the first or the last that is. */
export function boundedTimestamp(timestampMs: number): string {
  return new Date(Math.min(Math.max(timestampMs, 0), LATEST_MS)).toISOString();
}
