import type { TimeRange } from '../../../domain/time-range.js';
import type { HistoryPage } from '../../exchange-client.js';
import type { HistoryScopeProfile } from '../../profiles/history-scopes.js';
import { badResponse } from '../answer.js';
import { exchangeTime } from '../exchange-time.js';
import { CoverageTracker } from './coverage-tracker.js';
import { fetchPage, type PageFetchOptions } from './fetch-page.js';
import { type RecordReader, RecordsOfPages } from './page-records.js';
import { orderOf, PageTurner } from './page-turner.js';
import { TimeWindows } from './time-windows.js';

export interface WalkOptions<Row> extends PageFetchOptions {
  readonly range: TimeRange;
  readonly reader: RecordReader<Row>;
}

/**
 * Reads a range window by window, the newest first, and page by page; ccxt's own pagination stops after ten pages
 * without a word. Only one page is ever held. Whatever leaves it open whether rows are missing is an error.
 */
export async function* walk<Row extends { readonly timestampMs: number }>(
  options: WalkOptions<Row>,
): AsyncGenerator<HistoryPage<Row>> {
  const { inWindows, byIds } = partsOf(options.range, options.scope);
  const windows = new TimeWindows(inWindows, options.scope.windowMs);
  for (let window = windows.next(); window !== undefined; window = windows.next()) {
    yield* walkWindow(options, windows, window);
  }
  if (byIds !== undefined) yield* walkWindow(options, windows, byIds);
}

/** Years of a list that gives a day per request are read by ids, after the newest day. */
function partsOf(
  range: TimeRange,
  { paging, windowMs }: HistoryScopeProfile,
): { readonly inWindows: TimeRange; readonly byIds?: TimeRange } {
  const firstId = paging.kind === 'after-id' ? paging.firstId : undefined;
  if (firstId === undefined || windowMs === undefined) return { inWindows: range };
  if (range.toMs - range.fromMs <= firstId.beyondWindows * windowMs) return { inWindows: range };
  const middleMs = range.toMs - windowMs;
  return {
    inWindows: { fromMs: middleMs, toMs: range.toMs },
    byIds: { fromMs: range.fromMs, toMs: middleMs },
  };
}

/** What the first request of a window asks for: no more than the exchange answers. */
function firstRange(window: TimeRange, { windowMs }: HistoryScopeProfile): TimeRange {
  if (windowMs === undefined || window.toMs - window.fromMs <= windowMs) return window;
  return { fromMs: window.fromMs, toMs: window.fromMs + windowMs };
}

/** Where a list goes by another time than its rows show, what is asked for to know a window of the latter. */
function withReach({ fromMs, toMs }: TimeRange, reachMs: number, nowMs: number): TimeRange {
  return { fromMs: fromMs - reachMs, toMs: Math.max(toMs, Math.min(toMs + reachMs, nowMs)) };
}

async function* walkWindow<Row extends { readonly timestampMs: number }>(
  options: WalkOptions<Row>,
  windows: TimeWindows,
  window: TimeRange,
): AsyncGenerator<HistoryPage<Row>> {
  const { scope, session } = options;
  const origin = { exchange: session.exchange, scope: scope.id, method: scope.method };
  const byWindow = scope.byAnotherTime === true;
  const turner =
    scope.reachMs === undefined
      ? new PageTurner(scope.paging, scope.range, window, firstRange(window, scope))
      : new PageTurner(scope.paging, scope.range, withReach(window, scope.reachMs, exchangeTime(options)));
  const tracker = new CoverageTracker({ window, order: orderOf(scope.paging), byWindow });
  const pages = new RecordsOfPages(options.reader);
  let query = turner.first();
  for (;;) {
    const page = await fetchPage(options, query);
    const turn = turner.after(query, page);
    if (turn === 'split') {
      if (windows.halve(window)) return;
      throw badResponse(origin, `may be cut: it has ${page.rows.length} rows of one millisecond`);
    }
    if (turn !== 'end' && 'problem' in turn) throw badResponse(origin, turn.problem);
    const { records, rejected, ...times } = pages.take(page.rows, byWindow ? undefined : window);
    if (turn !== 'end' && page.rows.length > 0 && !times.hasFresh && !turner.mayRepeat) {
      throw badResponse(origin, 'repeats the page before it');
    }
    yield { records, rejected, covered: tracker.after({ ...times, isLast: turn === 'end' }) };
    if (turn === 'end') return;
    query = turn.next;
  }
}
