import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerDatabaseSettings } from '#src/config/settings.js';
import type { BackupReport } from '#src/domain/backup-report.js';
import { type WriteBackupOptions, writeBackup } from '#src/storage/backup/write-backup.js';
import { migrate } from '#src/storage/migrate.js';
import { type TestDatabase, useTestDatabase } from '../../support/postgres.js';
import { silentLogger } from '../../support/silent-logger.js';

/** What COPY's text format must carry: each of these could end a line, a field or the table. */
export const AWKWARD = ['\\.', 'a\tb', 'a\nb', 'a\r\nb', 'a\\nb', '\\N', '', '\u{1F680}', '{"table":1}'];
/** More than one piece of the file. */
export const PRICES = 3_000;

export interface Places {
  /** Empty. */
  readonly directory: string;
  /** In it. */
  readonly file: string;
  /** A schema that does not exist. */
  readonly other: ServerDatabaseSettings;
}

/** A migrated schema with awkward rows, and where its backup goes. */
export class Backups {
  readonly test: TestDatabase;
  #places: Places | undefined;

  constructor(test: TestDatabase) {
    this.test = test;
  }

  get places(): Places {
    if (!this.#places) throw new Error('there are places only while a test runs');
    return this.#places;
  }

  readonly write = (options: Partial<WriteBackupOptions> = {}): Promise<BackupReport> =>
    writeBackup({ settings: this.test.settings, file: this.places.file, ...options });

  /** `:` before a table's name stands for the schema. */
  readonly select = async (sql: string, schema = this.test.schema) =>
    (await this.test.database.query(sql.replace(/(?<![:\d]):([a-z]\w+)/g, `"${schema}".$1`))).rows;

  /** Every row of every table; when the migrations ran is no part of it. */
  readonly contents = async (schema: string) => {
    const tables = await this.select(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = '${schema}'
       AND tablename <> 'exchange_sync_migrations' ORDER BY 1`,
    );
    const found: Record<string, unknown> = {};
    for (const { name } of tables) {
      const rows = await this.select(`SELECT t::text FROM :${String(name)} t ORDER BY 1`, schema);
      found[String(name)] = rows.map(({ t }) => t);
    }
    return found;
  };

  async make(): Promise<void> {
    const { settings, schema, database } = this.test;
    const directory = await mkdtemp(join(tmpdir(), 'exchange-sync-backup-'));
    const other = { ...settings, schema: `${schema}_other` };
    this.#places = { directory, file: join(directory, 'books.backup.gz'), other };
    await migrate(database, schema, silentLogger);
    await database.query(
      `INSERT INTO "${schema}".sync_history
         (exchange_id, account, sync_type, run_id, status, items_processed, items_synced, success,
          start_time, end_time, error_message)
       SELECT 'bybit', 'main', 'portfolio', 'run' || n, 'ok', 1, 1, true,
         '2026-01-01Z'::timestamptz + n * interval '1.000001 s', '2027-01-01Z', texts.text
       FROM unnest($1::text[]) WITH ORDINALITY AS texts (text, n)`,
      [[...AWKWARD, null]],
    );
    await database.query(
      `INSERT INTO "${schema}".exchange_prices (exchange_id, base, quote, scope, price, source)
       SELECT 'bybit', 'COIN' || n, 'USDT', 'spot', n / 3.0 * 10 ^ (n % 40 - 20), 'last'
       FROM generate_series(1, ${PRICES}) AS n`,
    );
  }

  async remove(): Promise<void> {
    const { other, directory } = this.places;
    await this.test.database.query(`DROP SCHEMA IF EXISTS "${other.schema}" CASCADE`);
    await rm(directory, { recursive: true });
    this.#places = undefined;
  }
}

/** The inner suite's hooks run while the outer one's database is there. */
export function describeBackups(title: string, define: (backups: Backups) => void): void {
  describe(title, () => {
    const backups = new Backups(useTestDatabase({ migrated: false }));
    describe('of a schema', () => {
      beforeEach('fill the schema', () => backups.make());
      afterEach('remove what was written', () => backups.remove());
      define(backups);
    });
  });
}
