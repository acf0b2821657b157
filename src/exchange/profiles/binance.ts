import { BINANCE_HISTORIES } from './binance-histories.js';
import { defineProfile } from './define-profile.js';
import { BAD_KEY, DENIED, LOCKED_OUT, passing } from './error-meanings.js';
import type {
  BalanceScopeProfile,
  MarketFilter,
  OpenOrderScopeProfile,
  RateBudget,
  RecentOrderScopeProfile,
  RequiredList,
  ScopeProfile,
} from './profile.js';
import { recentScope } from './recent-scope.js';

/*
 * binance.com: spot, funding, USD-M and COIN-M futures. Source: developers.binance.com and ccxt 4.5.84.
 * USD-M and COIN-M share one request budget since June 2026.
 */

const MINUTE = 60 * 1000;
const DAY = 24 * 60 * MINUTE;

const SPOT = { type: 'spot' };
const USD_M = { type: 'future', subType: 'linear' };
const COIN_M = { type: 'delivery', subType: 'inverse' };

/** Wallets by the names that binance's transfers use, e.g. `MAIN_UMFUTURE`. */
function wallet(name: string, params: object, rows: BalanceScopeProfile['rows']): BalanceScopeProfile {
  return {
    id: `wallet=${name}`,
    method: 'fetchBalance',
    params: { ...params },
    paging: { kind: 'single' },
    wallet: name,
    ...(rows && { rows }),
  };
}

/** ccxt's total is the margin balance, which has the unrealised PnL in it; that is mirrored apart. */
const FUTURES_ROWS = { path: ['assets'], currencyField: 'asset', totalField: 'walletBalance' };

function positions(id: string, params: ScopeProfile['params'], markets: MarketFilter): ScopeProfile {
  return { id, method: 'fetchPositions', params, paging: { kind: 'single' }, markets };
}

interface OrderList {
  readonly id: string;
  readonly params: object;
  readonly markets: MarketFilter;
  /** Whether ccxt 4.5.84 can read its past and one of its orders. */
  readonly hasPast?: boolean;
}

/** binance answers with all open orders at once. */
function openOrders({ id, params, markets, hasPast = true }: OrderList): OpenOrderScopeProfile {
  return {
    id,
    method: 'fetchOpenOrders',
    params: { ...params },
    paging: { kind: 'single' },
    markets,
    ...(hasPast && { recent: recentScope(id), readOrder: { params: { ...params } } }),
  };
}

function recentOrders(list: OrderList, pageLimit: number, retention: object): RecentOrderScopeProfile {
  return {
    id: recentScope(list.id),
    method: 'fetchOrders',
    params: { ...list.params },
    paging: { kind: 'time', pageLimit, maxPages: 50 },
    needsSymbol: true,
    markets: list.markets,
    sinceParam: 'startTime',
    ...retention,
  };
}

const SPOT_ORDERS: OrderList = { id: 'spot', params: SPOT, markets: { spot: true } };
const USD_M_ORDERS: OrderList = { id: 'USD-M', params: USD_M, markets: { linear: true } };
const USD_M_CONDITIONAL: OrderList = {
  id: 'USD-M:conditional',
  params: { ...USD_M, trigger: true },
  markets: { linear: true },
};
const COIN_M_ORDERS: OrderList = { id: 'COIN-M', params: COIN_M, markets: { inverse: true } };
const COIN_M_CONDITIONAL: OrderList = {
  id: 'COIN-M:conditional',
  params: { ...COIN_M, trigger: true },
  markets: { inverse: true },
  hasPast: false,
};

/** Cancelled orders without a fill fall off three days after they were created. */
const FUTURES_RETENTION = { windowMs: 7 * DAY, retentionMs: 3 * DAY };

const anyList = (endpoint: string): RequiredList => ({ endpoint, path: [] });

const WITHDRAWALS = 'capital/withdraw/history';
const CONVERSIONS = 'convert/tradeFlow';

/** ccxt counts what binance calls weight 1 as a cost of its own for each part of the API. */
function weightPerIp(sections: string[], limit: number, weightPerCost: number, used: string): RateBudget {
  return {
    name: `request weight of ${sections.join(' and ')} per IP`,
    per: 'ip',
    windowMs: MINUTE,
    limit,
    sections,
    weightPerCost,
    headers: { used },
  };
}

