import type { Readable, Writable } from 'node:stream';
import { Client } from 'pg';
import copyStreams from 'pg-copy-streams';
import type { ServerDatabaseSettings } from '../../config/settings.js';
import { connectionConfig } from '../connection-config.js';
import type { QueryResult, Transaction } from '../database.js';
import { translatePostgresError } from '../postgres-errors.js';
import { isFileError } from './backup-errors.js';

export interface CopySessionOptions {
  readonly settings: ServerDatabaseSettings;
  readonly applicationName: string;
  /** What follows BEGIN. */
  readonly mode: 'ISOLATION LEVEL REPEATABLE READ, READ ONLY' | 'READ WRITE';
}

/** So that every value is written, read and compared the same way, whatever server, role or database say. */
const SETTINGS = {
  statement_timeout: '0',
  search_path: 'pg_catalog, pg_temp',
  client_encoding: `'UTF8'`,
  '"DateStyle"': `'ISO'`,
  '"IntervalStyle"': `'postgres'`,
  '"TimeZone"': `'UTC'`,
  extra_float_digits: '1',
  bytea_output: `'hex'`,
} as const;

/** One transaction on a connection of its own, in and out of which whole tables stream. */
export class CopySession implements Transaction {
  readonly inTransaction = true;
  readonly #client: Client;
  readonly #settings: ServerDatabaseSettings;

  private constructor(client: Client, settings: ServerDatabaseSettings) {
    this.#client = client;
    this.#settings = settings;
  }

  /** Commits when `work` resolves to something that `keep` is true of; else takes everything back. */
  static async run<T>(
    { settings, applicationName, mode }: CopySessionOptions,
    work: (session: CopySession) => Promise<T>,
    keep: (result: T) => boolean = () => true,
  ): Promise<T> {
    const client = new Client(connectionConfig({ settings, applicationName }));
    // What breaks between two statements is noticed by the next one; unheard, it would end the process.
    client.on('error', () => undefined);
    const session = new CopySession(client, settings);
    try {
      await client.connect();
      const local = Object.entries(SETTINGS).map(([name, value]) => `SET LOCAL ${name} = ${value}`);
      await session.query([`BEGIN TRANSACTION ${mode}`, ...local].join(';'));
      const result = await work(session);
      await session.query(keep(result) ? 'COMMIT' : 'ROLLBACK');
      return result;
    } catch (error: unknown) {
      throw isFileError(error) ? error : translatePostgresError(error, settings);
    } finally {
      // The server takes back what was not committed.
      await client.end().catch(() => undefined);
    }
  }

  async query<Row = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
  ): Promise<QueryResult<Row>> {
    try {
      const { rows, rowCount } = await this.#client.query(text, values && [...values]);
      return { rows, rowCount: rowCount ?? 0 };
    } catch (error: unknown) {
      throw translatePostgresError(error, this.#settings);
    }
  }

  /** The rows in COPY's text format. To be read to its end before the next statement. */
  copyOut(sql: string): Readable {
    return this.#client.query(copyStreams.to(sql));
  }

  copyIn(sql: string): Writable {
    return this.#client.query(copyStreams.from(sql));
  }
}
