import type { AccountRef } from '../domain/account.js';
import type { SyncedDataType } from '../domain/data-type.js';
import type { Queryable, Transaction } from './database.js';
import { qualifiedName } from './identifier.js';
import { millisecondsUntil } from './milliseconds-until.js';
import type { RepositoryOptions } from './mirror-repository.js';

export interface LeaseRequest extends AccountRef {
  readonly dataType: SyncedDataType;
  /** Names the process; two that have the same name share their leases. */
  readonly owner: string;
  readonly durationMs: number;
  /** Absent: also when it is not due. */
  readonly onlyIfDue?: DueRule;
  /** An owner that is known to be no more: its lease is as good as run out. */
  readonly goneOwner?: string;
}

/**
 * What is stored as due later than the tolerance allows, and no later than an interval, is not due: another
 * process has just synced it. What is stored as due even later was stored by a longer interval than this one.
 */
export interface DueRule {
  readonly intervalMs: number;
  readonly toleranceMs: number;
}

/** The right to sync one account and to write what was read; the token tells this lease from later ones. */
export interface Lease extends AccountRef {
  readonly owner: string;
  readonly token: string;
}

export type LeaseAnswer =
  | { readonly kind: 'acquired'; readonly lease: Lease }
  | { readonly kind: 'not-due'; readonly dueInMs: number }
  /** `owner` undefined: it is changing hands at this moment. */
  | { readonly kind: 'held'; readonly owner: string | undefined; readonly freeInMs: number };

interface AnswerRow {
  readonly token: string | null;
  readonly notDue: boolean;
  readonly dueInMs: number | null;
  readonly owner: string | null;
  readonly freeInMs: number | null;
}

/** `sync_leases`: one process at a time per account. All times are the database's. */
export class LeaseRepository {
  readonly #target: string;
  readonly #status: string;

  constructor({ schema }: RepositoryOptions) {
    this.#target = qualifiedName(schema, 'sync_leases');
    this.#status = qualifiedName(schema, 'sync_status');
  }

  /**
   * Takes the lease where it is free, has run out, or is the owner's or a dead owner's: then the older lease is
   * lost.
   * Waits for nobody: who writes at this moment, or was stopped while it wrote, has the row locked.
   */
  async acquire(transaction: Transaction, request: LeaseRequest): Promise<LeaseAnswer> {
    const { exchange, account, dataType, owner, durationMs, onlyIfDue, goneOwner } = request;
    const { rows } = await transaction.query<AnswerRow>(
      `WITH due AS (
         SELECT coalesce("dueInMs" > $6::float8 AND "dueInMs" <= $7::float8, false) AS "notDue", "dueInMs"
         FROM (SELECT 1) AS always
         LEFT JOIN LATERAL (
           SELECT ${millisecondsUntil('next_sync')} AS "dueInMs" FROM ${this.#status}
           WHERE (exchange_id, account, data_type) = ($1, $2, $4)
         ) AS stored ON true
       ), free AS (
         SELECT exchange_id, account FROM ${this.#target}
         WHERE (exchange_id, account) = ($1, $2) AND NOT (SELECT "notDue" FROM due)
           AND (owner IS NULL OR owner IN ($3, $8) OR expires_at <= clock_timestamp())
         FOR UPDATE SKIP LOCKED
       ), taken AS (
         UPDATE ${this.#target} AS lease
         SET owner = $3, data_type = $4, token = lease.token + 1, expires_at = ${expiry('$5')}
         FROM free WHERE (lease.exchange_id, lease.account) = (free.exchange_id, free.account)
         RETURNING lease.token
       ), made AS (
         INSERT INTO ${this.#target} (exchange_id, account, owner, data_type, token, expires_at)
         SELECT $1, $2, $3, $4, 1, ${expiry('$5')} FROM due
         WHERE NOT "notDue"
           AND NOT EXISTS (SELECT FROM ${this.#target} WHERE (exchange_id, account) = ($1, $2))
         ON CONFLICT DO NOTHING
         RETURNING token
       )
       SELECT (SELECT token FROM taken UNION ALL SELECT token FROM made) AS token, due.*,
         held.owner, ${millisecondsUntil('held.expires_at')} AS "freeInMs"
       FROM due LEFT JOIN ${this.#target} AS held ON (held.exchange_id, held.account) = ($1, $2)`,
      [
        exchange,
        account,
        owner,
        dataType,
        durationMs,
        onlyIfDue === undefined ? null : onlyIfDue.toleranceMs,
        onlyIfDue === undefined ? null : onlyIfDue.intervalMs + onlyIfDue.toleranceMs,
        goneOwner ?? null,
      ],
    );
    return answerOf(rows[0], { exchange, account, owner });
  }

  /** False: the lease is lost. */
  async renew(
    queryable: Queryable,
    { exchange, account, owner, token }: Lease,
    durationMs: number,
  ): Promise<boolean> {
    const { rowCount } = await queryable.query(
      `UPDATE ${this.#target} SET expires_at = ${expiry('$5')}
       WHERE (exchange_id, account, owner, token) = ($1, $2, $3, $4::bigint)`,
      [exchange, account, owner, token, durationMs],
    );
    return rowCount > 0;
  }

  /**
   * Gives the lease back; false: it was lost. As the first statement of a transaction it fences what follows:
   * nobody else gets the lease before the commit.
   */
  async release(queryable: Queryable, { exchange, account, owner, token }: Lease): Promise<boolean> {
    const { rowCount } = await queryable.query(
      `UPDATE ${this.#target} SET owner = NULL, data_type = NULL, expires_at = NULL
       WHERE (exchange_id, account, owner, token) = ($1, $2, $3, $4::bigint)`,
      [exchange, account, owner, token],
    );
    return rowCount > 0;
  }

  /** Counts a sync whose writes were refused because its lease was lost. */
  async countRefused(queryable: Queryable, { exchange, account }: AccountRef): Promise<void> {
    await queryable.query(
      `UPDATE ${this.#target} SET refused_writes = refused_writes + 1
       WHERE (exchange_id, account) = ($1, $2)`,
      [exchange, account],
    );
  }

  /** How often that has happened, over all accounts and since ever. */
  async refusedWrites(queryable: Queryable): Promise<number> {
    const { rows } = await queryable.query<{ count: number }>(
      `SELECT coalesce(sum(refused_writes), 0)::float8 AS count FROM ${this.#target}`,
    );
    return rows[0]?.count ?? 0;
  }
}

function expiry(durationMs: string): string {
  return `clock_timestamp() + ${durationMs}::float8 * INTERVAL '1 millisecond'`;
}

function answerOf(row: AnswerRow | undefined, lease: Omit<Lease, 'token'>): LeaseAnswer {
  if (typeof row?.token === 'string') return { kind: 'acquired', lease: { ...lease, token: row.token } };
  if (row?.notDue === true) return { kind: 'not-due', dueInMs: row.dueInMs ?? 0 };
  return { kind: 'held', owner: row?.owner ?? undefined, freeInMs: Math.max(0, row?.freeInMs ?? 0) };
}
