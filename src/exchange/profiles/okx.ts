import { defineProfile } from './define-profile.js';
import { BAD_KEY, DENIED, LOCKED_OUT, passing } from './error-meanings.js';
import { OKX_HISTORIES } from './okx-histories.js';
import { OKX_SCOPES } from './okx-scopes.js';
import type { ErrorMeaning, RateBudget, RequiredList } from './profile.js';

/*
 * okx V5, in all account modes. Evidence for every line: docs/exchanges/okx.md.
 */

/**
 * okx counts in two seconds by its own clock: requests that left in more may arrive in less. A tenth more is
 * what ccxt came to as well.
 */
const TWO_SECONDS = 2200;

function perKey(endpoint: string, limit: number): RateBudget {
  return { name: `${endpoint} per key`, per: 'key', windowMs: TWO_SECONDS, limit, endpoints: [endpoint] };
}

/** Of the funding account okx counts in one second. */
function perFundingKey(endpoint: string, limit: number): RateBudget {
  return { name: `${endpoint} per key`, per: 'key', windowMs: 1100, limit, endpoints: [endpoint] };
}

function perIp(endpoint: string, limit: number): RateBudget {
  return { name: `${endpoint} per IP`, per: 'ip', windowMs: TWO_SECONDS, limit, endpoints: [endpoint] };
}

const listAt = (endpoint: string, ...path: string[]): RequiredList => ({ endpoint, path });

const WRONG_PASSPHRASE: ErrorMeaning = {
  ...BAD_KEY,
  remedy:
    'The passphrase is the one that was chosen when the key was made, not the password of the login: set {ID}_API_PASSWORD.',
};

const OTHER_SITE: ErrorMeaning = {
  ...LOCKED_OUT,
  remedy: 'Accounts of another okx company are the exchange myokx (EEA) or okxus (USA).',
};

