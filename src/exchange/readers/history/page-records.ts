import { isDeepStrictEqual } from 'node:util';
import type { RejectedHistoryRow } from '../../../domain/scope-read.js';
import type { TimeRange } from '../../../domain/time-range.js';
import { RowSet } from '../row-set.js';
import type { PageTimes } from './coverage-tracker.js';
import type { HistoryRow } from './history-row.js';

/** A row with its time. */
export interface TimedRow {
  readonly name: string;
  readonly fields: HistoryRow['fields'];
  readonly timestampMs: number;
}

/** Makes records of one data type. */
export interface RecordReader<Row> {
  readonly nameOf: (row: HistoryRow) => string;
  /** Within one list. */
  readonly keyOf: (record: Row) => string;
  /** Undefined: it was set aside. `other`: it is no row of this list. */
  readonly read: (row: TimedRow, set: RowSet<Row>) => Row | 'other' | undefined;
}

export interface PageRecords<Row> extends Omit<PageTimes, 'isLast'> {
  readonly records: readonly Row[];
  readonly rejected: readonly RejectedHistoryRow[];
  /** False: every row was on the page before it. */
  readonly hasFresh: boolean;
}

/** Makes records of page after page; rows that a page repeats of the one before it count once. */
export class RecordsOfPages<Row extends { readonly timestampMs: number }> {
  readonly #reader: RecordReader<Row>;
  #before: { readonly rows: ReadonlySet<string>; readonly records: ReadonlyMap<string, Row> } = {
    rows: new Set(),
    records: new Map(),
  };

  constructor(reader: RecordReader<Row>) {
    this.#reader = reader;
  }

  /** Rows outside of `range` are dropped; undefined: none is. */
  take(rows: readonly HistoryRow[], range: TimeRange | undefined): PageRecords<Row> {
    const page = new OnePage(this.#reader, this.#before.records);
    const contents = rows.map((row) => JSON.stringify(row.fields.info ?? row.fields));
    const fresh = rows.filter((_, index) => !this.#before.rows.has(contents[index] ?? ''));
    for (const row of fresh) page.add(row, range);
    const result = page.result(fresh);
    this.#before = { rows: new Set(contents), records: page.given };
    return result;
  }
}

class OnePage<Row extends { readonly timestampMs: number }> {
  readonly #reader: RecordReader<Row>;
  readonly #before: ReadonlyMap<string, Row>;
  readonly #set: RowSet<Row>;
  readonly #rejected: RejectedHistoryRow[] = [];
  readonly #setAside: number[] = [];
  readonly #times = new Map<string, number[]>();
  #hasTimeless = false;

  constructor(reader: RecordReader<Row>, before: ReadonlyMap<string, Row>) {
    this.#reader = reader;
    this.#before = before;
    this.#set = new RowSet({ key: reader.keyOf });
  }

  add(row: HistoryRow, range: TimeRange | undefined): void {
    const { timestampMs, fields } = row;
    const name = this.#reader.nameOf(row);
    if (timestampMs === undefined) {
      this.#hasTimeless = true;
      this.#set.reject(name, 'timestamp: it is no time at which something can have happened');
    } else if (isWithin(timestampMs, range)) {
      this.#addTimed({ name, fields, timestampMs });
    }
    this.#keepRejected(row);
  }

  get given(): ReadonlyMap<string, Row> {
    return new Map(this.#set.records.map((record) => [this.#reader.keyOf(record), record]));
  }

  result(fresh: readonly HistoryRow[]): PageRecords<Row> {
    const given = this.given;
    const contradicted = [...this.#times].flatMap(([key, times]) => (given.has(key) ? [] : times));
    return {
      records: [...given.values()],
      rejected: this.#rejected,
      fresh: fresh.flatMap(({ timestampMs }) => timestampMs ?? []),
      setAside: [...this.#setAside, ...contradicted],
      hasTimeless: this.#hasTimeless,
      hasFresh: fresh.length > 0,
    };
  }

  #addTimed(row: TimedRow): void {
    const record = this.#reader.read(row, this.#set);
    if (record === 'other') return;
    if (record === undefined) {
      this.#setAside.push(row.timestampMs);
      return;
    }
    const key = this.#reader.keyOf(record);
    const earlier = this.#before.get(key);
    if (earlier !== undefined && !isDeepStrictEqual(earlier, record)) {
      this.#set.reject(row.name, 'it comes twice with different content');
      this.#setAside.push(row.timestampMs, earlier.timestampMs);
      return;
    }
    this.#times.set(key, [...(this.#times.get(key) ?? []), row.timestampMs]);
    this.#set.add(row.name, record);
  }

  #keepRejected({ fields, timestampMs }: HistoryRow): void {
    for (const rejected of this.#set.rejected.slice(this.#rejected.length)) {
      this.#rejected.push({ ...rejected, timestampMs, raw: fields });
    }
  }
}

function isWithin(timestampMs: number, range: TimeRange | undefined): boolean {
  return range === undefined || (timestampMs >= range.fromMs && timestampMs < range.toMs);
}
