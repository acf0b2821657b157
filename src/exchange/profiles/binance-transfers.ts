import { BINANCE_OPENED, BINANCE_RANGE, DAY, SIX_MONTHS } from './binance-terms.js';
import type { RangeParams, TransferScopeProfile } from './history-scopes.js';

/** Lists that go by whole seconds: the moments beside the range are asked for too, and dropped. */
const WIDE_RANGE: RangeParams = { ...BINANCE_RANGE, includesFrom: false, includesTo: false };
/** By binance's numbers, which `walletType` says. */
const WALLETS = { '0': 'MAIN', '1': 'FUNDING' };

const PAGES_BACK = { kind: 'before-time', pageLimit: 1000 } as const;

const DEPOSITS: TransferScopeProfile = {
  id: 'deposits',
  method: 'fetchDeposits',
  params: {},
  paging: PAGES_BACK,
  range: WIDE_RANGE,
  windowMs: 89 * DAY,
  servedFromMs: BINANCE_OPENED,
  lateMs: DAY,
  kind: 'deposit',
  statusField: 'status',
  statuses: { '0': 'pending', '1': 'ok', '2': 'failed', '6': 'ok', '7': 'failed', '8': 'pending' },
  to: { field: 'walletType', names: WALLETS },
};

const WITHDRAWALS: TransferScopeProfile = {
  id: 'withdrawals',
  method: 'fetchWithdrawals',
  params: {},
  paging: PAGES_BACK,
  range: WIDE_RANGE,
  windowMs: 89 * DAY,
  servedFromMs: BINANCE_OPENED,
  lateMs: DAY,
  kind: 'withdrawal',
  statusField: 'status',
  statuses: {
    '0': 'pending',
    '1': 'canceled',
    '2': 'pending',
    '3': 'failed',
    '4': 'pending',
    '5': 'failed',
    '6': 'ok',
  },
  from: { field: 'walletType', names: WALLETS },
};

/** binance lists transfers by the two wallets; what is between two that are mirrored changes nothing. */
const BETWEEN_WALLETS = [
  ['MAIN', 'FUNDING'],
  ['MAIN', 'UMFUTURE'],
  ['MAIN', 'CMFUTURE'],
  ['FUNDING', 'UMFUTURE'],
  ['FUNDING', 'CMFUTURE'],
  ['MAIN', 'MARGIN'],
  ['FUNDING', 'MARGIN'],
  ['UMFUTURE', 'MARGIN'],
  ['CMFUTURE', 'MARGIN'],
  ['MAIN', 'OPTION'],
  ['FUNDING', 'OPTION'],
  ['UMFUTURE', 'OPTION'],
  ['MAIN', 'PORTFOLIO_MARGIN'],
].flatMap(([one = '', other = '']) => [
  { from: one, to: other },
  { from: other, to: one },
]);

function betweenWallets({ from, to }: { from: string; to: string }): TransferScopeProfile {
  const type = `${from}_${to}`;
  return {
    id: `internal:${type}`,
    method: 'fetchTransfers',
    params: { type },
    paging: { kind: 'before-time', pageLimit: 100 },
    range: BINANCE_RANGE,
    retentionMs: SIX_MONTHS,
    servedFromMs: BINANCE_OPENED,
    lateMs: DAY,
    kind: 'internal',
    statusField: 'status',
    statuses: { CONFIRMED: 'ok', FAILED: 'failed', PENDING: 'pending' },
    from: { wallet: from },
    to: { wallet: to },
  };
}

export const BINANCE_TRANSFERS: readonly TransferScopeProfile[] = [
  DEPOSITS,
  WITHDRAWALS,
  ...BETWEEN_WALLETS.map(betweenWallets),
];
