import { multiply } from '../../ledger/decimal.js';
import { decimalsOf } from '../world/amounts.js';
import type { Market } from '../world/market.js';
import { money, type PublicContext } from './binance-endpoint.js';

const RATE_LIMITS = [
  { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 6000 },
  { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 100 },
] as const;

const SPOT_ORDER_TYPES = [
  'LIMIT',
  'LIMIT_MAKER',
  'MARKET',
  'STOP_LOSS',
  'STOP_LOSS_LIMIT',
  'TAKE_PROFIT',
  'TAKE_PROFIT_LIMIT',
] as const;

const LISTED_MS = 1_569_398_400_000;
/** What a perpetual has for a delivery date: the year 2100. */
const NEVER_MS = 4_133_404_800_000;

/** `GET /api/v3/exchangeInfo`. */
export function spotExchangeInfo({ world }: PublicContext): unknown {
  return {
    timezone: 'UTC',
    serverTime: world.now(),
    rateLimits: RATE_LIMITS,
    exchangeFilters: [],
    symbols: world.marketsOf('binance', 'spot').map(spotSymbol),
    sors: [{ baseAsset: 'BTC', symbols: ['BTCUSDT', 'BTCUSDC'] }],
  };
}

function spotSymbol(market: Market): object {
  return {
    symbol: market.id,
    status: 'TRADING',
    baseAsset: market.base,
    baseAssetPrecision: 8,
    quoteAsset: market.quote,
    quotePrecision: 8,
    quoteAssetPrecision: 8,
    baseCommissionPrecision: 8,
    quoteCommissionPrecision: 8,
    orderTypes: SPOT_ORDER_TYPES,
    icebergAllowed: true,
    ocoAllowed: true,
    otoAllowed: true,
    opoAllowed: true,
    quoteOrderQtyMarketAllowed: true,
    allowTrailingStop: true,
    cancelReplaceAllowed: true,
    amendAllowed: true,
    pegInstructionsAllowed: true,
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    filters: [
      ...gridFilters(market, money),
      {
        filterType: 'NOTIONAL',
        minNotional: '5.00000000',
        applyMinToMarket: true,
        maxNotional: '9000000.00000000',
        applyMaxToMarket: false,
        avgPriceMins: 5,
      },
    ],
    permissions: [],
    permissionSets: [['SPOT']],
    defaultSelfTradePreventionMode: 'EXPIRE_MAKER',
    allowedSelfTradePreventionModes: ['EXPIRE_TAKER', 'EXPIRE_MAKER', 'EXPIRE_BOTH'],
  };
}

/** `GET /fapi/v1/exchangeInfo`. */
export function linearExchangeInfo({ world }: PublicContext): unknown {
  const markets = world.marketsOf('binance', 'linear');
  return {
    timezone: 'UTC',
    serverTime: world.now(),
    futuresType: 'U_MARGINED',
    rateLimits: RATE_LIMITS.map((limit) => ({ ...limit, limit: 2400 })),
    exchangeFilters: [],
    assets: [...new Set(markets.map(({ quote }) => quote))].map((asset) => ({
      asset,
      marginAvailable: true,
      autoAssetExchange: '-10000',
    })),
    symbols: markets.map((market) => ({ ...contractSymbol(market), status: 'TRADING' })),
  };
}

/** `GET /dapi/v1/exchangeInfo`: the status has another name, and contracts have a size. */
export function inverseExchangeInfo({ world }: PublicContext): unknown {
  return {
    timezone: 'UTC',
    serverTime: world.now(),
    rateLimits: RATE_LIMITS.map((limit) => ({ ...limit, limit: 2400 })),
    exchangeFilters: [],
    symbols: world.marketsOf('binance', 'inverse').map((market) => ({
      ...contractSymbol(market),
      contractStatus: 'TRADING',
      contractSize: Number(market.contractSize),
      equalQtyPrecision: 4,
      maxMoveOrderLimit: 10000,
    })),
  };
}

function contractSymbol(market: Market): object {
  return {
    symbol: market.id,
    pair: market.base + market.quote,
    contractType: market.expiryMs === undefined ? 'PERPETUAL' : 'CURRENT_QUARTER',
    deliveryDate: market.expiryMs ?? NEVER_MS,
    onboardDate: LISTED_MS,
    maintMarginPercent: '2.5000',
    requiredMarginPercent: '5.0000',
    baseAsset: market.base,
    quoteAsset: market.quote,
    marginAsset: market.settle,
    pricePrecision: decimalsOf(market.tickSize),
    quantityPrecision: decimalsOf(market.qtyStep),
    baseAssetPrecision: 8,
    quotePrecision: 8,
    underlyingType: 'COIN',
    underlyingSubType: ['PoW'],
    triggerProtect: '0.0500',
    liquidationFee: '0.012500',
    marketTakeBound: '0.05',
    filters: [...gridFilters(market, (value) => value), { filterType: 'MIN_NOTIONAL', notional: '5' }],
    orderTypes: [
      'LIMIT',
      'MARKET',
      'STOP',
      'STOP_MARKET',
      'TAKE_PROFIT',
      'TAKE_PROFIT_MARKET',
      'TRAILING_STOP_MARKET',
    ],
    timeInForce: ['GTC', 'IOC', 'FOK', 'GTX', 'GTD'],
  };
}

function gridFilters({ tickSize, qtyStep }: Market, written: (value: string) => string): object[] {
  return [
    {
      filterType: 'PRICE_FILTER',
      minPrice: written(tickSize),
      maxPrice: written(multiply(tickSize, '100000000')),
      tickSize: written(tickSize),
    },
    {
      filterType: 'LOT_SIZE',
      minQty: written(qtyStep),
      maxQty: written(multiply(qtyStep, '900000000')),
      stepSize: written(qtyStep),
    },
  ];
}
