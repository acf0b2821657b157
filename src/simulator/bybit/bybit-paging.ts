import { BybitError } from './bybit-errors.js';

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Empty at the end of the list. */
  readonly nextPageCursor: string;
}

/** Where a row stands in a list: newest first, and by id within a millisecond. */
export interface Place {
  readonly id: string;
  readonly timestampMs: number;
}

/**
 * One page of `rows`, newest first. A cursor names the place of a page's last row, not a count, as bybit's
 * do: rows that come or go meanwhile move nothing. It is URL-encoded text that clients send back unchanged.
 */
export function page<Row>(
  rows: readonly Row[],
  place: (row: Row) => Place,
  { cursor, limit }: { cursor: string | null; limit: number },
): Page<Row> {
  const sorted = rows
    .map((row) => ({ row, at: place(row) }))
    .sort((left, right) => inOrder(left.at, right.at));
  const after = cursor === null || cursor === '' ? undefined : parseCursor(cursor);
  const rest = after === undefined ? sorted : sorted.filter(({ at }) => inOrder(at, after) > 0);
  const shown = rest.slice(0, limit);
  const first = shown[0];
  const last = shown.at(-1);
  const hasMore = rest.length > shown.length && first !== undefined && last !== undefined;
  return {
    rows: shown.map(({ row }) => row),
    nextPageCursor: hasMore ? encodeURIComponent(`${placeText(first.at)},${placeText(last.at)}`) : '',
  };
}

function inOrder(left: Place, right: Place): number {
  return right.timestampMs - left.timestampMs || (right.id < left.id ? -1 : Number(right.id > left.id));
}

function placeText({ id, timestampMs }: Place): string {
  return `${id}:${timestampMs}`;
}

function parseCursor(cursor: string): Place {
  const [, id, timestamp] = /,([^,:]+):(\d+)$/.exec(decodeURIComponent(cursor)) ?? [];
  if (id === undefined || timestamp === undefined) {
    throw new BybitError(10001, 'params error: cursor is invalid');
  }
  return { id, timestampMs: Number(timestamp) };
}
