import type { LedgerRecord, TradeRecord, TransferRecord } from '../domain/history-records.js';
import { OF_ACCOUNT } from './mirror-repository.js';
import type { Table } from './table.js';

/**
 * A table of rows that happened. What an exchange once said of a row stays; what it said later (an unknown fee,
 * a transaction's id) is filled in.
 */
export interface HistoryTable<Row> extends Table<Row> {
  /** Columns that order the rows of one millisecond, and tell them apart within an account. */
  readonly order: readonly string[];
  /** Columns that are what this program makes of the exchange's: a later version may know better. */
  readonly readings: readonly string[];
  /** Absent: no known value of the exchange ever becomes another one. */
  readonly changing?: {
    /** SQL that is true of the rows `stored` that are not final. */
    readonly pending: string;
    /** Columns whose known value never becomes another one. */
    readonly fixed: readonly string[];
    /** Those of which that is true once the row is final. */
    readonly fixedWhenFinal: readonly string[];
    /** What a row is given that is written again, as SQL. */
    readonly set: Readonly<Record<string, string>>;
  };
}

export const TRADES: HistoryTable<TradeRecord> = {
  name: 'exchange_trades',
  ...OF_ACCOUNT,
  order: ['trade_id', 'symbol', 'side'],
  readings: ['flow', 'base', 'quote', 'settle_currency'],
  key: [
    { name: 'symbol', type: 'text', field: 'symbol' },
    { name: 'trade_id', type: 'text', field: 'tradeId' },
    { name: 'side', type: 'text', field: 'side' },
  ],
  columns: [
    { name: 'order_id', type: 'text', field: 'orderId' },
    { name: 'kind', type: 'text', field: 'kind' },
    { name: 'flow', type: 'text', field: 'flow' },
    { name: 'base', type: 'text', field: 'base' },
    { name: 'quote', type: 'text', field: 'quote' },
    { name: 'settle_currency', type: 'text', field: 'settleCurrency' },
    { name: 'price', type: 'numeric', field: 'price' },
    { name: 'amount', type: 'numeric', field: 'amount' },
    { name: 'cost', type: 'numeric', field: 'cost' },
    { name: 'realized_pnl', type: 'numeric', field: 'realizedPnl' },
    { name: 'fee_cost', type: 'numeric', field: 'feeCost' },
    { name: 'fee_currency', type: 'text', field: 'feeCurrency' },
    { name: 'role', type: 'text', field: 'role' },
    { name: 'timestamp', type: 'timestamptz', field: 'timestampMs' },
  ],
};

export const TRANSFERS: HistoryTable<TransferRecord> = {
  name: 'exchange_transfers',
  ...OF_ACCOUNT,
  order: ['id', 'kind'],
  readings: ['change'],
  key: [
    { name: 'kind', type: 'text', field: 'kind' },
    { name: 'id', type: 'text', field: 'id' },
  ],
  columns: [
    { name: 'currency', type: 'text', field: 'currency' },
    { name: 'amount', type: 'numeric', field: 'amount' },
    { name: 'fee_cost', type: 'numeric', field: 'feeCost' },
    { name: 'change', type: 'numeric', field: 'change' },
    { name: 'from_wallet', type: 'text', field: 'fromWallet' },
    { name: 'to_wallet', type: 'text', field: 'toWallet' },
    { name: 'status', type: 'text', field: 'status' },
    { name: 'raw_status', type: 'text', field: 'rawStatus' },
    { name: 'network', type: 'text', field: 'network' },
    { name: 'address', type: 'text', field: 'address' },
    { name: 'transaction_id', type: 'text', field: 'transactionId' },
    { name: 'timestamp', type: 'timestamptz', field: 'timestampMs' },
  ],
  changing: {
    pending: `stored.status = 'pending'`,
    fixed: ['currency'],
    // An exchange has several words for one end, and may name the blockchain's transaction after it.
    fixedWhenFinal: ['amount', 'fee_cost', 'status', 'timestamp'],
    set: { updated_at: 'now()' },
  },
};

export const LEDGER: HistoryTable<LedgerRecord> = {
  name: 'exchange_ledger',
  owner: ['exchange_id', 'account', 'scope'],
  shared: [],
  order: ['id', 'scope'],
  readings: ['kind', 'counts'],
  key: [{ name: 'id', type: 'text', field: 'id' }],
  columns: [
    { name: 'kind', type: 'text', field: 'kind' },
    { name: 'raw_kind', type: 'text', field: 'rawKind' },
    { name: 'currency', type: 'text', field: 'currency' },
    { name: 'amount', type: 'numeric', field: 'amount' },
    { name: 'fee_cost', type: 'numeric', field: 'feeCost' },
    { name: 'counts', type: 'boolean', field: 'counts' },
    { name: 'wallet', type: 'text', field: 'wallet' },
    { name: 'symbol', type: 'text', field: 'symbol' },
    { name: 'balance_after', type: 'numeric', field: 'balanceAfter' },
    { name: 'reference', type: 'text', field: 'reference' },
    { name: 'timestamp', type: 'timestamptz', field: 'timestampMs' },
  ],
};
