import type { CursorPaging } from '../profiles/paging.js';
import { badResponse, isDictionary } from './answer.js';
import { type PagedRows, PageReader, type PageRequest, type PagesOptions } from './page-reader.js';
import { followId, followOffset, followTime } from './page-turning.js';

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
    case 'id':
      await followId(reader, options, paging);
      break;
    case 'offset':
      await followOffset(reader, options, paging);
      break;
    case 'time':
      await followTime(reader, options, paging);
      break;
  }
  return reader.result();
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
