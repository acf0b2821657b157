/** Where a row stands in a list: by time, and by number where times are equal. */
export interface Place {
  readonly timestampMs: number;
  /** Unique within an account, and growing in the order in which things happened. */
  readonly seq: number;
}

/** Rows in the order of their places, oldest first. A row may be made only when it is asked for. */
export interface RowList<Row extends Place> {
  readonly length: number;
  at(index: number): Row;
  /** Without making the row. */
  placeAt(index: number): Place;
}

export function inOrder(left: Place, right: Place): number {
  return left.timestampMs - right.timestampMs || left.seq - right.seq;
}

/** All of them; only for lists that are known to be short. */
export function rowsOf<Row extends Place>(list: RowList<Row>): Row[] {
  return Array.from({ length: list.length }, (_, index) => list.at(index));
}

/** The index of the first row at or after a place. */
export function indexOf<Row extends Place>(list: RowList<Row>, place: Place): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (inOrder(list.placeAt(middle), place) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Rows that are kept. What happens now is put at the end; what is put in later finds its place. */
export class Timeline<Row extends Place> implements RowList<Row> {
  readonly #rows: Row[] = [];

  get length(): number {
    return this.#rows.length;
  }

  at(index: number): Row {
    const row = this.#rows[index];
    if (row === undefined) throw new RangeError(`there is no row ${index} of ${this.#rows.length}`);
    return row;
  }

  placeAt(index: number): Place {
    return this.at(index);
  }

  add(row: Row): void {
    const last = this.#rows.at(-1);
    if (last === undefined || inOrder(last, row) <= 0) this.#rows.push(row);
    else this.#rows.splice(indexOf(this, row), 0, row);
  }

  rows(): readonly Row[] {
    return this.#rows;
  }
}

export interface Selection<Row> {
  /** Both included. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Only what lies beyond this place in the direction of the walk. */
  readonly beyond?: Place | undefined;
  readonly accept?: (row: Row) => boolean;
  readonly limit: number;
}

export interface Selected<Row> {
  readonly rows: readonly Row[];
  /** There are more in that direction. */
  readonly hasMore: boolean;
}

export function newestFirst<Row extends Place>(
  list: RowList<Row>,
  { fromMs, toMs, beyond, accept = () => true, limit }: Selection<Row>,
): Selected<Row> {
  const end = indexOf(list, { timestampMs: toMs + 1, seq: 0 });
  const start = beyond === undefined ? end : Math.min(end, indexOf(list, beyond));
  const rows: Row[] = [];
  for (let index = start - 1; index >= 0 && list.placeAt(index).timestampMs >= fromMs; index -= 1) {
    const row = list.at(index);
    if (!accept(row)) continue;
    if (rows.length === limit) return { rows, hasMore: true };
    rows.push(row);
  }
  return { rows, hasMore: false };
}

export function oldestFirst<Row extends Place>(
  list: RowList<Row>,
  { fromMs, toMs, beyond, accept = () => true, limit }: Selection<Row>,
): Selected<Row> {
  const first = indexOf(list, { timestampMs: fromMs, seq: 0 });
  const after = beyond && indexOf(list, { ...beyond, seq: beyond.seq + 1 });
  const rows: Row[] = [];
  for (let index = Math.max(first, after ?? 0); index < list.length; index += 1) {
    if (list.placeAt(index).timestampMs > toMs) break;
    const row = list.at(index);
    if (!accept(row)) continue;
    if (rows.length === limit) return { rows, hasMore: true };
    rows.push(row);
  }
  return { rows, hasMore: false };
}
