import { Pool, type PoolClient, type PoolConfig, type QueryConfig } from 'pg';
import type { ServerDatabaseSettings } from '../config/settings.js';
import { ExchangeSyncError } from '../domain/errors.js';
import type { Logger } from '../logging/logger.js';
import { connectionConfig } from './connection-config.js';
import type { Queryable, QueryResult, Transaction } from './database.js';
import { databaseTarget, isServerError, translatePostgresError } from './postgres-errors.js';

const SECOND_MS = 1000;

export interface PostgresDatabaseOptions {
  readonly settings: ServerDatabaseSettings;
  readonly logger: Logger;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** 5 by default. */
  readonly maxConnections?: number;
  /** For a connection to be made or to become free; 10 s by default. */
  readonly connectTimeoutMs?: number;
  /** For one statement; 30 s by default. */
  readonly statementTimeoutMs?: number;
  /** The server, which knows why, speaks first: it is called silent this long after that; 5 s by default. */
  readonly silenceMarginMs?: number;
}

export interface TransactionOptions {
  /** For each of its statements, instead of the database's. */
  readonly statementTimeoutMs?: number;
}

/**
 * One PostgreSQL database behind one bounded pool. Every statement runs inside a transaction that brings
 * its own settings along, and no statement is prepared by name: nothing is left in a session, so that a
 * transaction-pooling PgBouncer may stand between. Rejects with ExchangeSyncErrors only; whether trying
 * again can help is their `details.retryable`.
 */
export class PostgresDatabase implements Queryable {
  readonly settings: ServerDatabaseSettings;
  readonly #logger: Logger;
  readonly #pool: Pool;
  readonly #statementTimeoutMs: number;
  readonly #silenceMarginMs: number;
  #closing: Promise<void> | undefined;

  constructor(options: PostgresDatabaseOptions) {
    this.settings = options.settings;
    this.#logger = options.logger;
    this.#statementTimeoutMs = options.statementTimeoutMs ?? 30 * SECOND_MS;
    this.#silenceMarginMs = options.silenceMarginMs ?? 5 * SECOND_MS;
    this.#pool = new Pool(poolConfig(options));
    // Without a listener, a server that restarts while connections are idle would end the process.
    this.#pool.on('error', (error) => {
      this.#logger.warning('An idle database connection was lost', {
        error: translatePostgresError(error, this.settings),
      });
    });
  }

  /** Runs one statement in a transaction of its own. */
  query<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<QueryResult<Row>> {
    return this.transaction((transaction) => transaction.query<Row>(text, values));
  }

  /** Commits when `work` resolves and rolls back when it rejects; its rejection is passed on. */
  async transaction<T>(
    work: (transaction: Transaction) => Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    const statementTimeoutMs = options.statementTimeoutMs ?? this.#statementTimeoutMs;
    const client = await this.#connect();
    // pg emits 'error' on a client whose connection breaks between two statements; unheard, it ends the process.
    let lost: Error | undefined;
    const onError = (error: Error) => {
      lost = error;
    };
    client.on('error', onError);
    const transaction = new OpenTransaction(client, this.settings, {
      statementTimeoutMs,
      answerTimeoutMs: statementTimeoutMs + this.#silenceMarginMs,
    });
    try {
      return await transaction.run(work);
    } finally {
      client.off('error', onError);
      client.release(lost ?? transaction.connectionLost);
    }
  }

  /** Several reads of one moment; writes are refused. */
  snapshot<T>(read: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.transaction(async (transaction) => {
      await transaction.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
      return await read(transaction);
    });
  }

  /** Resolves when every connection is closed; transactions under way are awaited. */
  close(): Promise<void> {
    this.#closing ??= this.#pool.end();
    return this.#closing;
  }

  async #connect(): Promise<PoolClient> {
    if (this.#closing) throw new ExchangeSyncError('STOPPED', 'The database was closed.');
    try {
      return await this.#pool.connect();
    } catch (error: unknown) {
      throw translatePostgresError(error, this.settings);
    }
  }
}

interface Timeouts {
  /** The server's. */
  readonly statementTimeoutMs: number;
  /** Ours, for when the server says nothing at all. */
  readonly answerTimeoutMs: number;
}

class OpenTransaction {
  /** True when the connection must not be used again. */
  connectionLost = false;
  readonly #client: PoolClient;
  readonly #settings: ServerDatabaseSettings;
  readonly #timeouts: Timeouts;
  #open = false;

  constructor(client: PoolClient, settings: ServerDatabaseSettings, timeouts: Timeouts) {
    this.#client = client;
    this.#settings = settings;
    this.#timeouts = timeouts;
  }

  async run<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    try {
      await this.#send(beginStatements(this.#timeouts));
      this.#open = true;
      const result = await work({
        inTransaction: true,
        query: <Row>(text: string, values?: readonly unknown[]) => this.#query<Row>(text, values),
      });
      this.#open = false;
      await this.#commit();
      return result;
    } catch (error: unknown) {
      this.#open = false;
      if (!this.connectionLost) await this.#rollback();
      throw error;
    }
  }

  #query<Row>(text: string, values: readonly unknown[] | undefined): Promise<QueryResult<Row>> {
    if (!this.#open) {
      return Promise.reject(
        new ExchangeSyncError('INTERNAL', 'A statement was sent after its transaction had ended.'),
      );
    }
    return this.#send(text, values);
  }

  async #commit(): Promise<void> {
    const { command } = await this.#send('COMMIT');
    // The server answers ROLLBACK to the COMMIT of a transaction in which a statement had failed.
    if (command !== 'COMMIT') {
      throw new ExchangeSyncError(
        'DATABASE_ERROR',
        `PostgreSQL ${databaseTarget(this.#settings)}: a statement of the transaction had failed, so nothing of it was kept.`,
        { details: { retryable: false } },
      );
    }
  }

  async #rollback(): Promise<void> {
    try {
      await this.#send('ROLLBACK');
    } catch {
      // The server rolls back by itself when the connection goes, and the caller is told what came first.
      this.connectionLost = true;
    }
  }

  async #send(text: string, values?: readonly unknown[]) {
    try {
      const config: QueryConfig & { readonly query_timeout: number } = {
        text,
        ...(values && { values: [...values] }),
        query_timeout: this.#timeouts.answerTimeoutMs,
      };
      const { rows, rowCount, command } = await this.#client.query(config);
      return { rows, rowCount: rowCount ?? 0, command };
    } catch (error: unknown) {
      if (!isServerError(error) || isFatal(error)) this.connectionLost = true;
      throw translatePostgresError(error, this.#settings);
    }
  }
}

function isFatal(error: unknown): boolean {
  const { severity } = error as { severity?: unknown };
  return severity === 'FATAL' || severity === 'PANIC';
}

/** One round trip. The fixed search_path keeps objects of other people's making out of our statements. */
function beginStatements({ statementTimeoutMs }: Timeouts): string {
  return `BEGIN;
    SET LOCAL statement_timeout = ${statementTimeoutMs};
    SET LOCAL idle_in_transaction_session_timeout = ${2 * statementTimeoutMs};
    SET LOCAL search_path = pg_catalog, pg_temp;
    SET LOCAL "DateStyle" = 'ISO';
    SET LOCAL "TimeZone" = 'UTC'`;
}

function poolConfig(options: PostgresDatabaseOptions): PoolConfig {
  return {
    ...connectionConfig(options),
    max: options.maxConnections ?? 5,
    idleTimeoutMillis: 30 * SECOND_MS,
  };
}
