import { isDeepStrictEqual } from 'node:util';
import type { ReadContext } from '../exchange-client.js';
import type { CcxtExchange } from '../exchange-session.js';
import type { CursorPaging, ScopeProfile, TimePaging } from '../profiles/profile.js';
import { type AnswerOrigin, asList, badResponse, isDictionary } from './answer.js';
import type { AccountReaderOptions } from './reader-options.js';

/** Every row of a list, however many requests it took. */
export interface PagedRows {
  readonly rows: readonly unknown[];
  readonly pages: number;
  readonly requestedAtMs: number;
}

/** What one request of a list adds to the scope's own parameters. */
export interface PageRequest {
  readonly params: Readonly<Record<string, unknown>>;
  readonly limit?: number;
  readonly sinceMs?: number;
}

export interface PagesOptions extends Pick<AccountReaderOptions, 'session' | 'clock' | 'unknownMarkets'> {
  readonly context: ReadContext;
  readonly scope: ScopeProfile;
  /** Calls the scope's unified method. */
  readonly fetchPage: (ccxt: CcxtExchange, request: PageRequest) => Promise<unknown>;
  /** Where a list by time begins. */
  readonly sinceMs?: number;
}

/**
 * Follows a list to its end. ccxt's own pagination is not used: it stops after ten pages without a word.
 * Rejects rather than returning a part: too many pages, a page that repeats, a list that the exchange cut.
 */
export async function fetchPages(options: PagesOptions): Promise<PagedRows> {
  const reader = new PageReader(options);
  const { paging } = options.scope;
  switch (paging.kind) {
    case 'single':
      await readOne(reader, options, paging.cutAt);
      break;
    case 'cursor':
      await followCursor(reader, options, paging);
      break;
    case 'time':
      await followTime(reader, options, paging);
      break;
  }
  return reader.result();
}

/** Collects pages and notices one that is the same as the one before it. */
class PageReader {
  readonly origin: AnswerOrigin;
  readonly #options: PagesOptions;
  readonly #rows: unknown[] = [];
  #previous: readonly unknown[] = [];
  #pages = 0;
  #requestedAtMs = 0;

  constructor(options: PagesOptions) {
    const { session, scope } = options;
    this.#options = options;
    this.origin = { exchange: session.exchange, scope: scope.id, method: scope.method };
  }

  async next(request: PageRequest): Promise<readonly unknown[]> {
    const { session, context, scope, clock, fetchPage, unknownMarkets } = this.#options;
    const answer = await session.call({ context, scope: scope.id, method: scope.method }, async (ccxt) => {
      if (this.#pages === 0) this.#requestedAtMs = clock.now();
      const rows = await fetchPage(ccxt, request);
      unknownMarkets.check(rows, scope, ccxt);
      return rows;
    });
    const page = asList(answer, this.origin);
    if (page.length > 0 && isDeepStrictEqual(page, this.#previous)) {
      throw badResponse(this.origin, `repeats page ${this.#pages}`);
    }
    this.#pages += 1;
    this.#previous = page;
    this.#rows.push(...page);
    return page;
  }

  capped(maxPages: number): Error {
    return badResponse(this.origin, `has more than ${maxPages} pages`);
  }

  result(): PagedRows {
    return { rows: this.#rows, pages: this.#pages, requestedAtMs: this.#requestedAtMs };
  }
}

async function readOne(
  reader: PageReader,
  { sinceMs }: PagesOptions,
  cutAt: number | undefined,
): Promise<void> {
  const page = await reader.next({
    params: {},
    ...(cutAt !== undefined && { limit: cutAt }),
    ...(sinceMs !== undefined && { sinceMs }),
  });
  if (cutAt !== undefined && page.length >= cutAt) {
    throw badResponse(reader.origin, `may be cut: it has ${page.length} rows and the exchange gives no more`);
  }
}

async function followCursor(
  reader: PageReader,
  { sinceMs }: PagesOptions,
  { cursorField, cursorParam, pageLimit, maxPages }: CursorPaging,
): Promise<void> {
  const seen = new Set<string>();
  let params: PageRequest['params'] = {};
  for (let pages = 0; pages < maxPages; pages += 1) {
    const page = await reader.next({
      params,
      limit: pageLimit,
      ...(sinceMs !== undefined && { sinceMs }),
    });
    const cursor = cursorOf(page, cursorField);
    if (cursor === undefined) return;
    if (seen.has(cursor)) throw badResponse(reader.origin, 'names a page that was read already');
    seen.add(cursor);
    params = { [cursorParam]: cursor };
  }
  throw reader.capped(maxPages);
}

/** ccxt sorts a page after it left the cursor in one of its rows. */
function cursorOf(page: readonly unknown[], cursorField: string): string | undefined {
  for (const row of page) {
    const info = isDictionary(row) ? row.info : undefined;
    const cursor = isDictionary(info) ? info[cursorField] : undefined;
    if (typeof cursor === 'string' && cursor !== '') return cursor;
  }
  return undefined;
}

async function followTime(
  reader: PageReader,
  { sinceMs = 0 }: PagesOptions,
  { pageLimit, maxPages }: TimePaging,
): Promise<void> {
  let fromMs = sinceMs;
  for (let pages = 0; pages < maxPages; pages += 1) {
    const page = await reader.next({ params: {}, limit: pageLimit, sinceMs: fromMs });
    if (page.length < pageLimit) return;
    const newestMs = Math.max(...page.map(timestampOf));
    if (!(newestMs > fromMs)) {
      throw badResponse(reader.origin, `has a whole page of rows of one millisecond, or without a time`);
    }
    fromMs = newestMs;
  }
  throw reader.capped(maxPages);
}

function timestampOf(row: unknown): number {
  const timestamp = isDictionary(row) ? row.timestamp : undefined;
  return typeof timestamp === 'number' ? timestamp : Number.NEGATIVE_INFINITY;
}
