import { isDeepStrictEqual } from 'node:util';
import { assertNever } from '../../../domain/assert-never.js';
import type { TimeRange } from '../../../domain/time-range.js';
import type {
  HistoryIdPaging,
  HistoryOffsetPaging,
  HistoryPaging,
  HistorySinglePage,
  HistoryTimePaging,
} from '../../profiles/history-paging.js';
import type { RangeParams } from '../../profiles/history-scopes.js';
import { isDictionary } from '../answer.js';
import type { HistoryRow } from './history-row.js';
import { rangeParams } from './range-params.js';

/** What one request asks for beside the scope's own parameters. */
export interface PageQuery {
  /** Absent: the range is left out. */
  readonly range?: TimeRange;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A page as the exchange gave it. */
export interface GivenPage {
  readonly rows: readonly HistoryRow[];
  /** How many rows the exchange gave, which tells whether the page is full. */
  readonly count: number;
  readonly cursor: string | undefined;
}

/** What follows a page. `end`: its range is read; `split`: it has to be asked for again in halves. */
export type Turn = { readonly next: PageQuery } | 'end' | 'split' | { readonly problem: string };

export type PageOrder = 'newest-first' | 'oldest-first';

export function orderOf(paging: HistoryPaging): PageOrder {
  if (paging.kind === 'offset') return paging.order;
  return paging.kind === 'after-time' || paging.kind === 'after-id' ? 'oldest-first' : 'newest-first';
}

/** Finds the way from page to page through one window. */
export class PageTurner {
  readonly #paging: HistoryPaging;
  readonly #range: RangeParams;
  readonly #window: TimeRange;
  readonly #firstRange: TimeRange;
  readonly #cursors = new Set<string>();
  #offset = 0;

  /** `firstRange`: shorter than the window where that is more than one request may reach, and is read by ids. */
  constructor(paging: HistoryPaging, range: RangeParams, window: TimeRange, firstRange = window) {
    this.#paging = paging;
    this.#range = range;
    this.#window = window;
    this.#firstRange = firstRange;
  }

  /** By time, a page may hold nothing but rows of the one before it, of the moment at which it begins. */
  get mayRepeat(): boolean {
    return this.#paging.kind === 'before-time' || this.#paging.kind === 'after-time';
  }

  first(): PageQuery {
    return { range: this.#firstRange, params: {} };
  }

  after(query: PageQuery, page: GivenPage): Turn {
    const paging = this.#paging;
    if (query.range === this.#firstRange && this.#firstRange !== this.#window) {
      return this.#beginIds(page.rows);
    }
    if (paging.kind === 'cursor') return this.#followCursor(paging.cursorParam, page);
    if (paging.kind === 'single') return this.#afterWhole(paging, page);
    if (page.count < paging.pageLimit) return 'end';
    switch (paging.kind) {
      case 'offset':
        return { next: this.#afterOffset(paging, page.count) };
      case 'before-id':
      case 'after-id':
        return this.#followId(paging, page.rows);
      case 'before-time':
      case 'after-time':
        return this.#followTime(paging, query, page.rows);
      default:
        return assertNever(paging);
    }
  }

  /** Halves would not end where the exchange does not keep to the range. */
  #afterWhole({ cutAt }: HistorySinglePage, { rows, count }: GivenPage): Turn {
    if (cutAt === undefined || count < cutAt) return 'end';
    const { fromMs, toMs } = this.#window;
    const times = timesOf(rows);
    const isElsewhere = times.length > 0 && times.every((time) => time < fromMs || time >= toMs);
    return isElsewhere ? { problem: 'is of another time than was asked for' } : 'split';
  }

  #followCursor(cursorParam: string, { cursor }: GivenPage): Turn {
    if (cursor === undefined || cursor === '') return 'end';
    if (this.#cursors.has(cursor)) return { problem: 'names a page that was read already' };
    this.#cursors.add(cursor);
    return { next: { range: this.#window, params: { [cursorParam]: cursor } } };
  }

  #afterOffset({ offsetParam, firstPage, pageLimit }: HistoryOffsetPaging, count: number): PageQuery {
    this.#offset += firstPage === undefined ? count : pageLimit;
    const value = firstPage === undefined ? this.#offset : firstPage + this.#offset / pageLimit;
    return { range: this.#window, params: { [offsetParam]: value } };
  }

  #followId({ kind, idField, idParam, withoutRange }: HistoryIdPaging, rows: readonly HistoryRow[]): Turn {
    const ids = rows.map((row) => idOf(row, idField));
    if (!ids.every((id) => id !== undefined)) return { problem: `has a row without a number for ${idField}` };
    const isBefore = kind === 'before-id';
    const end = ids.reduce((best, id) => ((isBefore ? id < best : id > best) ? id : best));
    if (withoutRange === true && this.#isPassed(rows, isBefore)) return 'end';
    return {
      next: {
        ...(withoutRange !== true && { range: this.#window }),
        params: { [idParam]: String(end) },
      },
    };
  }

  /** Behind the rows of the beginning; there are none where it is quiet: then from the lowest id on. */
  #beginIds(rows: readonly HistoryRow[]): Turn {
    const paging = this.#paging;
    if (paging.kind !== 'after-id' || paging.firstId === undefined) return 'end';
    if (rows.length > 0) return this.#followId(paging, rows);
    return { next: { params: { [paging.idParam]: paging.firstId.id } } };
  }

  #isPassed(rows: readonly HistoryRow[], isBefore: boolean): boolean {
    const times = timesOf(rows);
    if (isBefore) return Math.min(...times) < this.#window.fromMs;
    return times.length > 0 && Math.max(...times) >= this.#window.toMs;
  }

  #followTime({ kind, offsetParam }: HistoryTimePaging, query: PageQuery, rows: readonly HistoryRow[]): Turn {
    const times = timesOf(rows);
    if (times.length === 0) return { problem: 'has no row with a time, of which the next page begins' };
    const range =
      kind === 'before-time'
        ? { fromMs: this.#window.fromMs, toMs: Math.min(...times) + 1 }
        : { fromMs: Math.max(...times), toMs: this.#window.toMs };
    if (range.fromMs >= range.toMs) return 'end';
    const asked = rangeParams(range, this.#range);
    if (query.range === undefined || !isDeepStrictEqual(asked, rangeParams(query.range, this.#range))) {
      this.#offset = 0;
      return { next: { range, params: {} } };
    }
    if (offsetParam === undefined) {
      return { problem: `has a whole page of one moment, ${rows.length} rows, and no way to the next` };
    }
    this.#offset += rows.length;
    return { next: { range, params: { [offsetParam]: this.#offset } } };
  }
}

function timesOf(rows: readonly HistoryRow[]): number[] {
  return rows.flatMap(({ timestampMs }) => timestampMs ?? []);
}

function idOf({ fields: { info } }: HistoryRow, idField: string): bigint | undefined {
  const id = isDictionary(info) ? info[idField] : undefined;
  const text = typeof id === 'number' ? String(id) : id;
  return typeof text === 'string' && /^\d+$/.test(text) ? BigInt(text) : undefined;
}
