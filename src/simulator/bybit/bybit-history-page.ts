import type { Place, RowList } from '../world/history/row-list.js';
import { servedPage } from '../world/history/served-page.js';
import { type PrivateContext, pageLimit } from './bybit-endpoint.js';
import { BybitError } from './bybit-errors.js';
import { BYBIT_RETENTION_MS } from './bybit-retention.js';

const DAY_MS = 24 * 60 * 60_000;

/** How far one request reaches. */
export interface BybitWindow {
  /** The longest range. */
  readonly mostMs: number;
  /** What is meant when one end, or both, are not sent. */
  readonly usualMs: number;
  /** The exchange looks at whole seconds only. */
  readonly inSeconds?: boolean;
}

export interface BybitList<Row extends Place> {
  readonly path: string;
  readonly rows: RowList<Row>;
  readonly accept: (row: Row) => boolean;
  readonly ids: (row: Row) => readonly string[];
  readonly wire: (row: Row) => object;
  readonly window: BybitWindow;
  readonly limit: { readonly standard: number; readonly most: number };
}

export interface BybitPage {
  readonly rows: readonly object[];
  readonly nextPageCursor: string;
}

/** One page of a list, newest first; the cursor names the places of its first and last row. */
export function historyPage<Row extends Place>(
  { world, account, query }: PrivateContext,
  { path, window, limit, ...source }: BybitList<Row>,
): BybitPage {
  const nowMs = world.now();
  const { exchange, account: name } = account.identity;
  const list = { exchange, account: name, path };
  const retentionMs = world.serving.retentionMs(list, BYBIT_RETENTION_MS[path]);
  const { rows, first, last, hasMore } = servedPage(
    world.serving,
    { ...source, list, nowMs },
    {
      ...range(query, window, { nowMs, retentionMs }),
      order: 'newest-first',
      beyond: parseCursor(query.get('cursor')),
      limit: pageLimit(query, limit),
    },
  );
  const nextPageCursor =
    hasMore && first !== undefined && last !== undefined
      ? encodeURIComponent(`${placeText(first)},${placeText(last)}`)
      : '';
  return { rows, nextPageCursor };
}

/**
 * Only a start: the usual time after it. Only an end: the usual time before it. Neither: until now. Both: no
 * further apart than the most.
 */
function range(
  query: URLSearchParams,
  { mostMs, usualMs, inSeconds = false }: BybitWindow,
  { nowMs, retentionMs }: { nowMs: number; retentionMs: number },
): { fromMs: number; toMs: number } {
  const [start, end] = ['startTime', 'endTime'].map((name) => timeOf(query, name));
  if (start !== undefined && end !== undefined) {
    if (end < start) throw new BybitError(10001, 'startTime should be less than endTime');
    if (end - start > mostMs) {
      throw new BybitError(
        10001,
        `The time range between startTime and endTime cannot exceed ${mostMs / DAY_MS} days`,
      );
    }
  }
  const toMs = end ?? (start === undefined ? nowMs : start + usualMs);
  const fromMs = start ?? toMs - usualMs;
  const served = { fromMs: Math.max(fromMs, nowMs - retentionMs), toMs };
  return inSeconds ? { fromMs: wholeSecond(served.fromMs), toMs: wholeSecond(served.toMs) + 999 } : served;
}

function timeOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  const time = Number(text);
  if (!Number.isSafeInteger(time) || time < 0) throw new BybitError(10001, `params error: ${name} invalid`);
  return time;
}

function wholeSecond(timestampMs: number): number {
  return Math.floor(timestampMs / 1_000) * 1_000;
}

function placeText({ seq, timestampMs }: Place): string {
  return `${seq}:${timestampMs}`;
}

function parseCursor(cursor: string | null): Place | undefined {
  if (cursor === null || cursor === '') return undefined;
  const [, seq, timestamp] = /,(\d+):(\d+)$/.exec(decodeURIComponent(cursor)) ?? [];
  if (seq === undefined || timestamp === undefined) {
    throw new BybitError(10001, 'params error: cursor is invalid');
  }
  return { seq: Number(seq), timestampMs: Number(timestamp) };
}
