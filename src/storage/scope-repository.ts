import type { AccountRef } from '../domain/account.js';
import type { SyncedDataType } from '../domain/data-type.js';
import { type ErrorCode, isErrorCode } from '../domain/errors.js';
import type { ScopeId } from '../domain/scope-read.js';
import type { ScopeResult } from '../domain/scope-result.js';
import type { Queryable, Transaction } from './database.js';
import { qualifiedName } from './identifier.js';
import type { RepositoryOptions } from './mirror-repository.js';
import { toColumn, toTimestamp } from './table.js';

export interface StoredScope extends AccountRef {
  readonly dataType: SyncedDataType;
  readonly scope: ScopeId;
  /** When the last complete read began; undefined if there was none. */
  readonly lastCompleteAtMs: number | undefined;
  readonly lastAttemptAtMs: number | undefined;
  readonly errorCode: ErrorCode | undefined;
}

/** Absent: any. */
export interface ScopeFilter extends Partial<AccountRef> {
  readonly dataType?: SyncedDataType;
}

interface ScopeRow {
  readonly exchange_id: string;
  readonly account: string;
  readonly data_type: SyncedDataType;
  readonly scope: string;
  readonly last_complete_at: Date | null;
  readonly last_attempt_at: Date | null;
  readonly error_code: string | null;
}

/** `sync_scopes`: when each scope was last read, and read completely. */
export class ScopeRepository {
  readonly #target: string;

  constructor({ schema }: RepositoryOptions) {
    this.#target = qualifiedName(schema, 'sync_scopes');
  }

  /**
   * Times only move forward, up to the database's now: a clock that was ahead for a while must not make rows
   * look fresh until it is overtaken. An attempt older than the stored one changes no error. Scopes of the data
   * type that are not among the results are read no more and forgotten, so that nothing is summed over them.
   */
  async record(
    transaction: Transaction,
    account: AccountRef,
    dataType: SyncedDataType,
    results: readonly ScopeResult[],
  ): Promise<void> {
    const byScope = [...new Map(results.map((result) => [result.scope, result])).values()];
    await transaction.query(
      `DELETE FROM ${this.#target}
       WHERE exchange_id = $1 AND account = $2 AND data_type = $3 AND scope <> ALL ($4::text[])`,
      [account.exchange, account.account, dataType, byScope.map(({ scope }) => toColumn('text', scope))],
    );
    await transaction.query(
      `INSERT INTO ${this.#target} AS stored
         (exchange_id, account, data_type, scope, last_attempt_at, last_complete_at, error_code)
       SELECT $1, $2, $3, scope, ${notAfterNow('last_attempt_at')}, ${notAfterNow('last_complete_at')}, error_code
       FROM unnest($4::text[], $5::timestamptz[], $6::timestamptz[], $7::text[])
         AS read (scope, last_attempt_at, last_complete_at, error_code)
       ORDER BY scope
       ON CONFLICT (exchange_id, account, data_type, scope) DO UPDATE
       SET last_complete_at = greatest(stored.last_complete_at, excluded.last_complete_at),
         last_attempt_at = greatest(stored.last_attempt_at, excluded.last_attempt_at),
         error_code = CASE WHEN stored.last_attempt_at > excluded.last_attempt_at
           THEN stored.error_code ELSE excluded.error_code END`,
      [
        account.exchange,
        account.account,
        dataType,
        byScope.map(({ scope }) => toColumn('text', scope)),
        byScope.map(({ attemptedAtMs }) => toTimestamp(attemptedAtMs)),
        byScope.map(({ completeAtMs }) => toColumn('timestamptz', completeAtMs)),
        byScope.map(({ error }) => error?.code ?? null),
      ],
    );
  }

  async list(queryable: Queryable, filter: ScopeFilter = {}): Promise<readonly StoredScope[]> {
    const { rows } = await queryable.query<ScopeRow>(
      `SELECT * FROM ${this.#target}
       WHERE ($1::text IS NULL OR exchange_id = $1)
         AND ($2::text IS NULL OR account = $2)
         AND ($3::text IS NULL OR data_type = $3)
       ORDER BY exchange_id, account, data_type, scope`,
      [filter.exchange ?? null, filter.account ?? null, filter.dataType ?? null],
    );
    return rows.map((row) => ({
      exchange: row.exchange_id,
      account: row.account,
      dataType: row.data_type,
      scope: row.scope,
      lastCompleteAtMs: row.last_complete_at?.getTime(),
      lastAttemptAtMs: row.last_attempt_at?.getTime(),
      errorCode: isErrorCode(row.error_code) ? row.error_code : undefined,
    }));
  }
}

/** NULL stays NULL, which least() would pass over. */
function notAfterNow(time: string): string {
  return `CASE WHEN ${time} > now() THEN now() ELSE ${time} END`;
}
