import type { AccountRef } from '../domain/account.js';
import type { Queryable, Transaction } from './database.js';
import { qualifiedName } from './identifier.js';
import type { RepositoryOptions } from './mirror-repository.js';
import { toTimestamp } from './table.js';

/** `sync_accounts`: every account that was ever configured, and which of them are retired. */
export class AccountRepository {
  readonly #target: string;
  readonly #status: string;

  constructor({ schema }: RepositoryOptions) {
    this.#target = qualifiedName(schema, 'sync_accounts');
    this.#status = qualifiedName(schema, 'sync_status');
  }

  /** These accounts are configured; one that was retired counts again. Others stay as they are. */
  async configure(transaction: Transaction, accounts: readonly AccountRef[], atMs: number): Promise<void> {
    await transaction.query(
      `INSERT INTO ${this.#target} AS stored (exchange_id, account, configured_at)
       SELECT DISTINCT exchange_id, account, $3::timestamptz
       FROM unnest($1::text[], $2::text[]) AS configured (exchange_id, account)
       ORDER BY exchange_id, account
       ON CONFLICT (exchange_id, account) DO UPDATE
       SET retired_at = NULL, configured_at = excluded.configured_at
       WHERE stored.retired_at IS NOT NULL`,
      [...columns(accounts), toTimestamp(atMs)],
    );
  }

  /**
   * Retires the accounts that nobody mirrors any more, and gives those it retired: not among these, and not
   * synced for twice their interval, for another process may have the rest of the configuration. Their rows
   * stay and count in no sum.
   */
  async retireUnsynced(
    transaction: Transaction,
    configured: readonly AccountRef[],
    atMs: number,
  ): Promise<readonly AccountRef[]> {
    const { rows } = await transaction.query<AccountRef>(
      `UPDATE ${this.#target} AS stored SET retired_at = $3::timestamptz
       WHERE retired_at IS NULL
         AND NOT EXISTS (
           SELECT FROM unnest($1::text[], $2::text[]) AS configured (exchange_id, account)
           WHERE (configured.exchange_id, configured.account) = (stored.exchange_id, stored.account)
         )
         AND NOT EXISTS (
           SELECT FROM ${this.#status} AS status
           WHERE (status.exchange_id, status.account) = (stored.exchange_id, stored.account)
             AND status.last_sync > $3::timestamptz - 2 * coalesce(status.sync_interval, INTERVAL '30 minutes')
         )
       RETURNING exchange_id AS exchange, account`,
      [...columns(configured), toTimestamp(atMs)],
    );
    return rows;
  }

  /** Accounts whose rows are kept but count in no sum. */
  async retired(queryable: Queryable): Promise<readonly AccountRef[]> {
    const { rows } = await queryable.query<AccountRef>(
      `SELECT exchange_id AS exchange, account FROM ${this.#target}
       WHERE retired_at IS NOT NULL ORDER BY exchange_id, account`,
    );
    return rows;
  }
}

function columns(accounts: readonly AccountRef[]): readonly (readonly string[])[] {
  return [accounts.map(({ exchange }) => exchange), accounts.map(({ account }) => account)];
}
