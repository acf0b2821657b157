import type { AccountRef } from '../domain/account.js';
import type { HistoryDataType, SyncedDataType } from '../domain/data-type.js';
import type { SyncOutcome, SyncReport } from '../domain/report.js';
import type { DataTypeStatus, ScopeStatus } from '../domain/synchronizer-status.js';
import type { Queryable, Transaction } from './database.js';
import { qualifiedName } from './identifier.js';
import { millisecondsUntil } from './milliseconds-until.js';
import type { RepositoryOptions } from './mirror-repository.js';
import { errorText } from './sync-history-repository.js';
import { toColumn } from './table.js';

export interface DueTime extends AccountRef {
  readonly dataType: SyncedDataType;
  /** From now, by the database's clock; negative where it has passed. */
  readonly dueInMs: number;
}

export interface ScheduledInterval extends AccountRef {
  readonly dataType: SyncedDataType;
  readonly intervalMs: number;
}

interface StatusRow extends AccountRef {
  readonly dataType: SyncedDataType;
  readonly status: SyncOutcome | null;
  readonly running: boolean;
  readonly lastSync: Date | null;
  readonly lastSuccess: Date | null;
  readonly nextSync: Date | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly scopes: readonly ScopeStatus[];
}

/** ISO 8601 with milliseconds, as JavaScript writes it, inside of JSON that the server builds. */
function isoText(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** `sync_status`: how each data type of each account stands. */
export class SyncStatusRepository {
  readonly #target: string;
  readonly #scopes: string;
  readonly #leases: string;

  constructor({ schema }: RepositoryOptions) {
    this.#target = qualifiedName(schema, 'sync_status');
    this.#leases = qualifiedName(schema, 'sync_leases');
    this.#scopes = qualifiedName(schema, 'sync_scopes');
  }

  /**
   * Writes how a sync ended. It is due again in `dueInMs`, by the database's clock; undefined leaves the due
   * time alone. A skipped sync changes nothing else: how things stand is for the one that ran to say.
   */
  async record(transaction: Transaction, report: SyncReport, dueInMs: number | undefined): Promise<void> {
    const skipped = report.status === 'skipped';
    await transaction.query(
      `INSERT INTO ${this.#target} AS stored (exchange_id, account, data_type, next_sync,
         status, last_sync, last_success, error_code, error_message)
       VALUES ($1, $2, $3, clock_timestamp() + $4::float8 * INTERVAL '1 millisecond', $5, $6::timestamptz, $7::timestamptz, $8, $9)
       ON CONFLICT (exchange_id, account, data_type) DO UPDATE
       SET next_sync = coalesce(excluded.next_sync, stored.next_sync)${
         skipped
           ? ''
           : `,
         status = excluded.status,
         last_sync = excluded.last_sync,
         last_success = coalesce(excluded.last_success, stored.last_success),
         error_code = excluded.error_code,
         error_message = excluded.error_message`
       }`,
      [
        report.exchange,
        report.account,
        report.dataType,
        dueInMs ?? null,
        report.status,
        skipped ? null : report.finishedAt,
        report.status === 'ok' ? report.finishedAt : null,
        report.errors[0]?.code ?? null,
        errorText(report.errors),
      ],
    );
  }

  /** Writes the intervals by which staleness is judged; everything else stays. */
  async schedule(transaction: Transaction, intervals: readonly ScheduledInterval[]): Promise<void> {
    await transaction.query(
      `INSERT INTO ${this.#target} AS stored (exchange_id, account, data_type, sync_interval)
       SELECT exchange_id, account, data_type, make_interval(secs => milliseconds / 1000.0)
       FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[])
         AS s (exchange_id, account, data_type, milliseconds)
       ORDER BY exchange_id, account, data_type
       ON CONFLICT (exchange_id, account, data_type) DO UPDATE
       SET sync_interval = excluded.sync_interval
       WHERE stored.sync_interval IS DISTINCT FROM excluded.sync_interval`,
      [
        intervals.map(({ exchange }) => exchange),
        intervals.map(({ account }) => account),
        intervals.map(({ dataType }) => dataType),
        intervals.map(({ intervalMs }) => intervalMs),
      ],
    );
  }

  /** From when on a history is asked for; undefined: nobody said so. */
  async historyFrom(
    queryable: Queryable,
    { exchange, account }: AccountRef,
    dataType: HistoryDataType,
  ): Promise<number | undefined> {
    const { rows } = await queryable.query<{ history_from: Date | null }>(
      `SELECT history_from FROM ${this.#target} WHERE (exchange_id, account, data_type) = ($1, $2, $3)`,
      [exchange, account, dataType],
    );
    return rows[0]?.history_from?.getTime();
  }

  /** Undefined: as far back as it is served. */
  async askHistoryFrom(
    transaction: Transaction,
    { exchange, account }: AccountRef,
    dataType: HistoryDataType,
    fromMs: number | undefined,
  ): Promise<void> {
    await transaction.query(
      `INSERT INTO ${this.#target} (exchange_id, account, data_type, history_from)
       VALUES ($1, $2, $3, $4::timestamptz)
       ON CONFLICT (exchange_id, account, data_type) DO UPDATE SET history_from = excluded.history_from`,
      [exchange, account, dataType, toColumn('timestamptz', fromMs)],
    );
  }

  async list(queryable: Queryable): Promise<readonly DataTypeStatus[]> {
    const { rows } = await queryable.query<StatusRow>(
      `SELECT t.exchange_id AS exchange, t.account, t.data_type AS "dataType", t.status,
         EXISTS (
           SELECT FROM ${this.#leases} l
           WHERE (l.exchange_id, l.account, l.data_type) = (t.exchange_id, t.account, t.data_type)
             AND l.expires_at > now()
         ) AS running,
         t.last_sync AS "lastSync", t.last_success AS "lastSuccess", t.next_sync AS "nextSync",
         t.error_code AS "errorCode", t.error_message AS "errorMessage",
         coalesce((
           SELECT json_agg(json_build_object(
             'scope', s.scope,
             'lastCompleteAt', ${isoText('s.last_complete_at')},
             'lastAttemptAt', ${isoText('s.last_attempt_at')},
             'errorCode', s.error_code,
             'nextLossAt', ${isoText('s.next_loss_at')}) ORDER BY s.scope)
           FROM ${this.#scopes} s
           WHERE (s.exchange_id, s.account, s.data_type) = (t.exchange_id, t.account, t.data_type)
         ), '[]') AS scopes
       FROM ${this.#target} t
       ORDER BY t.exchange_id, t.account, t.data_type`,
    );
    return rows.map((row) => ({
      ...row,
      lastSync: row.lastSync?.toISOString() ?? null,
      lastSuccess: row.lastSuccess?.toISOString() ?? null,
      nextSync: row.nextSync?.toISOString() ?? null,
    }));
  }

  /** When each scheduled data type is due, for a restart to resume by. */
  async dueTimes(queryable: Queryable): Promise<readonly DueTime[]> {
    const { rows } = await queryable.query<DueTime>(
      `SELECT exchange_id AS exchange, account, data_type AS "dataType",
         ${millisecondsUntil('next_sync')} AS "dueInMs"
       FROM ${this.#target} WHERE next_sync IS NOT NULL
       ORDER BY next_sync, exchange_id, account, data_type`,
    );
    return rows;
  }
}
