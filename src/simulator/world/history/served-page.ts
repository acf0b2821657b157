import { inOrder, newestFirst, oldestFirst, type Place, type RowList } from './row-list.js';
import type { List, ServedRow, Serving } from './serving.js';

export interface PageRequest {
  /** Both included. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly order: 'newest-first' | 'oldest-first';
  /** The place of the last row of the page before; only what lies beyond it is listed. */
  readonly beyond?: Place | undefined;
  readonly limit: number;
}

export interface ServedPage {
  readonly rows: readonly object[];
  readonly first: Place | undefined;
  readonly last: Place | undefined;
  readonly hasMore: boolean;
}

interface Source<Row extends Place> {
  readonly list: List;
  readonly rows: RowList<Row>;
  readonly accept: (row: Row) => boolean;
  readonly ids: (row: Row) => readonly string[];
  readonly wire: (row: Row) => object;
  readonly nowMs: number;
}

/** One page of a list of what happened, as it is served now: the one way by which such rows go out. */
export function servedPage<Row extends Place>(
  serving: Serving,
  source: Source<Row>,
  request: PageRequest,
): ServedPage {
  const { list, nowMs } = source;
  const walk = request.order === 'newest-first' ? newestFirst : oldestFirst;
  const selection = { ...request, toMs: Math.max(request.toMs, request.fromMs - 1) };
  const own = walk(source.rows, {
    ...selection,
    accept: (row) =>
      source.accept(row) &&
      serving.shows(list, { ids: source.ids(row), timestampMs: row.timestampMs }, nowMs),
  });
  const served = own.rows.map((row): ServedRow => servedRow(source, row));
  const model = () => served[0]?.wire() ?? anyRow(source);
  const strange = walk<ServedRow>(serving.injected(list, model), selection);
  const direction = request.order === 'newest-first' ? -1 : 1;
  const merged = [...served, ...strange.rows].sort((left, right) => direction * inOrder(left, right));
  const page = merged.slice(0, request.limit);
  const repeated = request.beyond === undefined ? [] : repeatedRows(serving, source, request, request.beyond);
  return {
    rows: [...repeated, ...page].map((row) => serving.content(list, row)),
    first: page[0],
    last: page.at(-1),
    hasMore: merged.length > page.length || own.hasMore || strange.hasMore,
  };
}

/** The last rows of the page before, which new rows at the front would have pushed onto this one. */
function repeatedRows<Row extends Place>(
  serving: Serving,
  source: Source<Row>,
  { fromMs, toMs, order }: PageRequest,
  last: Place,
): readonly ServedRow[] {
  const count = serving.drift(source.list);
  if (count === 0) return [];
  const back = order === 'newest-first' ? oldestFirst : newestFirst;
  const place = order === 'newest-first' ? { ...last, seq: last.seq - 1 } : { ...last, seq: last.seq + 1 };
  const { rows } = back(source.rows, { fromMs, toMs, beyond: place, accept: source.accept, limit: count });
  return rows.map((row) => servedRow(source, row)).reverse();
}

function servedRow<Row extends Place>({ ids, wire }: Source<Row>, row: Row): ServedRow {
  return { timestampMs: row.timestampMs, seq: row.seq, ids: ids(row), wire: () => wire(row) };
}

function anyRow<Row extends Place>({ rows, wire }: Source<Row>): object | undefined {
  return rows.length === 0 ? undefined : wire(rows.at(rows.length - 1));
}
