import {
  BINANCE_FUTURES_OPENED,
  BINANCE_OPENED,
  BINANCE_RANGE,
  COIN_M,
  DAY,
  HOUR,
  USD_M,
} from './binance-terms.js';
import type { LedgerScopeProfile } from './history-scopes.js';
import type { MarketFilter } from './profile.js';

/** Three months have at least so many days. */
const THREE_MONTHS = 89 * DAY;

/** The statement of a futures wallet. */
function income(wallet: string, params: object, markets: MarketFilter): LedgerScopeProfile {
  return {
    id: `wallet=${wallet}`,
    method: 'fetchLedger',
    params: { ...params },
    paging: { kind: 'after-time', pageLimit: 1000 },
    range: BINANCE_RANGE,
    windowMs: 30 * DAY,
    retentionMs: THREE_MONTHS,
    servedFromMs: BINANCE_FUTURES_OPENED,
    lateMs: HOUR,
    // Its number is unique within its type; an exchange of two coins has one number for both.
    idFields: ['incomeType', 'tranId', 'asset'],
    wallet,
    markets,
    market: { field: 'symbol' },
    kindField: 'incomeType',
    kinds: {
      REALIZED_PNL: { kind: 'profit', counts: true },
      COMMISSION: { kind: 'fee', counts: true },
      FUNDING_FEE: { kind: 'funding', counts: true },
      INSURANCE_CLEAR: { kind: 'liquidation', counts: true },
      DELIVERED_SETTELMENT: { kind: 'settlement', counts: true },
      OPTIONS_SETTLE_PROFIT: { kind: 'settlement', counts: true },
      OPTIONS_PREMIUM_FEE: { kind: 'fee', counts: true },
      POSITION_LIMIT_INCREASE_FEE: { kind: 'fee', counts: true },
      REFERRAL_KICKBACK: { kind: 'rebate', counts: true },
      COMMISSION_REBATE: { kind: 'rebate', counts: true },
      API_REBATE: { kind: 'rebate', counts: true },
      FEE_RETURN: { kind: 'rebate', counts: true },
      WELCOME_BONUS: { kind: 'reward', counts: true },
      CONTEST_REWARD: { kind: 'reward', counts: true },
      BFUSD_REWARD: { kind: 'reward', counts: true },
      AUTO_EXCHANGE: { kind: 'conversion', counts: true },
      COIN_SWAP_DEPOSIT: { kind: 'conversion', counts: true },
      COIN_SWAP_WITHDRAW: { kind: 'conversion', counts: true },
      // With wallets that no list of transfers is about.
      INTERNAL_TRANSFER: { kind: 'transfer', counts: true },
      CROSS_COLLATERAL_TRANSFER: { kind: 'transfer', counts: true },
      STRATEGY_UMFUTURES_TRANSFER: { kind: 'transfer', counts: true },
      // One half of what the transfers have whole.
      TRANSFER: { kind: 'transfer', counts: false },
    },
  };
}

/** What is paid into spot without being asked for: airdrops, rewards, interest. */
const DISTRIBUTIONS: LedgerScopeProfile = {
  id: 'distributions',
  method: 'sapiGetAssetAssetDividend',
  params: { limit: 500 },
  answer: { rows: ['rows'], parse: 'parseLedgerEntry' },
  // Nobody says whether a full list lacks its oldest or its newest rows.
  paging: { kind: 'single', cutAt: 500 },
  range: BINANCE_RANGE,
  windowMs: 90 * DAY,
  servedFromMs: BINANCE_OPENED,
  lateMs: DAY,
  idFields: ['id'],
  timeField: 'divTime',
  wallet: 'MAIN',
  kindField: 'enInfo',
  // A sentence for each of them.
  kinds: {},
  otherKind: 'reward',
};

const CONVERSIONS: LedgerScopeProfile = {
  id: 'conversions',
  method: 'sapiGetConvertTradeFlow',
  params: { limit: 1000 },
  answer: {
    rows: ['list'],
    only: { field: 'orderStatus', words: ['SUCCESS'] },
    legs: [
      { name: 'from', currencyField: 'fromAsset', amountField: 'fromAmount', isPaid: true },
      { name: 'to', currencyField: 'toAsset', amountField: 'toAmount', isPaid: false },
    ],
  },
  paging: { kind: 'single', cutAt: 1000 },
  range: BINANCE_RANGE,
  windowMs: 30 * DAY,
  // binance's converter is younger than binance.
  servedFromMs: Date.UTC(2020, 0, 1),
  lateMs: DAY,
  idFields: ['orderId', 'leg'],
  timeField: 'createTime',
  fields: { reference: ['orderId'] },
  wallet: 'MAIN',
  kindField: 'orderStatus',
  kinds: { SUCCESS: { kind: 'conversion', counts: true } },
};

/** Balances that are too small to trade, made BNB; what is transferred is what arrives, without the charge. */
const SMALL_BALANCES: LedgerScopeProfile = {
  id: 'small-balances',
  method: 'sapiGetAssetDribblet',
  params: {},
  answer: {
    rows: ['userAssetDribblets', 'userAssetDribbletDetails'],
    legs: [
      { name: 'from', currencyField: 'fromAsset', amountField: 'amount', isPaid: true },
      { name: 'to', currency: 'BNB', amountField: 'transferedAmount', isPaid: false },
    ],
  },
  paging: { kind: 'single', cutAt: 100 },
  range: BINANCE_RANGE,
  windowMs: 90 * DAY,
  servedFromMs: Date.UTC(2020, 11, 1),
  lateMs: DAY,
  idFields: ['transId', 'fromAsset', 'leg'],
  timeField: 'operateTime',
  fields: { reference: ['transId'] },
  wallet: 'MAIN',
  kindField: 'leg',
  kinds: { from: { kind: 'conversion', counts: true }, to: { kind: 'conversion', counts: true } },
};

export const BINANCE_LEDGER: readonly LedgerScopeProfile[] = [
  income('UMFUTURE', USD_M, { linear: true }),
  income('CMFUTURE', COIN_M, { inverse: true }),
  DISTRIBUTIONS,
  CONVERSIONS,
  SMALL_BALANCES,
];
