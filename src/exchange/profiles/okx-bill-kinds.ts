import type { LedgerKind } from '../../domain/history-records.js';
import type { LedgerKindProfile } from './history-scopes.js';

/*
 * okx's bill types. Those that are not listed count as well. Evidence: docs/exchanges/okx.md.
 */

const counted = (kind: LedgerKind): LedgerKindProfile => ({ kind, counts: true });
const notCounted = (kind: LedgerKind): LedgerKindProfile => ({ kind, counts: false });

/**
 * Of contracts `balChg` is the cash's change only, in which an isolated position's margin comes and goes; what
 * the account gains or loses is `pnl` and the fee.
 */
const profitOf = (kind: LedgerKind): LedgerKindProfile => ({ kind, counts: true, amountField: 'pnl' });

const CONTRACTS = ['SWAP', 'FUTURES', 'OPTION'];
const CONTRACT_BILLS: Readonly<Record<string, LedgerKind>> = {
  '2': 'profit',
  '3': 'settlement',
  '5': 'liquidation',
  '9': 'liquidation',
  '10': 'other',
  '13': 'profit',
  '14': 'profit',
  '24': 'profit',
  '32': 'profit',
  '34': 'settlement',
};

/** Of the trading account, by type, or by type and instrument type where that makes a difference. */
export const OKX_BILL_KINDS: Readonly<Record<string, LedgerKindProfile>> = {
  ...Object.fromEntries(
    CONTRACTS.flatMap((instType) =>
      Object.entries(CONTRACT_BILLS).map(([type, kind]) => [`${type} ${instType}`, profitOf(kind)]),
    ),
  ),
  // The list of transfers has them.
  '1': notCounted('transfer'),
  // The fills have them.
  '2 SPOT': notCounted('trade'),
  '2 MARGIN': notCounted('trade'),
  '2': counted('trade'),
  '4': counted('conversion'),
  '5': counted('liquidation'),
  // Within the account, whose total has isolated positions, bots and debts in it.
  '6': notCounted('transfer'),
  '12': notCounted('transfer'),
  '15': notCounted('other'),
  '16': notCounted('other'),
  '22': notCounted('other'),
  '7': counted('interest'),
  '8': profitOf('funding'),
  '9': counted('liquidation'),
  '11': counted('conversion'),
  '27': counted('conversion'),
  '28': counted('conversion'),
  '29': counted('conversion'),
  '30': counted('conversion'),
  '250': counted('fee'),
  '251': counted('rebate'),
};

const REWARDS = ['28', '48', '49', '72', '77', '83', '89', '139', '150', '151', '152', '181', '189', '229'];
const REBATES = ['68', '172', '173', '222', '233', '299', '300'];
const INTEREST = ['343', '344', '350', '400', '408'];
const PRODUCTS = ['75', '76', '80', '82', '137', '160', '161', '329', '331', '339', '341', '348', '349'];
const SUBACCOUNTS = ['20', '21', '22', '23', '284', '285', '286', '287', '361', '476', '477'];

/** Of the funding account. */
export const OKX_FUNDING_KINDS: Readonly<Record<string, LedgerKindProfile>> = {
  ...Object.fromEntries(REWARDS.map((type) => [type, counted('reward')])),
  ...Object.fromEntries(REBATES.map((type) => [type, counted('rebate')])),
  ...Object.fromEntries(INTEREST.map((type) => [type, counted('interest')])),
  ...Object.fromEntries([...PRODUCTS, ...SUBACCOUNTS].map((type) => [type, counted('transfer')])),
  '272': counted('conversion'),
  '273': counted('conversion'),
  // The lists of deposits and withdrawals have them, with their fee.
  '1': notCounted('transfer'),
  '2': notCounted('transfer'),
  '13': notCounted('transfer'),
  '221': notCounted('fee'),
  // With the trading account.
  '130': notCounted('transfer'),
  '131': notCounted('transfer'),
};
