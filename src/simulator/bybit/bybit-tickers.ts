import { divide, subtract } from '../../ledger/decimal.js';
import { truncated } from '../world/amounts.js';
import type { Market } from '../world/market.js';
import type { Category, PublicContext } from './bybit-endpoint.js';
import { requiredCategory } from './bybit-endpoint.js';
import { BybitError } from './bybit-errors.js';

/** `GET /v5/market/tickers` (docs: v5 "Get Tickers"): the whole category in one answer, unless a symbol is named. */
export function tickers({ world, query }: PublicContext): unknown {
  const category = requiredCategory(query);
  const id = query.get('symbol');
  const markets = world.marketsOf('bybit', category).filter((market) => id === null || market.id === id);
  if (id !== null && markets.length === 0) throw new BybitError(10001, 'Not supported symbols');
  return { category, list: markets.map(TICKERS[category]) };
}

export function serverTime({ world }: PublicContext): unknown {
  const nowMs = world.now();
  return { timeSecond: String(Math.floor(nowMs / 1000)), timeNano: `${nowMs}000000` };
}

const TICKERS: Readonly<Record<Category, (market: Market) => object>> = {
  spot: spotTicker,
  linear: contractTicker,
  inverse: contractTicker,
  option: optionTicker,
};

function spotTicker(market: Market): object {
  const { index } = market.prices;
  const common = commonTicker(market);
  return market.quote === 'USDT' ? { ...common, usdIndexPrice: index } : common;
}

/** What is not there is an empty string. */
function commonTicker({ id, prices }: Market): object {
  const { bid, ask, last } = prices;
  return {
    symbol: id,
    bid1Price: bid ?? '',
    bid1Size: bid === undefined ? '' : prices.bidSize,
    ask1Price: ask ?? '',
    ask1Size: ask === undefined ? '' : prices.askSize,
    lastPrice: last ?? '',
    prevPrice24h: last === undefined ? '' : prices.open,
    price24hPcnt: last === undefined ? '' : changeSince(prices.open, last),
    highPrice24h: last === undefined ? '' : prices.high,
    lowPrice24h: last === undefined ? '' : prices.low,
    turnover24h: last === undefined ? '0' : prices.turnover,
    volume24h: last === undefined ? '0' : prices.volume,
  };
}

function changeSince(before: string, now: string): string {
  return truncated(divide(subtract(now, before), before), 6);
}

function contractTicker(market: Market): object {
  const { prices, expiryMs } = market;
  return {
    ...commonTicker(market),
    indexPrice: prices.index,
    markPrice: prices.mark,
    prevPrice1h: prices.open,
    openInterest: prices.volume,
    openInterestValue: prices.turnover,
    fundingRate: expiryMs === undefined ? '0.0001' : '',
    nextFundingTime: expiryMs === undefined ? String(nextFundingMs(prices.updatedAtMs)) : '0',
    predictedDeliveryPrice: '',
    basisRate: '',
    basis: '',
    deliveryFeeRate: '',
    deliveryTime: String(expiryMs ?? 0),
  };
}

const FUNDING_INTERVAL_MS = 8 * 60 * 60_000;

function nextFundingMs(nowMs: number): number {
  return (Math.floor(nowMs / FUNDING_INTERVAL_MS) + 1) * FUNDING_INTERVAL_MS;
}

function optionTicker(market: Market): object {
  const { prices } = market;
  return {
    symbol: market.id,
    bid1Price: prices.bid ?? '0',
    bid1Size: prices.bidSize,
    bid1Iv: '0.55',
    ask1Price: prices.ask ?? '0',
    ask1Size: prices.askSize,
    ask1Iv: '0.58',
    lastPrice: prices.last ?? '0',
    highPrice24h: prices.high,
    lowPrice24h: prices.low,
    markPrice: prices.mark,
    indexPrice: prices.index,
    markIv: '0.5661',
    underlyingPrice: prices.index,
    openInterest: prices.volume,
    turnover24h: prices.turnover,
    volume24h: prices.volume,
    totalVolume: prices.volume,
    totalTurnover: prices.turnover,
    delta: '0.41',
    gamma: '0.00001',
    vega: '101.2',
    theta: '-21.4',
    predictedDeliveryPrice: '0',
    change24h: '0',
  };
}
