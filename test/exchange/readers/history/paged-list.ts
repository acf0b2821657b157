import type { HistoryPaging } from '#src/exchange/profiles/history-paging.js';
import type { TradeScopeProfile } from '#src/exchange/profiles/history-scopes.js';
import type { Route } from '../../support/exchange-server.js';

export const LIST_PATH = '/v5/execution/list';

export interface ListedRow {
  readonly id: number;
  readonly timeMs: number;
}

/** What of a list's terms the reader is told. */
export type ListTerms = Pick<TradeScopeProfile, 'paging' | 'range' | 'windowMs' | 'byAnotherTime'>;

/** A list of fills in bybit's clothes, which is ended, sorted and paged as its terms say. */
export class PagedList {
  rows: readonly ListedRow[] = [];
  #terms: ListTerms;
  requests = 0;

  constructor(terms: ListTerms) {
    this.#terms = terms;
  }

  /** For the next questions. */
  give(terms: ListTerms, rows: readonly ListedRow[]): void {
    this.#terms = terms;
    this.rows = rows;
    this.requests = 0;
  }

  readonly route: Route = ({ path, query }) => {
    if (path !== LIST_PATH) return undefined;
    this.requests += 1;
    const { rows, cursor } = this.#page(query);
    return { retCode: 0, result: { list: rows.map(wire), nextPageCursor: cursor ?? '' } };
  };

  #page(query: URLSearchParams): { rows: readonly ListedRow[]; cursor?: string } {
    const { paging } = this.#terms;
    const inRange = this.rows.filter((row) => this.#isAsked(row, query));
    const newestFirst = [...inRange].sort((a, b) => b.timeMs - a.timeMs || b.id - a.id);
    const oldestFirst = [...newestFirst].reverse();
    const number = (name: string) => (query.has(name) ? Number(query.get(name)) : undefined);
    switch (paging.kind) {
      case 'cursor': {
        const from = number(paging.cursorParam) ?? 0;
        const end = from + paging.pageLimit;
        const hasMore = newestFirst.length > end;
        return { rows: newestFirst.slice(from, end), ...(hasMore && { cursor: String(end) }) };
      }
      case 'before-id': {
        const before = number(paging.idParam) ?? Number.POSITIVE_INFINITY;
        return { rows: newestFirst.filter(({ id }) => id < before).slice(0, paging.pageLimit) };
      }
      case 'after-id': {
        const after = number(paging.idParam) ?? Number.NEGATIVE_INFINITY;
        return { rows: oldestFirst.filter(({ id }) => id > after).slice(0, paging.pageLimit) };
      }
      case 'before-time':
      case 'after-time': {
        const skip = paging.offsetParam === undefined ? 0 : (number(paging.offsetParam) ?? 0);
        const sorted = paging.kind === 'before-time' ? newestFirst : oldestFirst;
        return { rows: sorted.slice(skip, skip + paging.pageLimit) };
      }
      case 'offset': {
        const { firstPage, offsetParam, pageLimit, order } = paging;
        const asked = number(offsetParam) ?? firstPage ?? 0;
        const skip = firstPage === undefined ? asked : (asked - firstPage) * pageLimit;
        return { rows: (order === 'newest-first' ? newestFirst : oldestFirst).slice(skip, skip + pageLimit) };
      }
      case 'single':
        return { rows: newestFirst.slice(0, paging.cutAt) };
    }
  }

  #isAsked({ timeMs }: ListedRow, query: URLSearchParams): boolean {
    const { from, to, includesFrom, includesTo, unit } = this.#terms.range;
    const scale = unit === 'seconds' ? 1000 : 1;
    const start = from !== undefined && query.has(from) ? Number(query.get(from)) * scale : undefined;
    const end = to !== undefined && query.has(to) ? Number(query.get(to)) * scale : undefined;
    if (start !== undefined && (includesFrom ? timeMs < start : timeMs <= start)) return false;
    return end === undefined || (includesTo ? timeMs <= end : timeMs < end);
  }
}

export const wire = ({ id, timeMs }: ListedRow): object => ({
  symbol: 'BTCUSDT',
  orderId: 'order',
  side: 'Buy',
  execFee: '0.001',
  feeCurrency: 'BTC',
  execId: String(id),
  execPrice: '100',
  execQty: '2',
  execType: 'Trade',
  execValue: '200',
  execTime: String(timeMs),
  isMaker: true,
});

/** How many requests a list by cursor takes at least: one per page, one per window without rows. */
export function pagesOfWindows(
  rows: readonly ListedRow[],
  range: { readonly fromMs: number; readonly toMs: number },
  windowMs: number,
  paging: HistoryPaging & { readonly kind: 'cursor' },
): number {
  let pages = 0;
  for (let toMs = range.toMs; toMs > range.fromMs; toMs -= windowMs) {
    const fromMs = Math.max(range.fromMs, toMs - windowMs);
    const count = rows.filter(({ timeMs }) => timeMs >= fromMs && timeMs < toMs).length;
    pages += Math.max(1, Math.ceil(count / paging.pageLimit));
  }
  return pages;
}
