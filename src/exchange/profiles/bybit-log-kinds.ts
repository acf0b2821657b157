import type { LedgerKindProfile } from './history-scopes.js';

/*
 * What moves the unified wallet, by bybit's words (its enum of transaction log types). What is not listed is
 * `other` and counts: a word that came later moves the balance all the same.
 */

const counting = (kind: LedgerKindProfile['kind']): LedgerKindProfile => ({ kind, counts: true });

const PROFIT = counting('profit');
const REWARD = counting('reward');
const CONVERSION = counting('conversion');
const INTEREST = counting('interest');

/** The fills have it. */
const SPOT_TRADE: LedgerKindProfile = { kind: 'trade', counts: false };
/** The transfers have it. */
const TRANSFER: LedgerKindProfile = { kind: 'transfer', counts: false };
/** It adds to the wallet what the balance is then less by. */
const DEBT: LedgerKindProfile = { kind: 'other', counts: false };

export const BYBIT_LOG_KINDS: Readonly<Record<string, LedgerKindProfile>> = {
  'spot TRADE': SPOT_TRADE,
  TRADE: PROFIT,
  ADL: PROFIT,
  // Funding, and of USDC contracts the profit of eight hours.
  SETTLEMENT: counting('funding'),
  DELIVERY: counting('settlement'),
  LIQUIDATION: counting('liquidation'),
  TRANSFER_IN: TRANSFER,
  TRANSFER_OUT: TRANSFER,
  INTEREST,
  AIRDROP: REWARD,
  BONUS: REWARD,
  BONUS_RECOLLECT: REWARD,
  FEE_REFUND: counting('rebate'),
  CURRENCY_BUY: CONVERSION,
  CURRENCY_SELL: CONVERSION,
  SPOT_REPAYMENT_BUY: CONVERSION,
  SPOT_REPAYMENT_SELL: CONVERSION,
  BORROWED_AMOUNT_INS_LOAN: DEBT,
  PRINCIPLE_REPAYMENT_INS_LOAN: DEBT,
  AUTO_PRINCIPLE_REPAYMENT_INS_LOAN: DEBT,
  INTEREST_REPAYMENT_INS_LOAN: INTEREST,
  AUTO_INTEREST_REPAYMENT_INS_LOAN: INTEREST,
};

/**
 * What moves the funding wallet, by the names of bybit's groups and, for those that hold more than one thing, of its
 * descriptions. Deposits, withdrawals and moves between wallets and accounts are in the transfers.
 */
export const BYBIT_FUND_KINDS: Readonly<Record<string, LedgerKindProfile>> = {
  fundingAccountRecordTypeDeposit: TRANSFER,
  fundingAccountRecordTypeWithdraw: TRANSFER,
  fundingAccountRecordTransferFromTradingAccount: TRANSFER,
  fundingAccountRecordTransfer2TradingAccount: TRANSFER,
  fundingAccountRecordTransferFromSubAccount: TRANSFER,
  fundingAccountRecordTransferOut2SubAccount: TRANSFER,
  fundingAccountRecordEarn: REWARD,
  fundingAccountRecordAirdrop: REWARD,
  fundingAccountRecordConvert: CONVERSION,
  fundingAccountRecordFixedRateLoans: counting('other'),
};
