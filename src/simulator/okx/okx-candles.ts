import { HOUR_MS, hourCandles } from '../world/candles.js';
import { okxMarketsOf, type PublicContext } from './okx-endpoint.js';
import { OkxError } from './okx-errors.js';

/** `GET /api/v5/market/candles` (docs: "Get candlesticks"): the last 1440 of a market, at most 300 at once. */
export function candles(context: PublicContext): readonly unknown[] {
  return page(context, { most: 300, sinceMs: context.world.now() - 1440 * HOUR_MS });
}

/** `GET /api/v5/market/history-candles` (docs: "Get candlesticks history"): of all years, at most 100 at once. */
export function historyCandles(context: PublicContext): readonly unknown[] {
  return page(context, { most: 100, sinceMs: 0 });
}

/** Newest first. `after` and `before` are times that are not in the page themselves: older than, newer than. */
function page(
  { world, query }: PublicContext,
  { most, sinceMs }: { readonly most: number; readonly sinceMs: number },
): readonly unknown[] {
  const market = okxMarketsOf(world, 'SPOT').find(({ id }) => id === query.get('instId'));
  if (market === undefined) throw new OkxError(51000, 'instId');
  if (query.get('bar') !== '1H') throw new OkxError(51000, 'bar');
  const limit = Math.min(Number(query.get('limit') ?? 100), most);
  const toMs = Math.min(Number(query.get('after') ?? world.now()), world.now());
  const newerThanMs = Math.max(Number(query.get('before') ?? 0), sinceMs);
  const fromMs = Math.max(newerThanMs + 1, toMs - limit * HOUR_MS);
  return hourCandles(market, { fromMs, toMs, limit })
    .map(({ openedAtMs, open, high, low, close, volume, turnover }) => [
      ...[String(openedAtMs), open, high, low, close, volume, turnover, turnover],
      openedAtMs + HOUR_MS <= world.now() ? '1' : '0',
    ])
    .reverse();
}
