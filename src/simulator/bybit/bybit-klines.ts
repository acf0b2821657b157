import { HOUR_MS, hourCandles } from '../world/candles.js';
import { type PublicContext, pageLimit, requiredCategory } from './bybit-endpoint.js';
import { BybitError } from './bybit-errors.js';

/** `GET /v5/market/kline` (docs: v5 "Get Kline"), by the hour: newest first, at most 1000. */
export function klines({ world, query }: PublicContext): unknown {
  const category = requiredCategory(query, ['spot', 'linear', 'inverse']);
  const market = world.marketsOf('bybit', category).find(({ id }) => id === query.get('symbol'));
  if (market === undefined) throw new BybitError(10001, 'Not supported symbols');
  if (query.get('interval') !== '60') throw new BybitError(10001, 'Invalid period!');
  const limit = pageLimit(query, { standard: 200, most: 1000 });
  const endMs = Math.min(Number(query.get('end') ?? world.now()) + 1, world.now());
  const startMs = Number(query.get('start') ?? endMs - limit * HOUR_MS);
  // Where there are more, those that are nearest to the end come; without an end, those nearest to the start.
  const fromMs = query.has('end') ? Math.max(startMs, endMs - limit * HOUR_MS) : startMs;
  const candles = hourCandles(market, { fromMs, toMs: endMs, limit });
  return {
    category,
    symbol: market.id,
    list: candles
      .map(({ openedAtMs, open, high, low, close, volume, turnover }) => [
        ...[String(openedAtMs), open, high, low, close, volume, turnover],
      ])
      .reverse(),
  };
}