export const binance = defineProfile({
  exchange: 'binance',
  ccxtOptions: {
    // Reading all open orders at once weighs more than those of one symbol; ccxt refuses until told so.
    fetchOpenOrders: { warnWithoutSymbol: false },
    warnOnFetchOpenOrdersWithoutSymbol: false,
    // Only ccxt's own estimate of the maintenance margin needs them, at the price of a request.
    leverageBrackets: {},
  },

  balances: [
    wallet('MAIN', { ...SPOT, omitZeroBalances: true }, { path: ['balances'], currencyField: 'asset' }),
    wallet('FUNDING', { type: 'funding' }, { path: [], currencyField: 'asset' }),
    wallet('UMFUTURE', USD_M, FUTURES_ROWS),
    wallet('CMFUTURE', COIN_M, FUTURES_ROWS),
  ],
  positions: [positions('USD-M', USD_M, { linear: true }), positions('COIN-M', COIN_M, { inverse: true })],
  openOrders: [SPOT_ORDERS, USD_M_ORDERS, USD_M_CONDITIONAL, COIN_M_ORDERS, COIN_M_CONDITIONAL].map(
    openOrders,
  ),
  recentOrders: [
    recentOrders(SPOT_ORDERS, 1000, { windowMs: DAY }),
    recentOrders(USD_M_ORDERS, 1000, FUTURES_RETENTION),
    recentOrders(USD_M_CONDITIONAL, 1000, FUTURES_RETENTION),
    recentOrders(COIN_M_ORDERS, 100, FUTURES_RETENTION),
  ],
  prices: [
    {
      id: 'spot',
      method: 'fetchTickers',
      params: SPOT,
      paging: { kind: 'single' },
      markets: { spot: true },
    },
  ],
  ...BINANCE_HISTORIES,
  hourPrices: { limit: 1000, takesUntil: true },
  unseenWallets: [
    { wallet: 'Cross and isolated margin', reason: 'Margin accounts are not read yet.' },
    { wallet: 'Portfolio margin', reason: 'It replaces the futures wallets and is not read yet.' },
    { wallet: 'Options', reason: 'The options wallet and its positions are not read yet.' },
    { wallet: 'Earn', reason: 'Savings and staking are in no wallet balance (spot shows some as LD coins).' },
    {
      wallet: 'Fiat, P2P, Pay',
      reason: 'What they move in spot and funding is in no list that is read: proofs show it as unexplained.',
    },
    { wallet: 'Subaccounts', reason: 'Each subaccount has a key of its own: configure it as an account.' },
  ],

  errors: {
    codeFields: ['code'],
    // -1003 comes with HTTP 429 (slow down) or 418 (banned): the status says which.
    codes: {
      '-1000': passing('EXCHANGE_UNAVAILABLE'),
      '-1001': passing('EXCHANGE_UNAVAILABLE'),
      '-1002': DENIED,
      '-1006': passing('EXCHANGE_UNAVAILABLE'),
      '-1007': passing('EXCHANGE_TIMEOUT'),
      '-1008': passing('EXCHANGE_UNAVAILABLE'),
      '-1021': passing('CLOCK_SKEW'),
      '-1022': BAD_KEY,
      '-2008': BAD_KEY,
      '-2014': BAD_KEY,
      // "Invalid API-key, IP, or permissions for action": one code for a bad key and for a good one that
      // may not read futures.
      '-2015': {
        ...BAD_KEY,
        remedy: "Check the key, and that its list of IP addresses has this machine's.",
        onceAnswered: DENIED,
      },
      '-2017': LOCKED_OUT,
    },
    statuses: { 403: passing('RATE_LIMITED'), 418: passing('BANNED'), 429: passing('RATE_LIMITED') },
  },
  keyCheck: 'privateGetAccount',
  envelope: {
    lists: [
      anyList('openOrders'),
      anyList('openAlgoOrders'),
      anyList('allOrders'),
      anyList('allAlgoOrders'),
      anyList('positionRisk'),
      anyList('ticker/24hr'),
      anyList('klines'),
      anyList('myTrades'),
      anyList('userTrades'),
      anyList('income'),
      anyList('capital/deposit/hisrec'),
      anyList('capital/withdraw/history'),
    ],
    // Without a transfer it may leave the list of them out.
    objects: [anyList('asset/transfer')],
  },
  rateBudgets: [
    weightPerIp(['public', 'private'], 6000, 5, 'x-mbx-used-weight-1m'),
    weightPerIp(['sapi'], 12_000, 10, 'x-sapi-used-ip-weight-1m'),
    weightPerIp(['fapi', 'dapi'], 2400, 1, 'x-mbx-used-weight-1m'),
    // Of the 180,000 that binance gives a user, withdrawals take 18,000 each and conversions 3,000.
    { name: 'withdrawals per key', per: 'key', windowMs: MINUTE, limit: 8, endpoints: [WITHDRAWALS] },
    { name: 'conversions per key', per: 'key', windowMs: MINUTE, limit: 12, endpoints: [CONVERSIONS] },
  ],
  rows: {
    positions: { fields: {}, signedSizeField: 'positionAmt' },
    orders: {
      fields: {
        amount: ['origQty', 'quantity'],
        // ccxt takes a conditional order that does not say what was filled for one with nothing filled.
        filled: ['executedQty', 'actualQty'],
        remaining: [],
        average: ['avgPrice'],
        cost: ['cummulativeQuoteQty'],
      },
      statusFields: ['status', 'algoStatus', 'strategyStatus'],
      statuses: {
        NEW: 'open',
        PENDING_NEW: 'open',
        PARTIALLY_FILLED: 'open',
        PENDING_CANCEL: 'open',
        ACCEPTED: 'open',
        TRIGGERING: 'open',
        FILLED: 'closed',
        TRIGGERED: 'closed',
        FINISHED: 'closed',
        CANCELED: 'canceled',
        REJECTED: 'rejected',
        EXPIRED: 'expired',
        EXPIRED_IN_MATCH: 'expired',
      },
    },
  },
  settleLagMs: 5 * 1000,
});
