import type { TradeFlow, TradeKind } from '../../domain/history-records.js';
import type {
  LedgerScopeProfile,
  RangeParams,
  TradeScopeProfile,
  TransferScopeProfile,
} from './history-scopes.js';
import { OKX_BILL_KINDS, OKX_FUNDING_KINDS } from './okx-bill-kinds.js';
import type { ExchangeProfile, MarketFilter } from './profile.js';

/*
 * What okx tells of the past. Evidence for every line: docs/exchanges/okx.md.
 *
 * Spot counts from its fills. All that contracts change counts from the bills of the trading account, which also
 * have deliveries, exercises and liquidations; so do funding fees and interest. The funding account counts
 * from its own bills, but for deposits and withdrawals.
 */

const MINUTE = 60 * 1000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const V5_OPENED = Date.UTC(2017, 9, 1);
/** okx says three months; the shortest three have so many days. */
const THREE_MONTHS = 89 * DAY;

/** okx does not say whether its own ends are listed: they are asked for, and what lies outside is dropped. */
const RANGE: RangeParams = { from: 'begin', to: 'end', includesFrom: false, includesTo: false };
/** Named for the direction of the pages: `before` a time are those that are newer. */
const RANGE_OF_FUNDING: RangeParams = {
  from: 'before',
  to: 'after',
  includesFrom: false,
  includesTo: false,
};

const BY_BILL = { kind: 'before-id', idField: 'billId', idParam: 'after', pageLimit: 100 } as const;
const BY_TIME = { kind: 'before-time', pageLimit: 100 } as const;

/** By okx's numbers. */
const WALLETS = { '6': 'FUNDING', '18': 'TRADING' };

/** By `subType`, every one that the documentation has. */
const FILL_KINDS: Readonly<Record<string, TradeKind>> = {
  ...fillsOf('trade', ['1', '2', '3', '4', '5', '6', '114', '115', '118', '119', '131', '132']),
  ...fillsOf('trade', ['212', '213', '236', '237', '376', '377']),
  ...fillsOf('trade', [...range(204, 209), ...range(270, 275), ...range(318, 329)]),
  ...fillsOf('liquidation', [...range(100, 107), '110', '111']),
  ...fillsOf('adl', range(125, 128)),
  ...fillsOf('settlement', ['112', '113', '117', '170', '171', '172']),
};

/** What was not simply bought and sold counts from the bills: okx does not say how its fills read. */
const FLOW_KINDS = ['1', '2'];

function fillsOf(kind: TradeKind, words: readonly string[]): Record<string, TradeKind> {
  return Object.fromEntries(words.map((word) => [word, kind]));
}

function range(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => String(from + index));
}

function fills(instType: string, markets: MarketFilter, flow: TradeFlow): TradeScopeProfile {
  return {
    id: instType,
    method: 'fetchMyTrades',
    params: { instType },
    paging: BY_BILL,
    range: RANGE,
    retentionMs: THREE_MONTHS,
    servedFromMs: V5_OPENED,
    markets,
    lateMs: HOUR,
    // A trade with oneself has one number for two fills, a liquidation a negative one.
    idFields: ['billId'],
    flow,
    kindField: 'subType',
    kinds: FILL_KINDS,
    flowKinds: FLOW_KINDS,
  };
}

const BILLS: LedgerScopeProfile = {
  id: 'wallet=TRADING',
  method: 'privateGetAccountBillsArchive',
  params: { limit: 100 },
  answer: { rows: ['data'], parse: 'parseLedgerEntry' },
  paging: BY_BILL,
  range: RANGE,
  retentionMs: THREE_MONTHS,
  servedFromMs: V5_OPENED,
  lateMs: HOUR,
  wallet: 'TRADING',
  kindField: ['type', 'instType'],
  kinds: OKX_BILL_KINDS,
  amountIsNet: true,
  fields: { balanceAfter: ['bal'] },
  market: { field: 'instId' },
};

const FUNDING_BILLS: LedgerScopeProfile = {
  id: 'wallet=FUNDING',
  method: 'privateGetAssetBillsHistory',
  params: { limit: 100 },
  answer: { rows: ['data'], parse: 'parseLedgerEntry' },
  paging: BY_TIME,
  range: RANGE_OF_FUNDING,
  servedFromMs: Date.UTC(2021, 1, 1),
  // It is brought up to date every half a minute, and later when there is much to do.
  settleLagMs: 2 * MINUTE,
  lateMs: DAY,
  wallet: 'FUNDING',
  kindField: 'type',
  kinds: OKX_FUNDING_KINDS,
  fields: { balanceAfter: ['bal'] },
};

const DEPOSITS: TransferScopeProfile = {
  id: 'deposits',
  method: 'fetchDeposits',
  params: {},
  paging: BY_TIME,
  range: RANGE_OF_FUNDING,
  servedFromMs: V5_OPENED,
  lateMs: DAY,
  kind: 'deposit',
  statusField: 'state',
  // 1 is credited, and not yet to be withdrawn. Everything else waits for something.
  statuses: { '1': 'ok', '2': 'ok' },
  to: { wallet: 'FUNDING' },
};

const WITHDRAWALS: TransferScopeProfile = {
  id: 'withdrawals',
  method: 'fetchWithdrawals',
  params: {},
  paging: BY_TIME,
  range: RANGE_OF_FUNDING,
  servedFromMs: V5_OPENED,
  lateMs: DAY,
  kind: 'withdrawal',
  statusField: 'state',
  statuses: { '2': 'ok', '-1': 'failed', '-2': 'canceled' },
  from: { wallet: 'FUNDING' },
};

/** Bills of the trading account: the funding account has the same ones from its side. */
const INTERNAL: TransferScopeProfile = {
  id: 'internal',
  method: 'privateGetAccountBillsArchive',
  params: { type: '1', limit: 100 },
  answer: { rows: ['data'], parse: 'parseTransfer' },
  paging: BY_BILL,
  range: RANGE,
  retentionMs: THREE_MONTHS,
  servedFromMs: V5_OPENED,
  lateMs: HOUR,
  kind: 'internal',
  idFields: ['billId'],
  from: { field: 'from', names: WALLETS },
  to: { field: 'to', names: WALLETS },
  statuses: {},
};

export const OKX_HISTORIES: Pick<ExchangeProfile, 'trades' | 'transfers' | 'ledger'> = {
  trades: [
    fills('SPOT', { spot: true }, 'exchange'),
    fills('MARGIN', { spot: true }, 'exchange'),
    fills('SWAP', { swap: true }, 'none'),
    fills('FUTURES', { future: true }, 'none'),
    fills('OPTION', { option: true }, 'none'),
  ],
  transfers: [DEPOSITS, WITHDRAWALS, INTERNAL],
  ledger: [BILLS, FUNDING_BILLS],
};
