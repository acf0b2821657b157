import type { Place, RowList } from '../world/history/row-list.js';
import { servedPage } from '../world/history/served-page.js';
import type { PrivateContext } from './okx-endpoint.js';
import { OkxError } from './okx-errors.js';
import { OKX_RETENTION_MS } from './okx-retention.js';

const MOST = 100;

export interface OkxList<Row extends Place> {
  readonly path: string;
  readonly rows: RowList<Row>;
  readonly accept: (row: Row) => boolean;
  readonly ids: (row: Row) => readonly string[];
  readonly wire: (row: Row) => object;
  /** What `after` and `before` name: a row's number, or its time. */
  readonly pagesBy: 'number' | 'time';
}

/**
 * One page, newest first. `after` asks for what is older than that number or time, `before` for what is newer;
 * `begin` and `end` are times, both included.
 */
export function historyRows<Row extends Place>(
  { world, account, query }: PrivateContext,
  { path, pagesBy, accept, ...source }: OkxList<Row>,
): readonly object[] {
  const nowMs = world.now();
  const { exchange, account: name } = account.identity;
  const list = { exchange, account: name, path };
  const [after, before, begin, end, limit] = ['after', 'before', 'begin', 'end', 'limit'].map((parameter) =>
    numberOf(query, parameter),
  );
  if (limit !== undefined && limit < 1n) throw new OkxError(51000, 'limit');
  const value = ({ seq, timestampMs }: Row) =>
    pagesBy === 'number' ? BigInt(account.statementId(seq)) : BigInt(timestampMs);
  return servedPage(
    world.serving,
    {
      ...source,
      list,
      nowMs,
      accept: (row) =>
        accept(row) &&
        (after === undefined || value(row) < after) &&
        (before === undefined || value(row) > before),
    },
    {
      fromMs: Math.max(Number(begin ?? 0n), nowMs - world.serving.retentionMs(list, OKX_RETENTION_MS[path])),
      toMs: end === undefined ? nowMs : Number(end),
      order: 'newest-first',
      limit: Math.min(Number(limit ?? MOST), MOST),
    },
  ).rows;
}

function numberOf(query: URLSearchParams, name: string): bigint | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (!/^\d+$/.test(text)) throw new OkxError(51000, name);
  return BigInt(text);
}
