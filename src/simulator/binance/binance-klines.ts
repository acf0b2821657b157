import { HOUR_MS, hourCandles } from '../world/candles.js';
import { money, type PublicContext, requiredMarket } from './binance-endpoint.js';
import { BinanceError } from './binance-errors.js';

/** `GET /api/v3/klines` (docs: "Kline/Candlestick data"), by the hour: oldest first from the start, at most 1000. */
export function klines(context: PublicContext): unknown {
  const { world, query } = context;
  const market = requiredMarket(context, 'spot');
  if (query.get('interval') !== '1h') throw new BinanceError('-1120');
  const limit = Math.min(Number(query.get('limit') ?? 500), 1000);
  const toMs = Math.min(Number(query.get('endTime') ?? world.now()) + 1, world.now());
  const fromMs = Number(query.get('startTime') ?? toMs - limit * HOUR_MS);
  return hourCandles(market, { fromMs, toMs, limit }).map((candle) => [
    candle.openedAtMs,
    ...[candle.open, candle.high, candle.low, candle.close, candle.volume].map(money),
    candle.openedAtMs + HOUR_MS - 1,
    money(candle.turnover),
    76,
    ...['0.00000000', '0.00000000', '0'],
  ]);
}
