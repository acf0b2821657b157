import { z } from 'zod';
import type { HourPricesRead, ReadContext } from '../exchange-client.js';
import type { CcxtMarket } from '../exchange-session.js';
import type { HourPricesProfile } from '../profiles/profile.js';
import { asList, badResponse, isDictionary } from './answer.js';
import { comesBefore } from './read-prices.js';
import type { ReaderOptions } from './reader-options.js';
import { decimal, isPositive, timestampOrUnknown } from './row-fields.js';
import { matches } from './scope-markets.js';

export interface PricedPair {
  readonly base: string;
  readonly quote: string;
}

const HOUR_MS = 3_600_000;
const SCOPE = 'past prices';

/** Where neither the profile nor ccxt says how many candles one request gives. */
const SAFE_LIMIT = 100;

/** Beyond this one answer is needlessly large. */
const MOST_HOURS = 1000;

/** ccxt's candle: time, open, high, low, close, volume. */
const candle = z.tuple([timestampOrUnknown, decimal]).rest(z.unknown());

/** Reads one page of a market's hours. Rejects with EXCHANGE_BAD_RESPONSE unless every candle is one. */
export async function readHourPrices(
  { session, profile }: ReaderOptions,
  pair: PricedPair,
  fromMs: number,
  context: ReadContext,
): Promise<HourPricesRead> {
  const known = profile.hourPrices;
  const { limit: hours, takesUntil } = known ?? unprofiled(session.ccxt.features);
  const symbol = symbolOf(Object.values(session.ccxt.markets), pair);
  if (!session.ccxt.has.fetchOHLCV || symbol === undefined) return { prices: [], hours };
  const toMs = fromMs + hours * HOUR_MS;
  const purpose = { context, scope: SCOPE, method: 'fetchOHLCV' };
  const params = takesUntil ? { until: toMs - 1 } : {};
  const answer = await session.call(purpose, (ccxt) => ccxt.fetchOHLCV(symbol, '1h', fromMs, hours, params));
  const origin = { exchange: session.exchange, scope: SCOPE, method: 'fetchOHLCV' };
  const rows = asList(answer, origin);
  // ccxt makes no candle of an answer that is none, and nothing here would notice.
  if (rows.length === 0 && known === undefined) return { prices: [], hours: 0 };
  const prices = rows.flatMap((row) => {
    const { success, data } = candle.safeParse(row);
    if (!success || data[0] === undefined) throw badResponse(origin, 'has a row that is no candle');
    const [hourMs, price] = data;
    const isAsked = hourMs >= fromMs && hourMs < toMs && hourMs % HOUR_MS === 0;
    return isAsked && isPositive(price) ? [{ hourMs, price }] : [];
  });
  return { prices, hours };
}

function symbolOf(markets: readonly CcxtMarket[], { base, quote }: PricedPair): string | undefined {
  const [first, ...others] = markets.filter(
    (market) => market.base === base && market.quote === quote && matches(market, { spot: true }),
  );
  return others.reduce((best, other) => (best && comesBefore(other, best) ? other : best), first)?.symbol;
}

function unprofiled(features: Readonly<Record<string, unknown>> | undefined): HourPricesProfile {
  const spot = features?.spot;
  const candles = isDictionary(spot) ? spot.fetchOHLCV : undefined;
  const limit = isDictionary(candles) ? Number(candles.limit) : Number.NaN;
  return {
    limit: Number.isInteger(limit) && limit > 0 ? Math.min(limit, MOST_HOURS) : SAFE_LIMIT,
    takesUntil: false,
  };
}
