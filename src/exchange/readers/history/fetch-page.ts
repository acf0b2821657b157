import type { ReadContext } from '../../exchange-client.js';
import type { CcxtExchange } from '../../exchange-session.js';
import type { HistoryScopeProfile, RawAnswer } from '../../profiles/history-scopes.js';
import { type AnswerOrigin, asList, type Dictionary, isDictionary } from '../answer.js';
import { exchangeTime } from '../exchange-time.js';
import type { AccountReaderOptions } from '../reader-options.js';
import { historyRow } from './history-row.js';
import { legRows } from './leg-rows.js';
import { marketById, quotesOf } from './market-by-id.js';
import type { GivenPage, PageQuery } from './page-turner.js';
import { type AskedRange, rangeParams } from './range-params.js';

export interface PageFetchOptions extends AccountReaderOptions {
  readonly context: ReadContext;
  readonly scope: HistoryScopeProfile;
  readonly symbol: string | undefined;
}

/** One request, guarded. */
export async function fetchPage(options: PageFetchOptions, query: PageQuery): Promise<GivenPage> {
  const { session, context, scope, unknownMarkets } = options;
  const { rows, count, cursor } = await session.call(
    { context, scope: scope.id, method: scope.method },
    async (ccxt) => {
      const page = await request(ccxt, options, query);
      unknownMarkets.check(page.rows, scope, ccxt);
      return page;
    },
  );
  const nowMs = exchangeTime(options);
  return { rows: rows.map((row) => historyRow(row, scope, nowMs)), count, cursor };
}

interface AnsweredPage {
  readonly rows: readonly unknown[];
  /** Of the rows that the exchange gave; some may be two, others none. */
  readonly count: number;
  readonly cursor: string | undefined;
}

async function request(
  ccxt: CcxtExchange,
  { scope, symbol, session }: PageFetchOptions,
  query: PageQuery,
): Promise<AnsweredPage> {
  const origin = { exchange: session.exchange, scope: scope.id, method: scope.method };
  const asked = query.range === undefined ? { params: {} } : rangeParams(query.range, scope.range);
  const params = { ...scope.params, ...asked.params, ...query.params };
  const { answer } = scope;
  if (answer !== undefined) {
    const given = await methodOf(ccxt, scope.method).call(ccxt, params);
    return unpacked(ccxt, scope, answer, given, origin);
  }
  const list = asList(await unified(ccxt, scope, symbol, asked, params), origin);
  return { rows: list, count: list.length, cursor: cursorAmong(list, scope) };
}

type Method = (...args: readonly unknown[]) => unknown;

function methodOf(ccxt: CcxtExchange, name: string): Method {
  const method = ccxt[name];
  if (typeof method !== 'function') throw new TypeError(`${ccxt.id} has no method ${name}`);
  return method as Method;
}

async function unified(
  ccxt: CcxtExchange,
  { method, paging }: HistoryScopeProfile,
  symbol: string | undefined,
  { sinceMs }: AskedRange,
  params: object,
): Promise<unknown> {
  const limit = paging.kind === 'single' ? paging.cutAt : paging.pageLimit;
  return methodOf(ccxt, method).call(ccxt, symbol, sinceMs, limit, params);
}

function unpacked(
  ccxt: CcxtExchange,
  scope: HistoryScopeProfile,
  answer: RawAnswer,
  given: unknown,
  origin: AnswerOrigin,
): AnsweredPage {
  const list = asList(at(given, answer.rows), origin);
  const cursor = answer.cursor === undefined ? undefined : at(given, answer.cursor);
  return {
    rows: list.flatMap((info) => (isOf(info, answer) ? rowsOf(ccxt, scope, answer, info) : [])),
    count: list.length,
    cursor: typeof cursor === 'string' ? cursor : undefined,
  };
}

/** Undefined: it is not there, or not in one of the lists on the way. */
function at(value: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  if (!Array.isArray(value)) return isDictionary(value) ? at(value[name], rest) : undefined;
  const parts = value.map((member) => at(member, path));
  return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
}

function isOf(info: unknown, { only }: RawAnswer): boolean {
  return only === undefined || !isDictionary(info) || only.words.includes(String(info[only.field]));
}

/** What ccxt can't make anything of is left to be set aside. */
function rowsOf(
  ccxt: CcxtExchange,
  { markets }: HistoryScopeProfile,
  { parse, marketField, expiredSymbol, legs = [] }: RawAnswer,
  info: unknown,
): Dictionary | Dictionary[] {
  if (!isDictionary(info)) return {};
  if (parse === undefined) return legRows(ccxt, info, legs);
  const marketId = marketField === undefined ? undefined : info[marketField];
  const market = marketById(ccxt, marketId, markets);
  const symbol =
    market === undefined ? expiredSymbol?.(String(marketId), info, quotesOf(ccxt, markets)) : undefined;
  try {
    const row = methodOf(ccxt, parse).call(ccxt, info, market);
    return { ...(isDictionary(row) ? row : {}), ...(symbol !== undefined && { symbol }), info };
  } catch {
    return { info };
  }
}

/** ccxt sorts a page after it left the cursor in one of its rows. */
function cursorAmong(page: readonly unknown[], { paging }: HistoryScopeProfile): string | undefined {
  if (paging.kind !== 'cursor' || paging.cursorField === undefined) return undefined;
  for (const row of page) {
    const info = isDictionary(row) ? row.info : undefined;
    const cursor = isDictionary(info) ? info[paging.cursorField] : undefined;
    if (typeof cursor === 'string' && cursor !== '') return cursor;
  }
  return undefined;
}
