import type { Place, RowList } from '../world/history/row-list.js';
import { servedPage } from '../world/history/served-page.js';
import type { PrivateContext } from './binance-endpoint.js';
import { BinanceError, type BinanceErrorCode } from './binance-errors.js';
import { BINANCE_RETENTION_MS } from './binance-retention.js';

/** How far one request reaches. */
export interface BinanceWindow {
  readonly mostMs: number;
  /** What refuses a wider one. */
  readonly tooWide: BinanceErrorCode;
  /** So far back from now, or from the end, where no start is sent; everything when left out. */
  readonly usualMs?: number;
}

export interface BinanceRange {
  readonly fromMs: number;
  readonly toMs: number;
  /** Somebody sent a start: rows from there on; otherwise the newest ones. */
  readonly hasStart: boolean;
}

export function historyRange(
  { world, query }: PrivateContext,
  { mostMs, tooWide, usualMs = Number.POSITIVE_INFINITY }: BinanceWindow,
): BinanceRange {
  const [start, end] = ['startTime', 'endTime'].map((name) => timeOf(query, name));
  if (start !== undefined && end !== undefined) {
    if (end < start) throw new BinanceError('-1102', 'Start time is greater than end time.');
    if (end - start > mostMs) throw new BinanceError(tooWide);
  }
  const toMs = end ?? world.now();
  return { fromMs: start ?? Math.max(0, toMs - usualMs), toMs, hasStart: start !== undefined };
}

export interface BinanceList<Row extends Place> {
  readonly path: string;
  readonly rows: RowList<Row>;
  readonly accept: (row: Row) => boolean;
  readonly ids: (row: Row) => readonly string[];
  readonly wire: (row: Row) => object;
}

export interface BinancePage extends BinanceRange {
  readonly order: 'oldest-first' | 'newest-first';
  readonly limit: number;
  /** So many rows are passed over. */
  readonly offset?: number;
}

/** Rows of a range in the order in which they are taken. */
export function historyRows<Row extends Place>(
  { world, account }: PrivateContext,
  { path, ...source }: BinanceList<Row>,
  { fromMs, toMs, order, limit, offset = 0 }: BinancePage,
): readonly object[] {
  const { exchange, account: name } = account.identity;
  const list = { exchange, account: name, path };
  const nowMs = world.now();
  const servedMs = nowMs - world.serving.retentionMs(list, BINANCE_RETENTION_MS[path]);
  const request = { fromMs: Math.max(fromMs, servedMs), toMs, order, limit: offset + limit };
  return servedPage(world.serving, { ...source, list, nowMs }, request).rows.slice(offset);
}

/** The list as most of binance's answer: oldest first, whichever end it was taken from. */
export function ascendingRows<Row extends Place>(
  context: PrivateContext,
  list: BinanceList<Row>,
  range: BinanceRange & { readonly limit: number },
): readonly object[] {
  const order = range.hasStart ? 'oldest-first' : 'newest-first';
  const rows = historyRows(context, list, { ...range, order });
  return range.hasStart ? rows : [...rows].reverse();
}

export function timeOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  const time = Number(text);
  if (!Number.isSafeInteger(time) || time < 0) {
    throw new BinanceError(
      '-1102',
      `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`,
    );
  }
  return time;
}

/** What is too large is cut. */
export function limitOf(query: URLSearchParams, standard: number, most: number, name = 'limit'): number {
  const limit = timeOf(query, name) ?? standard;
  return Math.min(Math.max(limit, 1), most);
}
