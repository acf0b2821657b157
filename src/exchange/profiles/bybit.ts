import { BYBIT_HISTORIES } from './bybit-histories.js';
import { BYBIT_SCOPES } from './bybit-scopes.js';
import { defineProfile } from './define-profile.js';
import { BAD_KEY, DENIED, LOCKED_OUT, passing } from './error-meanings.js';
import type { RateBudget, RequiredList } from './profile.js';

/*
 * bybit V5, unified trading accounts. Source: bybit's V5 documentation (bybit-exchange.github.io/docs/v5)
 * and ccxt 4.5.84.
 */

const SECOND = 1000;

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

  ...BYBIT_SCOPES,
  ...BYBIT_HISTORIES,
  hourPrices: { limit: 1000, takesUntil: true },
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
      listAt('v5/execution/list', 'result', 'list'),
      listAt('v5/account/transaction-log', 'result', 'list'),
      listAt('v5/asset/fundinghistory', 'result', 'list'),
      listAt('v5/asset/deposit/query-record', 'result', 'rows'),
      listAt('v5/asset/deposit/query-internal-record', 'result', 'rows'),
      listAt('v5/asset/withdraw/query-record', 'result', 'rows'),
      listAt('v5/asset/transfer/query-inter-transfer-list', 'result', 'list'),
      listAt('v5/asset/transfer/query-universal-transfer-list', 'result', 'list'),
      listAt('v5/market/tickers', 'result', 'list'),
      listAt('v5/market/kline', 'result', 'list'),
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
    perKey('v5/execution/list', 50),
    perKey('v5/account/transaction-log', 30),
    perKey('v5/asset/fundinghistory', 5),
    perKey('v5/asset/deposit/query-record', 5),
    perKey('v5/asset/deposit/query-internal-record', 5),
    perKey('v5/asset/withdraw/query-record', 5),
    perKey('v5/asset/transfer/query-inter-transfer-list', 1),
    perKey('v5/asset/transfer/query-universal-transfer-list', 2),
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
