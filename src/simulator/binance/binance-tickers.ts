import { divide, multiply, subtract } from '../../ledger/decimal.js';
import { padded, truncated } from '../world/amounts.js';
import type { Market, MarketKind } from '../world/market.js';
import { askedMarkets, marketNamed, money, type PublicContext } from './binance-endpoint.js';
import { BinanceError } from './binance-errors.js';

const DAY_MS = 24 * 60 * 60_000;
const NOTHING = '0.00000000';

export function serverTime({ world }: PublicContext): unknown {
  return { serverTime: world.now() };
}

export function ping(): unknown {
  return {};
}

type Row = (market: Market) => object;

/** `ticker/24hr`, `ticker/price` and `ticker/bookTicker` of one kind: a row for a symbol, a list without. */
export function tickerLists(kind: MarketKind, row: Row): (context: PublicContext) => unknown {
  return (context) => {
    const several = context.query.get('symbols');
    if (several !== null && kind === 'spot') {
      return namedMarkets(several).map((id) => row(marketNamed(context.world, kind, id)));
    }
    const rows = askedMarkets(context, kind).map(row);
    return context.query.has('symbol') && kind !== 'inverse' ? rows[0] : rows;
  };
}

/** `symbols=["BTCUSDT","BNBUSDT"]` */
function namedMarkets(text: string): readonly string[] {
  try {
    return JSON.parse(text) as string[];
  } catch {
    throw new BinanceError('-1121');
  }
}

/** A market that nobody has traded says zero, and counts no trade. */
export function dayTicker(market: Market): object {
  const { prices } = market;
  const isSpot = market.kind === 'spot';
  const { last } = prices;
  const price = (value: string | undefined) =>
    value === undefined ? NOTHING : isSpot ? money(value) : value;
  const traded = (value: string) => price(last === undefined ? undefined : value);
  const book = {
    prevClosePrice: traded(prices.open),
    bidPrice: price(prices.bid),
    bidQty: prices.bid === undefined ? NOTHING : money(prices.bidSize),
    askPrice: price(prices.ask),
    askQty: prices.ask === undefined ? NOTHING : money(prices.askSize),
  };
  return {
    symbol: market.id,
    ...(market.kind === 'inverse' ? { pair: market.base + market.quote } : {}),
    priceChange: last === undefined ? NOTHING : money(subtract(last, prices.open)),
    priceChangePercent: last === undefined ? '0.000' : changePercent(prices.open, last),
    weightedAvgPrice: traded(prices.open),
    lastPrice: price(last),
    lastQty: last === undefined ? NOTHING : money(prices.lastSize),
    ...(isSpot ? book : {}),
    openPrice: traded(prices.open),
    highPrice: traded(prices.high),
    lowPrice: traded(prices.low),
    volume: last === undefined ? NOTHING : money(prices.volume),
    [market.kind === 'inverse' ? 'baseVolume' : 'quoteVolume']:
      last === undefined ? NOTHING : money(prices.turnover),
    openTime: prices.updatedAtMs - DAY_MS,
    closeTime: prices.updatedAtMs,
    firstId: last === undefined ? -1 : 28_385,
    lastId: last === undefined ? -1 : 28_460,
    count: last === undefined ? 0 : 76,
  };
}

function changePercent(before: string, now: string): string {
  return padded(truncated(multiply(divide(subtract(now, before), before), '100'), 3), 3);
}

export function priceTicker(market: Market): object {
  const { last, updatedAtMs } = market.prices;
  const price = last === undefined ? NOTHING : money(last);
  return market.kind === 'spot'
    ? { symbol: market.id, price }
    : { symbol: market.id, price, time: updatedAtMs };
}

export function bookTicker(market: Market): object {
  const { bid, ask, bidSize, askSize, updatedAtMs } = market.prices;
  const row = {
    symbol: market.id,
    bidPrice: bid === undefined ? NOTHING : money(bid),
    bidQty: bid === undefined ? NOTHING : money(bidSize),
    askPrice: ask === undefined ? NOTHING : money(ask),
    askQty: ask === undefined ? NOTHING : money(askSize),
  };
  return market.kind === 'spot' ? row : { ...row, time: updatedAtMs };
}

/** `premiumIndex`: the mark price. */
export function premiumIndex(market: Market): object {
  const { mark, index, updatedAtMs } = market.prices;
  return {
    symbol: market.id,
    markPrice: money(mark),
    indexPrice: money(index),
    estimatedSettlePrice: money(index),
    lastFundingRate: '0.00010000',
    interestRate: '0.00010000',
    nextFundingTime: (Math.floor(updatedAtMs / (DAY_MS / 3)) + 1) * (DAY_MS / 3),
    time: updatedAtMs,
  };
}
