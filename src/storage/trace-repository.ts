import type { AccountRef } from '../domain/account.js';
import type { Queryable } from './database.js';
import { qualifiedName } from './identifier.js';
import type { RepositoryOptions } from './mirror-repository.js';

/** What speaks for an account having traded, each with why, e.g. `balance of ETH`. */
export interface StoredTraces {
  readonly assets: ReadonlyMap<string, string>;
  readonly symbols: ReadonlyMap<string, string>;
}

/** The orders of one symbol. */
export interface OrderTrace {
  readonly isOpen: boolean;
  /** When one of them last changed, by the database's clock. */
  readonly changedAtMs: number;
}

/** What the mirror knows of where an account can have traded. */
export class TraceRepository {
  readonly #name: (table: string) => string;

  constructor({ schema }: RepositoryOptions) {
    this.#name = (table) => qualifiedName(schema, table);
  }

  /** Everything that was ever seen. Reads every row of the account's histories. */
  async list(queryable: Queryable, { exchange, account }: AccountRef): Promise<StoredTraces> {
    const of = 'exchange_id = $1 AND account = $2';
    const { rows } = await queryable.query<{ kind: 'asset' | 'symbol'; name: string; reason: string }>(
      `WITH fills AS MATERIALIZED (
         SELECT DISTINCT symbol, base, quote, settle_currency, fee_currency
         FROM ${this.#name('exchange_trades')} WHERE ${of}
       ), statements AS MATERIALIZED (
         SELECT DISTINCT currency, symbol FROM ${this.#name('exchange_ledger')} WHERE ${of}
       )
       SELECT DISTINCT ON (kind, name) kind, name, reason FROM (
         SELECT 'asset' AS kind, currency AS name, 'balance of ' || currency AS reason, 1 AS rank
         FROM ${this.#name('exchange_balances')} WHERE ${of}
           -- Some exchanges list what nobody ever had: a row of nothing that never changed says nothing.
           AND (total <> 0 OR available <> 0 OR locked <> 0 OR updated_at > created_at)
         UNION ALL
         SELECT 'asset', currency, 'transfer of ' || currency, 2
         FROM ${this.#name('exchange_transfers')} WHERE ${of}
         UNION ALL SELECT 'asset', currency, 'statement of ' || currency, 3 FROM statements
         UNION ALL
         SELECT 'asset', moved.asset, 'fills of ' || symbol, 4
         FROM fills, unnest(ARRAY[base, quote, settle_currency, fee_currency]) AS moved (asset)
         WHERE moved.asset IS NOT NULL
         UNION ALL SELECT 'symbol', symbol, 'fills', 1 FROM fills
         UNION ALL SELECT 'symbol', symbol, 'orders', 2 FROM ${this.#name('exchange_orders')} WHERE ${of}
         UNION ALL SELECT 'symbol', symbol, 'position', 3 FROM ${this.#name('exchange_positions')} WHERE ${of}
         UNION ALL SELECT 'symbol', symbol, 'statement', 4 FROM statements WHERE symbol IS NOT NULL
       ) AS trace
       ORDER BY kind, name, rank`,
      [exchange, account],
    );
    const ofKind = (wanted: string) =>
      new Map(rows.filter(({ kind }) => kind === wanted).map(({ name, reason }) => [name, reason]));
    return { assets: ofKind('asset'), symbols: ofKind('symbol') };
  }

  /** Of each symbol that has any. */
  async orders(
    queryable: Queryable,
    { exchange, account }: AccountRef,
  ): Promise<ReadonlyMap<string, OrderTrace>> {
    const { rows } = await queryable.query<{ symbol: string; is_open: boolean; changed_at: Date }>(
      `SELECT symbol, bool_or(status = 'open') AS is_open, max(updated_at) AS changed_at
       FROM ${this.#name('exchange_orders')} WHERE exchange_id = $1 AND account = $2 GROUP BY symbol`,
      [exchange, account],
    );
    return new Map(
      rows.map(({ symbol, is_open, changed_at }) => [
        symbol,
        { isOpen: is_open, changedAtMs: changed_at.getTime() },
      ]),
    );
  }
}
