import type { DecimalString } from '../../domain/decimal-string.js';
import { divide, multiply } from '../../ledger/decimal.js';
import { decimalsOf, floorToStep, isPositive, padded } from './amounts.js';
import type { Market } from './market.js';

export const HOUR_MS = 60 * 60_000;

export interface Candle {
  readonly openedAtMs: number;
  readonly open: DecimalString;
  readonly high: DecimalString;
  readonly low: DecimalString;
  readonly close: DecimalString;
  readonly volume: DecimalString;
  readonly turnover: DecimalString;
}

/**
 * The hours of a market that began in `[fromMs, toMs)`, oldest first, at most `limit`. Past prices lie within two
 * percent of what the market began at, and an hour's is always the same. A market that nobody trades has none.
 */
export function hourCandles(
  market: Market,
  { fromMs, toMs, limit }: { readonly fromMs: number; readonly toMs: number; readonly limit: number },
): readonly Candle[] {
  if (market.trading === 'untraded' || market.trading === 'empty') return [];
  const first = Math.ceil(Math.max(fromMs, 0) / HOUR_MS) * HOUR_MS;
  const count = Math.min(limit, Math.ceil((toMs - first) / HOUR_MS));
  return Array.from({ length: Math.max(count, 0) }, (_, hour) => candleAt(market, first + hour * HOUR_MS));
}

function candleAt(market: Market, openedAtMs: number): Candle {
  const [open, close] = [openedAtMs, openedAtMs + HOUR_MS].map((atMs) => hourPrice(market, atMs)) as [
    DecimalString,
    DecimalString,
  ];
  const isUp = Number(open) <= Number(close);
  return {
    ...{ openedAtMs, open, close },
    ...(isUp ? { high: close, low: open } : { high: open, low: close }),
    volume: '12.5',
    turnover: multiply('12.5', open),
  };
}

/** What the market traded at when that hour began. */
export function hourPrice(market: Market, hourMs: number): DecimalString {
  const factor = divide(String(9800 + (scattered(`${market.id} ${hourMs}`) % 401)), '10000');
  const price = floorToStep(multiply(market.prices.open, factor), market.tickSize);
  return padded(isPositive(price) ? price : market.tickSize, decimalsOf(market.tickSize));
}

/** Any text's own number, so that nothing needs to be remembered (FNV-1a). */
function scattered(text: string): number {
  let hash = 2_166_136_261;
  for (const character of text) hash = Math.imul(hash ^ character.charCodeAt(0), 16_777_619);
  return hash >>> 0;
}
