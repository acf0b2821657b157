import type { AccountRef } from '#src/domain/account.js';
import type { DecimalString } from '#src/domain/decimal-string.js';
import type { Stored } from '../support/stored.js';
import { momentOf } from './history-truth.js';

/* What the database holds of an account's history, by statements of the tests' own. */

export interface StoredFill {
  readonly symbol: string;
  readonly id: string;
  readonly side: string;
  readonly kind: string;
  readonly price: DecimalString;
  readonly amount: DecimalString;
  readonly cost: DecimalString | null;
  readonly fee: DecimalString | null;
  readonly feeCurrency: string | null;
  readonly flow: string;
  readonly realizedPnl: DecimalString | null;
  readonly timestampMs: number;
}

export interface StoredTransfer {
  readonly kind: string;
  readonly id: string;
  readonly currency: string;
  readonly amount: DecimalString;
  readonly fee: DecimalString | null;
  readonly status: string;
  readonly change: DecimalString;
  readonly timestampMs: number;
}

export interface StoredLedgerRow {
  readonly id: string;
  readonly kind: string;
  readonly currency: string;
  readonly amount: DecimalString;
  readonly fee: DecimalString | null;
  readonly counts: boolean;
  readonly timestampMs: number;
}

const MS = '(extract(epoch FROM timestamp) * 1000)::bigint::float8 AS "timestampMs"';

const of = ({ exchange, account }: AccountRef) => [exchange, account];

export async function storedFills(stored: Stored, account: AccountRef): Promise<readonly StoredFill[]> {
  return await stored.query<StoredFill>(
    `SELECT symbol, trade_id AS id, side, kind, price::text, amount::text, cost::text, fee_cost::text AS fee,
       fee_currency AS "feeCurrency", flow, realized_pnl::text AS "realizedPnl", ${MS}
     FROM :exchange_trades WHERE exchange_id = $1 AND account = $2`,
    of(account),
  );
}

export async function storedTransfers(
  stored: Stored,
  account: AccountRef,
): Promise<readonly StoredTransfer[]> {
  return await stored.query<StoredTransfer>(
    `SELECT kind, id, currency, amount::text, fee_cost::text AS fee, status, change::text, ${MS}
     FROM :exchange_transfers WHERE exchange_id = $1 AND account = $2`,
    of(account),
  );
}

export async function storedLedger(stored: Stored, account: AccountRef): Promise<readonly StoredLedgerRow[]> {
  return await stored.query<StoredLedgerRow>(
    `SELECT id, kind, currency, amount::text, fee_cost::text AS fee, counts, ${MS}
     FROM :exchange_ledger WHERE exchange_id = $1 AND account = $2`,
    of(account),
  );
}

/** What the flows changed of each asset in each second; what cancels out is left out. */
export async function storedChanges(
  stored: Stored,
  account: AccountRef,
): Promise<ReadonlyMap<string, DecimalString>> {
  const rows = await stored.query<{ asset: string; amount: string; timestampMs: number }>(
    `SELECT asset, sum(amount)::text AS amount,
       (extract(epoch FROM date_trunc('second', timestamp)) * 1000)::bigint::float8 AS "timestampMs"
     FROM :account_flows WHERE exchange_id = $1 AND account = $2
     GROUP BY asset, date_trunc('second', timestamp) HAVING sum(amount) <> 0`,
    of(account),
  );
  return new Map(rows.map(({ asset, timestampMs, amount }) => [momentOf(asset, timestampMs), amount]));
}
