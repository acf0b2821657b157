import type { AccountRef } from '../domain/account.js';
import type { SyncedDataType } from '../domain/data-type.js';
import { type ErrorCode, isErrorCode } from '../domain/errors.js';
import type { ScopeId } from '../domain/scope-read.js';
import type { ScopeResult } from '../domain/scope-result.js';
import type { TimeRange } from '../domain/time-range.js';
import type { Queryable, Transaction } from './database.js';
import { qualifiedName } from './identifier.js';
import { millisecondsUntil } from './milliseconds-until.js';
import type { RepositoryOptions } from './mirror-repository.js';
import { boundedTimestamp, toColumn, toTimestamp } from './table.js';

export interface StoredScope extends AccountRef {
  readonly dataType: SyncedDataType;
  readonly scope: ScopeId;
  /** When the last complete read began; undefined if there was none. */
  readonly lastCompleteAtMs: number | undefined;
  readonly lastAttemptAtMs: number | undefined;
  readonly errorCode: ErrorCode | undefined;
  /** Of a history: all that should have been known of it at the last attempt. */
  readonly wanted: TimeRange | undefined;
  readonly nextLossAtMs: number | undefined;
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
  readonly wanted_from: Date | null;
  readonly wanted_to: Date | null;
  readonly next_loss_at: Date | null;
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
   * A failed attempt leaves standing what is lost next. Gives in how long that is, by the database's clock.
   */
  async record(
    transaction: Transaction,
    account: AccountRef,
    dataType: SyncedDataType,
    results: readonly ScopeResult[],
  ): Promise<number | undefined> {
    const byScope = [...new Map(results.map((result) => [result.scope, result])).values()];
    await transaction.query(
      `DELETE FROM ${this.#target}
       WHERE exchange_id = $1 AND account = $2 AND data_type = $3 AND scope <> ALL ($4::text[])`,
      [account.exchange, account.account, dataType, byScope.map(({ scope }) => toColumn('text', scope))],
    );
    const { rows } = await transaction.query<{ lossInMs: number | null }>(
      `INSERT INTO ${this.#target} AS stored (exchange_id, account, data_type, scope,
         last_attempt_at, last_complete_at, error_code, wanted_from, wanted_to, next_loss_at)
       SELECT $1, $2, $3, scope, ${notAfterNow('last_attempt_at')}, ${notAfterNow('last_complete_at')}, error_code,
         wanted_from, wanted_to, next_loss_at
       FROM unnest($4::text[], $5::timestamptz[], $6::timestamptz[], $7::text[],
           $8::timestamptz[], $9::timestamptz[], $10::timestamptz[])
         AS read (scope, last_attempt_at, last_complete_at, error_code, wanted_from, wanted_to, next_loss_at)
       ORDER BY scope
       ON CONFLICT (exchange_id, account, data_type, scope) DO UPDATE
       SET last_complete_at = greatest(stored.last_complete_at, excluded.last_complete_at),
         last_attempt_at = greatest(stored.last_attempt_at, excluded.last_attempt_at),
         error_code = CASE WHEN stored.last_attempt_at > excluded.last_attempt_at
           THEN stored.error_code ELSE excluded.error_code END,
         wanted_from = coalesce(excluded.wanted_from, stored.wanted_from),
         wanted_to = coalesce(excluded.wanted_to, stored.wanted_to),
         next_loss_at = CASE WHEN excluded.error_code IS NULL
           THEN excluded.next_loss_at ELSE coalesce(excluded.next_loss_at, stored.next_loss_at) END
       RETURNING ${lossInMs()} AS "lossInMs"`,
      [
        account.exchange,
        account.account,
        dataType,
        byScope.map(({ scope }) => toColumn('text', scope)),
        byScope.map(({ attemptedAtMs }) => toTimestamp(attemptedAtMs)),
        byScope.map(({ completeAtMs }) => toColumn('timestamptz', completeAtMs)),
        byScope.map(({ error }) => error?.code ?? null),
        byScope.map(({ wanted }) => (wanted === undefined ? null : boundedTimestamp(wanted.fromMs))),
        byScope.map(({ wanted }) => (wanted === undefined ? null : boundedTimestamp(wanted.toMs))),
        byScope.map(({ nextLossAtMs }) => toColumn('timestamptz', nextLossAtMs)),
      ],
    );
    const losses = rows.flatMap(({ lossInMs }) => lossInMs ?? []);
    return losses.length === 0 ? undefined : Math.min(...losses);
  }

  /** In how long the first of what is not read yet is lost, by the database's clock; undefined: nothing is. */
  async lossInMs(
    queryable: Queryable,
    { exchange, account }: AccountRef,
    dataType: SyncedDataType,
  ): Promise<number | undefined> {
    const { rows } = await queryable.query<{ lossInMs: number | null }>(
      `SELECT min(${lossInMs()}) AS "lossInMs" FROM ${this.#target}
       WHERE (exchange_id, account, data_type) = ($1, $2, $3)`,
      [exchange, account, dataType],
    );
    return rows[0]?.lossInMs ?? undefined;
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
      wanted:
        row.wanted_from === null || row.wanted_to === null
          ? undefined
          : { fromMs: row.wanted_from.getTime(), toMs: row.wanted_to.getTime() },
      nextLossAtMs: row.next_loss_at?.getTime(),
    }));
  }
}

/** Until a person does something about it, asking more often saves nothing. */
const REFUSED: readonly ErrorCode[] = ['PERMISSION_DENIED', 'AUTHENTICATION_FAILED', 'ACCOUNT_SUSPENDED'];

function lossInMs(): string {
  const refused = REFUSED.map((code) => `'${code}'`).join(', ');
  return `CASE WHEN error_code IN (${refused}) THEN NULL ELSE ${millisecondsUntil('next_loss_at')} END`;
}

/** NULL stays NULL, which least() would pass over. */
function notAfterNow(time: string): string {
  return `CASE WHEN ${time} > now() THEN now() ELSE ${time} END`;
}
