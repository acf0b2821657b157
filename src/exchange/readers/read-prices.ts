import type { PriceRecord } from '../../domain/records.js';
import type { ScopeRead } from '../../domain/scope-read.js';
import type { ReadContext } from '../exchange-client.js';
import type { CcxtMarket } from '../exchange-session.js';
import type { MarketFilter, PriceScopeProfile } from '../profiles/profile.js';
import { asDictionary, type Dictionary, isDictionary } from './answer.js';
import { priceOf, priceRow } from './price-row.js';
import type { ReaderOptions } from './reader-options.js';
import { RowSet } from './row-set.js';
import { matches } from './scope-markets.js';

/** Reads one whole ticker list. */
export async function readPrices(
  { session, clock }: ReaderOptions,
  scope: PriceScopeProfile,
  context: ReadContext,
): Promise<ScopeRead<PriceRecord>> {
  let requestedAtMs = 0;
  const answer = await session.call({ context, scope: scope.id, method: scope.method }, (ccxt) => {
    requestedAtMs = clock.now();
    return ccxt.fetchTickers(undefined, { ...scope.params });
  });
  const tickers = asDictionary(answer, {
    exchange: session.exchange,
    scope: scope.id,
    method: scope.method,
  });
  const rows = new RowSet<PriceRecord>({ key: ({ base, quote }) => `${base}/${quote}` });
  for (const [market, ticker] of oneMarketPerPair(tickers, session.ccxt.markets, scope.markets)) {
    addPrice(rows, market, ticker);
  }
  return { scope: scope.id, records: rows.records, rejected: rows.rejected, pages: 1, requestedAtMs };
}

function addPrice(rows: RowSet<PriceRecord>, { symbol, base, quote }: CcxtMarket, ticker: Dictionary): void {
  const name = `price of ${symbol}`;
  const { last, bid, ask, timestamp } = ticker;
  const row = rows.parse(name, priceRow, { base, quote, last, bid, ask, timestampMs: timestamp });
  const found = row && priceOf(row);
  if (row === undefined || found === undefined) return;
  const [price, source] = found;
  rows.add(name, { base: row.base, quote: row.quote, price, source, timestampMs: row.timestampMs });
}

/**
 * Tickers of markets that match; of two markets for one pair the active one, then the first by id, so
 * that a pair's price does not jump between markets from sync to sync.
 */
function oneMarketPerPair(
  tickers: Dictionary,
  markets: Readonly<Record<string, CcxtMarket>>,
  filter: MarketFilter,
): Iterable<[CcxtMarket, Dictionary]> {
  const chosen = new Map<string, [CcxtMarket, Dictionary]>();
  for (const [symbol, ticker] of Object.entries(tickers)) {
    const market = markets[symbol];
    if (market === undefined || !matches(market, filter) || !isDictionary(ticker)) continue;
    const pair = `${market.base}/${market.quote}`;
    const other = chosen.get(pair)?.[0];
    if (other === undefined || comesBefore(market, other)) chosen.set(pair, [market, ticker]);
  }
  return chosen.values();
}

/** Of two markets of one pair, whether the left one is taken. */
export function comesBefore(left: CcxtMarket, right: CcxtMarket): boolean {
  const [leftRank, rightRank] = [left, right].map(({ active }) => (active === false ? 1 : 0));
  return leftRank === rightRank ? left.id < right.id : (leftRank ?? 0) < (rightRank ?? 0);
}
