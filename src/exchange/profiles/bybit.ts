import { defineProfile } from './define-profile.js';
import { BAD_KEY, DENIED, LOCKED_OUT, passing } from './error-meanings.js';
import type {
  CursorPaging,
  MarketFilter,
  OpenOrderScopeProfile,
  RateBudget,
  ReadOrderProfile,
  RecentOrderScopeProfile,
  RequiredList,
  ScopeProfile,
} from './profile.js';

/*
 * bybit V5, unified trading accounts. Source: bybit's V5 documentation (bybit-exchange.github.io/docs/v5)
 * and ccxt 4.5.84.
 */

const SECOND = 1000;
const DAY = 24 * 60 * 60 * SECOND;

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
    recent: product.replace(/:.*/, ''),
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

function recentOrders(id: string, product: Product): RecentOrderScopeProfile {
  return {
    id,
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

const LIMIT_HEADERS = {
  limit: 'x-bapi-limit',
  remaining: 'x-bapi-limit-status',
  resetAtMs: 'x-bapi-limit-reset-timestamp',
};

/** bybit counts per user and endpoint; VIP levels get more, and the headers say how much. */
function perKey(endpoint: string, limit: number): RateBudget {
  return {
    name: `${endpoint} per key`,
    per: 'key',
    windowMs: SECOND,
    limit,
    endpoints: [endpoint],
    headers: LIMIT_HEADERS,
  };
}

const listAt = (endpoint: string, ...path: string[]): RequiredList => ({ endpoint, path });

export const bybit = defineProfile({
  exchange: 'bybit',
  ccxtOptions: {
    // Without these ccxt asks for the account's mode, which a read-only key without transfer permission
    // may not, before every first balance.
    enableUnifiedMargin: false,
    enableUnifiedAccount: true,
    unifiedMarginStatus: 6,
  },

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
  unseenWallets: [
    { wallet: 'Earn', reason: 'Savings and staking are not in any wallet balance.' },
    { wallet: 'Trading bots', reason: 'bybit gives no access to the balances of its trading bots.' },
    { wallet: 'Copy trading', reason: 'Copy-trading funds have an account of their own with its own key.' },
    { wallet: 'SPOT, CONTRACT', reason: 'Classic accounts are not read; bybit upgrades them to unified.' },
    { wallet: 'Subaccounts', reason: 'Each subaccount has a key of its own: configure it as an account.' },
  ],

  errors: {
    codeFields: ['retCode', 'ret_code'],
    codes: {
      '10000': passing('EXCHANGE_TIMEOUT'),
      '10002': passing('CLOCK_SKEW'),
      '10003': BAD_KEY,
      '10004': BAD_KEY,
      '10005': DENIED,
      '10006': { ...passing('RATE_LIMITED'), holds: 'key' },
      '10007': BAD_KEY,
      '10008': { ...LOCKED_OUT, remedy: 'bybit has banned this user: ask its support.' },
      '10009': passing('BANNED'),
      '10010': {
        ...LOCKED_OUT,
        remedy: "Add this machine's public IP address to the key's list of addresses at bybit.",
      },
      '10016': passing('EXCHANGE_UNAVAILABLE'),
      '10018': passing('RATE_LIMITED'),
      '10020': DENIED,
      '10024': passing('REGION_BLOCKED'),
      '10028': DENIED,
      '33004': BAD_KEY,
      '5004': passing('EXCHANGE_TIMEOUT'),
    },
    // 403 stands for too many requests from the address (blocked for ten minutes) as well as for a
    // location that bybit does not serve; either way the address has to leave it alone.
    statuses: { 403: passing('BANNED'), 429: passing('RATE_LIMITED'), 451: passing('REGION_BLOCKED') },
  },
  envelope: {
    successField: 'retCode',
    successValue: '0',
    lists: [
      listAt('v5/account/wallet-balance', 'result', 'list'),
      listAt('v5/asset/transfer/query-account-coins-balance', 'result', 'balance'),
      listAt('v5/position/list', 'result', 'list'),
      listAt('v5/order/realtime', 'result', 'list'),
      listAt('v5/order/history', 'result', 'list'),
      listAt('v5/market/tickers', 'result', 'list'),
      listAt('v5/market/instruments-info', 'result', 'list'),
    ],
  },
  rateBudgets: [
    { name: 'requests per IP', per: 'ip', windowMs: 5 * SECOND, limit: 600 },
    perKey('v5/account/wallet-balance', 50),
    perKey('v5/asset/transfer/query-account-coins-balance', 5),
    perKey('v5/position/list', 50),
    perKey('v5/order/realtime', 50),
    perKey('v5/order/history', 50),
  ],
  rows: {
    positions: { fields: { unrealizedPnl: ['unrealisedPnl'] } },
    orders: {
      fields: {
        price: ['price'],
        triggerPrice: ['triggerPrice'],
        average: ['avgPrice'],
        amount: ['qty'],
        filled: ['cumExecQty'],
        remaining: ['leavesQty'],
      },
      statusFields: ['orderStatus'],
      statuses: {
        Created: 'open',
        New: 'open',
        PartiallyFilled: 'open',
        Untriggered: 'open',
        Triggered: 'open',
        Active: 'open',
        PendingCancel: 'open',
        Filled: 'closed',
        Cancelled: 'canceled',
        // ccxt says closed, as if all of it had been filled.
        PartiallyFilledCanceled: 'canceled',
        Deactivated: 'canceled',
        Rejected: 'rejected',
      },
      quoteSized: { unitField: 'marketUnit', quoteUnit: 'quoteCoin', sideWithoutUnit: 'buy' },
    },
  },
  settleLagMs: 5 * SECOND,
});
