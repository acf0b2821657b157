import type { AccountRef } from '../domain/account.js';
import type { DecimalString } from '../domain/decimal-string.js';
import type { OpeningSource } from '../domain/proof-view.js';
import type { FlowSums } from '../ledger/proof.js';
import type { Queryable, Transaction } from './database.js';
import { qualifiedName } from './identifier.js';
import type { RepositoryOptions } from './mirror-repository.js';
import { recordOf, type Table, toColumn } from './table.js';
import { upsert } from './upsert.js';

/** What an account held of an asset at its horizon, and the sums of what flowed since. */
export interface OpeningRecord extends FlowSums {
  readonly asset: string;
  readonly horizonMs: number;
  readonly quantity: DecimalString;
  readonly source: OpeningSource;
  /** Where it is inferred: up to when flows count of the observation that it is inferred from. */
  readonly anchoredAtMs: number | undefined;
  /** What that observation reported. */
  readonly anchorQuantity: DecimalString | undefined;
  /** Where the sums end. Undefined: a row of that time has changed since, so that they are worth nothing. */
  readonly summedToMs: number | undefined;
}

const OPENINGS: Table<OpeningRecord> = {
  name: 'balance_openings',
  owner: ['exchange_id', 'account'],
  shared: [],
  key: [{ name: 'asset', type: 'text', field: 'asset' }],
  columns: [
    { name: 'horizon', type: 'timestamptz', field: 'horizonMs' },
    { name: 'quantity', type: 'numeric', field: 'quantity' },
    { name: 'source', type: 'text', field: 'source' },
    { name: 'anchored_at', type: 'timestamptz', field: 'anchoredAtMs' },
    { name: 'anchor_quantity', type: 'numeric', field: 'anchorQuantity' },
    { name: 'summed_to', type: 'timestamptz', field: 'summedToMs' },
    { name: 'fills', type: 'numeric', field: 'fills' },
    { name: 'fees', type: 'numeric', field: 'fees' },
    { name: 'transfers', type: 'numeric', field: 'transfers' },
    { name: 'ledger', type: 'numeric', field: 'ledger' },
  ],
};

/** `balance_openings`. */
export class OpeningRepository {
  readonly #schema: string;
  readonly #target: string;

  constructor({ schema }: RepositoryOptions) {
    this.#schema = schema;
    this.#target = qualifiedName(schema, OPENINGS.name);
  }

  async list(queryable: Queryable, account: AccountRef): Promise<readonly OpeningRecord[]> {
    const { rows } = await queryable.query(
      `SELECT * FROM ${this.#target}
       WHERE exchange_id = $1 AND account = $2 ORDER BY asset COLLATE "C"`,
      [account.exchange, account.account],
    );
    return rows.map((row) => recordOf(OPENINGS, row));
  }

  /** Replaces what is stored of these assets; gives how many rows changed. */
  put(transaction: Transaction, account: AccountRef, openings: readonly OpeningRecord[]): Promise<number> {
    const owner = { exchange_id: account.exchange, account: account.account };
    return upsert(transaction, this.#schema, OPENINGS, owner, openings);
  }

  async forget(transaction: Transaction, account: AccountRef, assets: readonly string[]): Promise<void> {
    await transaction.query(
      `DELETE FROM ${this.#target} WHERE exchange_id = $1 AND account = $2 AND asset = ANY ($3::text[])`,
      [account.exchange, account.account, assets.map((asset) => toColumn('text', asset))],
    );
  }
}
