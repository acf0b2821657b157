import type { CursorPaging } from './paging.js';
import type {
  ExchangeProfile,
  MarketFilter,
  OpenOrderScopeProfile,
  ReadOrderProfile,
  RecentOrderScopeProfile,
  ScopeProfile,
} from './profile.js';
import { recentScope } from './recent-scope.js';

/*
 * What is read of a unified bybit account. One account trades all products; their lists are apart.
 */

const DAY = 24 * 60 * 60 * 1000;

const pagesOf = (pageLimit: number): CursorPaging => ({
  kind: 'cursor',
  cursorField: 'nextPageCursor',
  cursorParam: 'cursor',
  pageLimit,
  maxPages: 200,
});

interface Product {
  /** Without these ccxt reads linear USDT contracts and nothing else. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly markets: MarketFilter;
}

const SPOT: Product = { params: { type: 'spot' }, markets: { spot: true } };
const LINEAR: Product = { params: { type: 'swap', subType: 'linear' }, markets: { linear: true } };
const INVERSE: Product = { params: { type: 'swap', subType: 'inverse' }, markets: { inverse: true } };
const OPTION: Product = { params: { type: 'option' }, markets: { option: true } };

const settledIn = (settleCoin: string): Product => ({
  params: { ...LINEAR.params, settleCoin },
  markets: LINEAR.markets,
});

const PRODUCTS = {
  spot: SPOT,
  'linear:USDT': settledIn('USDT'),
  'linear:USDC': settledIn('USDC'),
  // ccxt would send `settleCoin=USDT` for these too, which are settled in their base coin.
  inverse: { ...INVERSE, params: { ...INVERSE.params, settleCoin: undefined } },
  option: OPTION,
} satisfies Record<string, Product>;

type ProductId = keyof typeof PRODUCTS;

function positions(id: ProductId): ScopeProfile {
  return { id, method: 'fetchPositions', ...PRODUCTS[id], paging: pagesOf(200) };
}

/**
 * The list of open orders knows the last 500 ended ones too (which ccxt wants acknowledged) until bybit
 * restarts; the past knows the others.
 */
const READ_ORDER: ReadOrderProfile = {
  params: { acknowledged: true },
  past: { method: 'fetchCanceledAndClosedOrders', idParam: 'orderId' },
};

/** What the absence of `orderFilter` means depends on the kind of account, so it is sent where one value will do. */
function openOrders(product: ProductId, orderFilter?: 'Order' | 'StopOrder'): OpenOrderScopeProfile {
  return {
    id: orderFilter === 'StopOrder' ? `${product}:conditional` : product,
    method: 'fetchOpenOrders',
    params: { ...PRODUCTS[product].params, orderFilter },
    markets: PRODUCTS[product].markets,
    paging: pagesOf(50),
    recent: recentScope(product.replace(/:.*/, '')),
    readOrder: READ_ORDER,
  };
}

/**
 * Spot has four kinds of conditional orders (StopOrder, tpslOrder, OcoOrder, BidirectionalTpslOrder), each
 * with a filter of its own. Unified accounts get all kinds with one request that names none.
 */
const SPOT_CONDITIONAL: OpenOrderScopeProfile = {
  ...openOrders('spot'),
  id: 'spot:conditional',
  without: { field: 'stopOrderType', values: ['', 'UNKNOWN'] },
};

function recentOrders(market: string, product: Product): RecentOrderScopeProfile {
  return {
    id: recentScope(market),
    // fetchClosedOrders sends `orderStatus=Filled` and so loses what was filled in part and then cancelled.
    method: 'fetchCanceledAndClosedOrders',
    ...product,
    paging: pagesOf(50),
    needsSymbol: false,
    windowMs: 7 * DAY,
    // Filled orders stay for two years, cancelled and rejected ones for a day.
    retentionMs: DAY,
    sinceParam: 'startTime',
  };
}

export const BYBIT_SCOPES: Pick<
  ExchangeProfile,
  'balances' | 'positions' | 'openOrders' | 'recentOrders' | 'prices'
> = {
  balances: [
    {
      id: 'wallet=UNIFIED',
      method: 'fetchBalance',
      params: { type: 'unified' },
      paging: { kind: 'single' },
      wallet: 'UNIFIED',
      // Borrowed coins are in `walletBalance`: equity is walletBalance - spotBorrow. `borrowAmount`, which ccxt
      // shows as debt, is already in a negative walletBalance where the exchange borrowed by itself.
      rows: { path: ['result', 'list', 'coin'], currencyField: 'coin', borrowedField: 'spotBorrow' },
    },
    {
      id: 'wallet=FUND',
      method: 'fetchBalance',
      params: { type: 'funding' },
      paging: { kind: 'single' },
      wallet: 'FUND',
      rows: { path: ['result', 'balance'], currencyField: 'coin' },
    },
  ],
  positions: [positions('linear:USDT'), positions('linear:USDC'), positions('inverse'), positions('option')],
  openOrders: [
    openOrders('spot', 'Order'),
    SPOT_CONDITIONAL,
    openOrders('linear:USDT', 'Order'),
    openOrders('linear:USDT', 'StopOrder'),
    openOrders('linear:USDC', 'Order'),
    openOrders('linear:USDC', 'StopOrder'),
    openOrders('inverse', 'Order'),
    openOrders('inverse', 'StopOrder'),
    openOrders('option', 'Order'),
  ],
  recentOrders: [
    recentOrders('spot', SPOT),
    recentOrders('linear', LINEAR),
    recentOrders('inverse', INVERSE),
    recentOrders('option', OPTION),
  ],
  prices: [
    {
      id: 'spot',
      method: 'fetchTickers',
      params: { type: 'spot' },
      paging: { kind: 'single' },
      markets: { spot: true },
    },
  ],
};
