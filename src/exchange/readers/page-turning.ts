import type { IdPaging, OffsetPaging, TimePaging } from '../profiles/paging.js';
import { badResponse, isDictionary } from './answer.js';
import type { PageReader, PageRequest, PagesOptions } from './page-reader.js';

/*
 * Lists whose answers do not name their next page: it follows from the rows. A page that is not full ends them.
 */

type Start = Pick<PagesOptions, 'sinceMs'>;

export async function followId(
  reader: PageReader,
  { sinceMs }: Start,
  { idField, idParam, pageLimit, maxPages }: IdPaging,
): Promise<void> {
  let params: PageRequest['params'] = {};
  let before: bigint | undefined;
  for (let pages = 0; pages < maxPages; pages += 1) {
    const page = await reader.next({ params, limit: pageLimit, ...(sinceMs !== undefined && { sinceMs }) });
    if (page.length < pageLimit) return;
    const lowest = lowestOf(page.map((row) => idOf(row, idField)));
    if (lowest === undefined) throw badResponse(reader.origin, `has a row without a number for ${idField}`);
    if (before !== undefined && lowest >= before) {
      throw badResponse(reader.origin, 'gives newer rows where older ones were asked for');
    }
    before = lowest;
    params = { [idParam]: String(lowest) };
  }
  throw reader.capped(maxPages);
}

/** Undefined: one of them is no number, so that nothing is known of the order. */
function lowestOf(ids: readonly (bigint | undefined)[]): bigint | undefined {
  return ids.reduce((lowest, id) =>
    lowest === undefined || id === undefined ? undefined : id < lowest ? id : lowest,
  );
}

function idOf(row: unknown, idField: string): bigint | undefined {
  const info = isDictionary(row) ? row.info : undefined;
  const id = isDictionary(info) ? info[idField] : undefined;
  return typeof id === 'string' && /^\d+$/.test(id) ? BigInt(id) : undefined;
}

/** The exchange's own length of a page: ccxt would cut a longer one to a limit that was asked for. */
export async function followOffset(
  reader: PageReader,
  { sinceMs }: Start,
  { offsetParam, pageLimit, maxPages }: OffsetPaging,
): Promise<void> {
  let offset = 0;
  for (let pages = 0; pages < maxPages; pages += 1) {
    const params = offset === 0 ? {} : { [offsetParam]: offset };
    const page = await reader.next({ params, ...(sinceMs !== undefined && { sinceMs }) });
    if (page.length < pageLimit) return;
    offset += page.length;
  }
  throw reader.capped(maxPages);
}

export async function followTime(
  reader: PageReader,
  { sinceMs = 0 }: Start,
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
