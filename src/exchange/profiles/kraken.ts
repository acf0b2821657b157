import { defineProfile } from './define-profile.js';
import { BAD_KEY, DENIED, LOCKED_OUT, passing } from './error-meanings.js';
import { krakenHistories } from './kraken-histories.js';
import type { HoldingNames, RequiredList } from './profile.js';
import { recentScope } from './recent-scope.js';

/*
 * kraken's spot exchange. Evidence for every line: docs/exchanges/kraken.md. Its futures are ccxt's exchange
 * krakenfutures.
 */

const SECOND = 1000;

const objectAt = (endpoint: string, ...path: string[]): RequiredList => ({ endpoint, path });

const SPOT = { spot: true };

/**
 * Staked, opt-in rewards, auto-earning, yield-bearing, parachain, on hold: the same coin, one for one. Tokenised
 * stocks (`.T`) are assets of their own.
 */
const HOLDINGS: HoldingNames = { suffixes: ['S', 'M', 'F', 'B', 'P', 'HOLD'], termDigits: 2 };

export const kraken = defineProfile({
  exchange: 'kraken',
  ccxtOptions: {},

  balances: [
    {
      id: 'wallet=spot',
      method: 'fetchBalance',
      params: {},
      paging: { kind: 'single' },
      wallet: 'spot',
      rows: {
        path: ['result'],
        // What was drawn of a credit line is in the balance and is owed.
        borrowedField: 'credit_used',
        holdings: HOLDINGS,
      },
    },
  ],
  positions: [],
  openOrders: [
    {
      id: 'spot',
      method: 'fetchOpenOrders',
      params: {},
      paging: { kind: 'single' },
      markets: SPOT,
      recent: recentScope('spot'),
      readOrder: { params: {}, notFoundCodes: ['EOrder:Unknown order', 'EOrder:Invalid order'] },
    },
  ],
  recentOrders: [
    {
      id: recentScope('spot'),
      method: 'fetchClosedOrders',
      // Without it an order that was opened today and one that ended today both count as of today.
      params: { closetime: 'close' },
      paging: { kind: 'offset', offsetParam: 'ofs', pageLimit: 50, maxPages: 100 },
      markets: SPOT,
      needsSymbol: false,
      sinceParam: 'start',
      sinceUnit: 'seconds',
    },
  ],
  // It serves the last 720 hours only, wherever one asks from.
  hourPrices: { limit: 720, takesUntil: false },
  prices: [{ id: 'spot', method: 'fetchTickers', params: {}, paging: { kind: 'single' }, markets: SPOT }],
  ...krakenHistories(HOLDINGS),
  unseenWallets: [
    {
      wallet: 'Margin positions',
      reason: 'Spot positions on margin are not read yet; their fees and gains are.',
    },
    { wallet: 'Futures', reason: 'The futures wallet belongs to the exchange krakenfutures.' },
    {
      wallet: 'Earn',
      reason: 'Allocations are read where they have a code of their own (.S .M .F .B); others are not told.',
    },
    { wallet: 'Subaccounts', reason: 'Each subaccount has a key of its own: configure it as an account.' },
  ],

  errors: {
    // The first of a list of sentences.
    codeFields: ['error'],
    codes: {
      'EAPI:Invalid key': BAD_KEY,
      'EAPI:Invalid signature': {
        ...BAD_KEY,
        remedy: "kraken's secret is called private key there, and is Base64: check {ID}_API_SECRET.",
      },
      'EAPI:Invalid nonce': {
        ...passing('CLOCK_SKEW'),
        remedy:
          'Give this program a key that no other program uses: kraken wants the nonces of a key in order.',
      },
      'EAPI:Rate limit exceeded': { ...passing('RATE_LIMITED'), holds: 'key' },
      'EGeneral:Too many requests': passing('RATE_LIMITED'),
      'EGeneral:Temporary lockout': {
        ...passing('BANNED'),
        holds: 'key',
        remedy: 'kraken locks out keys that failed too often for a quarter of an hour.',
      },
      'EGeneral:Permission denied': {
        ...DENIED,
        remedy:
          'Give the key at kraken: Query Funds, Query Ledger Entries, Query Open Orders & Trades, Query Closed Orders & Trades.',
      },
      'EAccount:Invalid permissions': DENIED,
      'ETrade:User Locked': { ...LOCKED_OUT, remedy: 'kraken has locked this account: ask its support.' },
      'EGeneral:Internal error': passing('EXCHANGE_UNAVAILABLE'),
      'EDatabase:Internal error': passing('EXCHANGE_UNAVAILABLE'),
      'EService:Unavailable': passing('EXCHANGE_UNAVAILABLE'),
      'EService:Busy': passing('EXCHANGE_UNAVAILABLE'),
      'EService:Timeout': passing('EXCHANGE_TIMEOUT'),
      'EService:Deadline elapsed': passing('EXCHANGE_TIMEOUT'),
    },
    statuses: { 429: passing('RATE_LIMITED') },
  },
  envelope: {
    successField: 'error',
    successValue: '',
    lists: [],
    objects: [
      objectAt('OpenOrders', 'result', 'open'),
      objectAt('ClosedOrders', 'result', 'closed'),
      objectAt('QueryOrders', 'result'),
      objectAt('TradesHistory', 'result', 'trades'),
      objectAt('Ledgers', 'result', 'ledger'),
      objectAt('Ticker', 'result'),
      objectAt('OHLC', 'result'),
      objectAt('AssetPairs', 'result'),
      objectAt('Assets', 'result'),
    ],
  },
  oneRequestPerKey: true,
  rateBudgets: [
    // A counter of at most 15 that goes down by one in three seconds: of the lowest tier. Ledgers and fills count
    // twice; ccxt's costs are three times as much.
    {
      name: 'calls per key',
      per: 'key',
      windowMs: 45 * SECOND,
      limit: 15,
      sections: ['private'],
      weightPerCost: 1 / 3,
    },
    { name: 'public calls per IP', per: 'ip', windowMs: 10 * SECOND, limit: 10, sections: ['public'] },
  ],
  rows: {
    positions: { fields: {} },
    orders: {
      fields: {
        average: ['price'],
        amount: ['vol'],
        filled: ['vol_exec'],
        remaining: [],
      },
      triggers: ['stopLossPrice', 'takeProfitPrice'],
      statusFields: ['status'],
      statuses: {
        pending: 'open',
        open: 'open',
        closed: 'closed',
        canceled: 'canceled',
        expired: 'expired',
      },
      quoteSized: { unitField: 'oflags', quoteUnit: 'viqc', ofAnyType: true },
    },
  },
  settleLagMs: 5 * SECOND,
});
