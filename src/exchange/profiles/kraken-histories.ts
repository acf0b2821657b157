import type { LedgerKind } from '../../domain/history-records.js';
import type {
  HistoryScopeProfile,
  LedgerKindProfile,
  LedgerScopeProfile,
  RangeParams,
  TradeScopeProfile,
  TransferScopeProfile,
} from './history-scopes.js';
import type { ExchangeProfile, HoldingNames } from './profile.js';

/*
 * What kraken tells of the past. Evidence for every line: docs/exchanges/kraken.md.
 *
 * Everything counts from the ledger. It has every change of a balance with the balance after it, while a fill is
 * told with more digits than kraken books, and a fee without its currency.
 */

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

/** The exchange opened in September 2013. */
const OPENED = Date.UTC(2013, 8, 1);

const RANGE: RangeParams = {
  from: 'start',
  to: 'end',
  unit: 'seconds',
  includesFrom: false,
  includesTo: true,
};

/** Newest first, fifty at a time; its times go back by whole seconds, of which one can fill a page. */
const PAGES: HistoryScopeProfile['paging'] = { kind: 'before-time', offsetParam: 'ofs', pageLimit: 50 };

const FILLS: TradeScopeProfile = {
  id: 'spot',
  method: 'fetchMyTrades',
  params: {},
  paging: PAGES,
  range: RANGE,
  servedFromMs: OPENED,
  markets: { spot: true },
  lateMs: HOUR,
  flow: 'none',
};

const KINDS: Readonly<Record<string, LedgerKind>> = {
  trade: 'trade',
  margin: 'profit',
  rollover: 'interest',
  settled: 'settlement',
  deposit: 'transfer',
  withdrawal: 'transfer',
  transfer: 'transfer',
  spend: 'conversion',
  receive: 'conversion',
  conversion: 'conversion',
  sale: 'conversion',
  staking: 'reward',
  reward: 'reward',
  dividend: 'reward',
  earn: 'reward',
  adjustment: 'other',
  credit: 'other',
};

const LEDGER: LedgerScopeProfile = {
  id: 'all',
  method: 'fetchLedger',
  // Counting all of them makes kraken slower, and nobody needs the number.
  params: { without_count: true },
  paging: PAGES,
  range: RANGE,
  servedFromMs: OPENED,
  lateMs: HOUR,
  wallet: 'spot',
  fields: { balanceAfter: ['balance'] },
  kindField: 'type',
  kinds: Object.fromEntries(
    Object.entries(KINDS).map(([word, kind]): [string, LedgerKindProfile] => [word, { kind, counts: true }]),
  ),
};

/** Their money counts from the ledger; here are their addresses, transactions and how they stand. */
function statusOf(kind: 'deposit' | 'withdrawal', list: string): TransferScopeProfile {
  return {
    id: `${kind}s`,
    method: kind === 'deposit' ? 'privatePostDepositStatus' : 'privatePostWithdrawStatus',
    params: { cursor: true, limit: 500 },
    answer: { rows: ['result', list], cursor: ['result', 'next_cursor'], parse: 'parseTransaction' },
    paging: { kind: 'cursor', cursorParam: 'cursor', pageLimit: 500 },
    range: { ...RANGE, includesFrom: true },
    servedFromMs: OPENED,
    lateMs: DAY,
    kind,
    statusField: 'status',
    statuses: { Success: 'ok', Partial: 'ok', Failure: 'failed' },
    ...(kind === 'deposit' ? { to: { wallet: 'spot' } } : { from: { wallet: 'spot' } }),
    counts: false,
  };
}

/** `holdings`: how the balances name what lies in kraken's products. */
export function krakenHistories(
  holdings: HoldingNames,
): Pick<ExchangeProfile, 'trades' | 'transfers' | 'ledger'> {
  return {
    trades: [FILLS],
    transfers: [statusOf('deposit', 'deposit'), statusOf('withdrawal', 'withdrawals')],
    ledger: [{ ...LEDGER, holdings: { field: 'asset', names: holdings } }],
  };
}