export const okx = defineProfile({
  exchange: 'okx',
  ccxtOptions: {},

  ...OKX_SCOPES,
  ...OKX_HISTORIES,
  hourPrices: { limit: 100, takesUntil: true },
  unseenWallets: [
    { wallet: 'Earn', reason: 'Savings, staking and structured products are in neither wallet.' },
    { wallet: 'Loans', reason: 'The collateral and the debt of flexible loans are in neither wallet.' },
    { wallet: 'Copy trading', reason: 'What smart copy trading holds is not told by currency in all modes.' },
    { wallet: 'Spreads', reason: 'Orders of the spread order book are lists of their own, not read yet.' },
    { wallet: 'Subaccounts', reason: 'Each subaccount has a key of its own: configure it as an account.' },
  ],

  errors: {
    codeFields: ['code'],
    codes: {
      '50001': passing('EXCHANGE_UNAVAILABLE'),
      '50004': passing('EXCHANGE_TIMEOUT'),
      '50005': passing('EXCHANGE_UNAVAILABLE'),
      '50007': { ...LOCKED_OUT, remedy: 'okx has blocked this account: ask its support.' },
      '50008': BAD_KEY,
      '50011': { ...passing('RATE_LIMITED'), holds: 'key' },
      '50013': passing('EXCHANGE_UNAVAILABLE'),
      '50026': passing('EXCHANGE_UNAVAILABLE'),
      '50030': DENIED,
      '50035': {
        ...DENIED,
        remedy: 'okx answers this only to keys that are bound to an IP address: bind it.',
      },
      '50038': { ...DENIED, remedy: 'Demo trading has no such data.' },
      '50040': { ...passing('RATE_LIMITED'), holds: 'key' },
      '50051': DENIED,
      '50061': { ...passing('RATE_LIMITED'), holds: 'key' },
      '50100': { ...BAD_KEY, remedy: 'okx has frozen this key: ask its support, or make a new one.' },
      '50101': {
        ...BAD_KEY,
        remedy: 'Keys of demo trading need {ID}_TESTNET=true, and only those.',
      },
      '50102': passing('CLOCK_SKEW'),
      '50103': BAD_KEY,
      '50104': WRONG_PASSPHRASE,
      '50105': WRONG_PASSPHRASE,
      '50106': BAD_KEY,
      '50107': BAD_KEY,
      '50110': {
        ...LOCKED_OUT,
        remedy: "Add this machine's public IP address to the key's list of addresses at okx.",
      },
      '50111': BAD_KEY,
      // Of the time, not of the key: it is measured anew and tried again.
      '50112': passing('CLOCK_SKEW'),
      '50113': { ...BAD_KEY, remedy: 'The signature is made with the secret: check {ID}_API_SECRET.' },
      '50114': BAD_KEY,
      '50119': {
        ...BAD_KEY,
        remedy: 'okx knows no such key; it deletes keys that were not used for 14 days.',
      },
      '50120': { ...DENIED, remedy: 'Give the key the permission Read at okx.' },
      '50121': { ...LOCKED_OUT, remedy: "okx does not accept this machine's IP address." },
      '50124': OTHER_SITE,
      '51010': { ...DENIED, remedy: "The account's mode at okx has no such data." },
    },
    statuses: { 429: { ...passing('RATE_LIMITED'), holds: 'key' } },
  },
  envelope: {
    successField: 'code',
    successValue: '0',
    lists: [
      listAt('account/positions', 'data'),
      listAt('trade/orders-pending', 'data'),
      listAt('trade/orders-algo-pending', 'data'),
      listAt('trade/orders-history', 'data'),
      listAt('trade/order', 'data'),
      listAt('trade/order-algo', 'data'),
      listAt('trade/fills-history', 'data'),
      listAt('account/bills-archive', 'data'),
      listAt('asset/bills-history', 'data'),
      listAt('asset/deposit-history', 'data'),
      listAt('asset/withdrawal-history', 'data'),
      listAt('market/tickers', 'data'),
      listAt('market/candles', 'data'),
      listAt('market/history-candles', 'data'),
      listAt('public/instruments', 'data'),
    ],
  },
  // okx tells no headers about what is left.
  rateBudgets: [
    perIp('public/time', 10),
    perIp('public/instruments', 20),
    perIp('market/tickers', 20),
    perIp('market/candles', 40),
    perIp('market/history-candles', 20),
    perKey('account/balance', 10),
    perKey('account/positions', 10),
    perFundingKey('asset/balances', 6),
    perFundingKey('asset/bills-history', 1),
    perFundingKey('asset/deposit-history', 6),
    perFundingKey('asset/withdrawal-history', 6),
    perKey('account/bills-archive', 5),
    perKey('trade/fills-history', 10),
    perKey('trade/orders-pending', 60),
    perKey('trade/orders-algo-pending', 20),
    perKey('trade/orders-history', 40),
    perKey('trade/order-algo', 20),
  ],
  rows: {
    positions: {
      fields: { unrealizedPnl: ['upl'] },
      contractUnit: { currencyField: 'ctValCcy', multiplierField: 'ctMult' },
      sizeCurrencyField: 'posCcy',
      idField: 'posId',
    },
    orders: {
      fields: {
        price: ['px'],
        average: ['avgPx', 'actualPx'],
        amount: ['sz'],
        // ccxt takes an algo order that does not say what was filled for one with nothing filled.
        filled: ['accFillSz', 'actualSz'],
        remaining: [],
      },
      // The market's price.
      noPrices: ['-1'],
      statusFields: ['state'],
      statuses: {
        live: 'open',
        partially_filled: 'open',
        pause: 'open',
        partially_effective: 'open',
        filled: 'closed',
        effective: 'closed',
        canceled: 'canceled',
        mmp_canceled: 'canceled',
        order_failed: 'rejected',
        partially_failed: 'canceled',
      },
      quoteSized: {
        unitField: 'tgtCcy',
        quoteUnit: 'quote_ccy',
        sideWithoutUnit: 'buy',
        ofAnyType: true,
      },
    },
  },
  settleLagMs: 5000,
});
