import type { AccountRef } from '../domain/account.js';
import type { ScopeId } from '../domain/scope-read.js';
import type { Queryable, Transaction } from './database.js';
import { qualifiedName } from './identifier.js';
import type { RepositoryOptions } from './mirror-repository.js';
import { toColumn } from './table.js';

export interface SymbolReason {
  readonly symbol: string;
  /** What spoke for it, e.g. `balance of ETH`. */
  readonly reason: string;
}

/** `sync_symbols`: of which symbols an account can have fills, where the exchange lists them by symbol only. */
export class SymbolRepository {
  readonly #target: string;

  constructor({ schema }: RepositoryOptions) {
    this.#target = qualifiedName(schema, 'sync_symbols');
  }

  /** Gives the symbols that were not known; those that were keep their reason. */
  async add(
    transaction: Transaction,
    account: AccountRef,
    scope: ScopeId,
    symbols: readonly SymbolReason[],
  ): Promise<readonly string[]> {
    if (symbols.length === 0) return [];
    const { rows } = await transaction.query<{ symbol: string }>(
      `INSERT INTO ${this.#target} AS stored (exchange_id, account, scope, symbol, reason)
       SELECT $1, $2, $3, symbol, reason FROM unnest($4::text[], $5::text[]) AS known (symbol, reason)
       WHERE NOT EXISTS (
         SELECT FROM ${this.#target} AS stored
         WHERE (stored.exchange_id, stored.account, stored.scope, stored.symbol) = ($1, $2, $3, known.symbol)
       )
       ORDER BY symbol
       ON CONFLICT DO NOTHING
       RETURNING symbol`,
      [
        account.exchange,
        account.account,
        toColumn('text', scope),
        symbols.map(({ symbol }) => toColumn('text', symbol)),
        symbols.map(({ reason }) => toColumn('text', reason)),
      ],
    );
    return rows.map(({ symbol }) => symbol);
  }

  /** In order of the symbols. */
  async list(queryable: Queryable, account: AccountRef, scope: ScopeId): Promise<readonly SymbolReason[]> {
    const { rows } = await queryable.query<SymbolReason>(
      `SELECT symbol, reason FROM ${this.#target}
       WHERE exchange_id = $1 AND account = $2 AND scope = $3 ORDER BY symbol COLLATE "C"`,
      [account.exchange, account.account, toColumn('text', scope)],
    );
    return rows;
  }
}
