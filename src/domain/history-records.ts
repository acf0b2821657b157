import type { DecimalString } from './decimal-string.js';

/*
 * Rows of an account's history. They are never absent again, so that they are known by the time ranges that
 * were read, not by whole pictures. Times are milliseconds since the epoch by the exchange's clock; of a row,
 * the one by which the exchange's list is filtered and sorted. `undefined` is "the exchange did not say".
 */

export const TRADE_KINDS = ['trade', 'adl', 'liquidation', 'settlement'] as const;
export type TradeKind = (typeof TRADE_KINDS)[number];

/**
 * What a fill changes of the holdings. `exchange`: base against quote (spot). `profit`: its realised profit in
 * the settle currency. `none`: nothing, because another table has that event. The fee flows with the first two.
 */
export const TRADE_FLOWS = ['exchange', 'profit', 'none'] as const;
export type TradeFlow = (typeof TRADE_FLOWS)[number];

/** One fill. */
export interface TradeRecord {
  /** ccxt's unified symbol. */
  readonly symbol: string;
  /** Unique within the symbol and side: who trades with himself has two fills of one number. */
  readonly tradeId: string;
  readonly side: 'buy' | 'sell';
  readonly orderId: string | undefined;
  readonly kind: TradeKind;
  readonly flow: TradeFlow;
  readonly base: string;
  readonly quote: string;
  readonly settleCurrency: string | undefined;
  readonly price: DecimalString;
  /** Above 0; in the base currency, or in contracts where the exchange counts in them. */
  readonly amount: DecimalString;
  /** In the quote currency, without the fee; always there where the flow is `exchange`. */
  readonly cost: DecimalString | undefined;
  /** In the settle currency, without the fee; always there where the flow is `profit`. */
  readonly realizedPnl: DecimalString | undefined;
  /** What was paid; negative for a rebate. Both or neither. */
  readonly feeCost: DecimalString | undefined;
  readonly feeCurrency: string | undefined;
  readonly role: 'maker' | 'taker' | undefined;
  readonly timestampMs: number;
}

export const TRANSFER_KINDS = ['deposit', 'withdrawal', 'internal'] as const;
export type TransferKind = (typeof TRANSFER_KINDS)[number];

/** `pending` rows are read again until they are something else. Only what is `ok` has moved anything. */
export const TRANSFER_STATUSES = ['pending', 'ok', 'failed', 'canceled'] as const;
export type TransferStatus = (typeof TRANSFER_STATUSES)[number];

/** A deposit, a withdrawal, or a move between wallets or accounts of the same owner. */
export interface TransferRecord {
  readonly kind: TransferKind;
  /** Unique within the kind. */
  readonly id: string;
  readonly currency: string;
  /** Above 0: what arrives. */
  readonly amount: DecimalString;
  /** Paid beside the amount, in the same currency; absent where there is none or the exchange does not say. */
  readonly feeCost: DecimalString | undefined;
  /**
   * What it changes of all the wallets that are mirrored of this account, fee included, once it is `ok`: positive
   * for what was received. A move between two of them changes nothing.
   */
  readonly change: DecimalString;
  readonly fromWallet: string | undefined;
  readonly toWallet: string | undefined;
  readonly status: TransferStatus;
  /** The exchange's own word. */
  readonly rawStatus: string | undefined;
  readonly network: string | undefined;
  readonly address: string | undefined;
  readonly transactionId: string | undefined;
  readonly timestampMs: number;
}

export const LEDGER_KINDS = [
  'funding',
  'interest',
  'fee',
  'rebate',
  'profit',
  'reward',
  'conversion',
  'trade',
  'transfer',
  'settlement',
  'liquidation',
  'other',
] as const;
export type LedgerKind = (typeof LEDGER_KINDS)[number];

/** One row of an exchange's account statement. */
export interface LedgerRecord {
  /** Unique within the scope. */
  readonly id: string;
  readonly kind: LedgerKind;
  /** The exchange's own word. */
  readonly rawKind: string | undefined;
  readonly currency: string;
  /** Positive for what was received; without the fee. */
  readonly amount: DecimalString;
  /** What was paid beside it, in the same currency; negative for a rebate. */
  readonly feeCost: DecimalString | undefined;
  /** False where the same event counts from the fills or the transfers. */
  readonly counts: boolean;
  readonly wallet: string | undefined;
  readonly symbol: string | undefined;
  /** Of that wallet after the row, where the exchange says it. */
  readonly balanceAfter: DecimalString | undefined;
  /** What it belongs to: a trade, an order, a transfer. */
  readonly reference: string | undefined;
  readonly timestampMs: number;
}

/** By data type. */
export interface HistoryRecords {
  readonly transfers: TransferRecord;
  readonly ledger: LedgerRecord;
  readonly trades: TradeRecord;
}
