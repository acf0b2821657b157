import { multiply } from '../../ledger/decimal.js';
import { decimalsOf } from '../world/amounts.js';
import type { Market } from '../world/market.js';
import type { PublicContext } from './bybit-endpoint.js';
import { pageLimit, requiredCategory } from './bybit-endpoint.js';
import { page } from './bybit-paging.js';

const CONTRACT_TYPES = {
  linear: { perpetual: 'LinearPerpetual', dated: 'LinearFutures' },
  inverse: { perpetual: 'InversePerpetual', dated: 'InverseFutures' },
} as const;

const LAUNCHED_MS = 1_700_000_000_000;

/** `GET /v5/market/instruments-info` (docs: v5 "Get Instruments Info"). Spot is not paged; option needs a base coin. */
export function instrumentsInfo({ world, query }: PublicContext): unknown {
  const category = requiredCategory(query);
  const wanted = {
    id: query.get('symbol'),
    base: query.get('baseCoin') ?? (category === 'option' ? 'BTC' : null),
    status: query.get('status') ?? 'Trading',
  };
  const markets = world
    .marketsOf('bybit', category)
    .filter(
      (market) =>
        (wanted.id === null || market.id === wanted.id) &&
        (wanted.base === null || market.base === wanted.base) &&
        wanted.status === 'Trading',
    );
  if (category === 'spot') return { category, list: markets.map(spotInstrument), nextPageCursor: '' };
  const limit = pageLimit(query, { standard: 500, most: 1000 });
  const positions = new Map(markets.map((market, index) => [market, markets.length - index]));
  const { rows, nextPageCursor } = page(
    markets,
    (market) => ({ id: market.id, timestampMs: positions.get(market) ?? 0 }),
    { cursor: query.get('cursor'), limit },
  );
  const instrument = category === 'option' ? optionInstrument : contractInstrument;
  return { category, list: rows.map(instrument), nextPageCursor };
}

function spotInstrument(market: Market): unknown {
  const { tickSize, qtyStep } = market;
  return {
    symbol: market.id,
    baseCoin: market.base,
    quoteCoin: market.quote,
    innovation: '0',
    status: 'Trading',
    marginTrading: 'utaOnly',
    stTag: '0',
    lotSizeFilter: {
      basePrecision: qtyStep,
      quotePrecision: multiply(qtyStep, tickSize),
      minOrderQty: qtyStep,
      maxOrderQty: multiply(qtyStep, '10000000'),
      minOrderAmt: '5',
      maxOrderAmt: '8000000',
    },
    priceFilter: { tickSize },
    riskParameters: { priceLimitRatioX: '0.05', priceLimitRatioY: '0.1' },
  };
}

function contractInstrument(market: Market): unknown {
  const { kind, expiryMs, tickSize, qtyStep } = market;
  const type = CONTRACT_TYPES[kind === 'inverse' ? 'inverse' : 'linear'];
  return {
    symbol: market.id,
    contractType: expiryMs === undefined ? type.perpetual : type.dated,
    status: 'Trading',
    baseCoin: market.base,
    quoteCoin: market.quote,
    launchTime: String(LAUNCHED_MS),
    deliveryTime: String(expiryMs ?? 0),
    deliveryFeeRate: expiryMs === undefined ? '' : '0.0005',
    priceScale: String(decimalsOf(tickSize)),
    leverageFilter: { minLeverage: '1', maxLeverage: market.maxLeverage, leverageStep: '0.01' },
    priceFilter: { minPrice: tickSize, maxPrice: multiply(tickSize, '19999998'), tickSize },
    lotSizeFilter: {
      maxOrderQty: multiply(qtyStep, '1000000'),
      minOrderQty: qtyStep,
      qtyStep,
      postOnlyMaxOrderQty: multiply(qtyStep, '1000000'),
      maxMktOrderQty: multiply(qtyStep, '100000'),
      minNotionalValue: '5',
    },
    unifiedMarginTrade: true,
    fundingInterval: 480,
    settleCoin: market.settle,
    copyTrading: 'none',
    upperFundingRate: '0.005',
    lowerFundingRate: '-0.005',
    isPreListing: false,
    preListingInfo: null,
  };
}

function optionInstrument(market: Market): unknown {
  const { tickSize, qtyStep } = market;
  return {
    symbol: market.id,
    status: 'Trading',
    baseCoin: market.base,
    quoteCoin: market.quote,
    settleCoin: market.settle,
    optionsType: market.option?.type === 'put' ? 'Put' : 'Call',
    launchTime: String(LAUNCHED_MS),
    deliveryTime: String(market.expiryMs),
    deliveryFeeRate: '0.00015',
    priceFilter: { minPrice: tickSize, maxPrice: multiply(tickSize, '2000000'), tickSize },
    lotSizeFilter: { maxOrderQty: multiply(qtyStep, '50000'), minOrderQty: qtyStep, qtyStep },
  };
}
