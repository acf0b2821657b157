import type { AdoptedTable, MigrationReport } from '#src/domain/migration-report.js';
import { type MigrateOptions, migrate } from '#src/storage/migrate.js';
import { type TestDatabase, useTestDatabase } from '../../support/postgres.js';
import { silentLogger } from '../../support/silent-logger.js';
import { makeLegacyDatabase } from './legacy-database.js';

/** Of the machine that wrote the older database. */
export const ZONE = 'Europe/Berlin';

/** A schema of the older program's, and what becomes of it. */
export class LegacySchema {
  readonly test: TestDatabase = useTestDatabase({ migrated: false });

  readonly make = (sql: string): Promise<void> =>
    makeLegacyDatabase(this.test.database, this.test.schema, sql);

  readonly adopt = (options: MigrateOptions = {}): Promise<MigrationReport> =>
    migrate(this.test.database, this.test.schema, silentLogger, { adopt: true, ...options });

  /** `:` before a table's name stands for the schema. */
  readonly select = async (sql: string) =>
    (await this.test.database.query(sql.replace(/(?<![:\d]):([a-z]\w+)/g, `"${this.test.schema}".$1`))).rows;

  /** Every relation of the schema, and every row of its tables; `::text` shows the last digit. */
  readonly everything = async () => {
    const tables = await this.select(
      `SELECT c.oid::regclass::text AS name, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = '${this.test.schema}' ORDER BY 1`,
    );
    const contents = [];
    for (const { name, relkind } of tables) {
      if (relkind === 'r')
        contents.push(await this.select(`SELECT t::text FROM ${String(name)} t ORDER BY 1`));
    }
    return { tables, contents };
  };
}

/** Table, rows, copied, merged, set aside. */
export function counts(tables: readonly AdoptedTable[] | undefined) {
  return tables?.map(({ table, rows, copied, merged, setAside }) => [table, rows, copied, merged, setAside]);
}
