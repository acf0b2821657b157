import { expect } from 'chai';
import { migrate } from '#src/storage/migrate.js';
import { type Migration, readMigrations } from '#src/storage/migration-files.js';
import type { PostgresDatabase } from '#src/storage/postgres-database.js';
import { expectError } from '../support/expect-error.js';
import { useTestDatabase } from '../support/postgres.js';
import { silentLogger } from '../support/silent-logger.js';

function migration(version: number, sql: string): Migration {
  return { version, file: `000${version}-test.sql`, sql, checksum: `checksum of ${sql}` };
}

const FIRST = migration(1, 'CREATE TABLE first (id INTEGER)');
const SECOND = migration(2, 'CREATE TABLE second (id INTEGER)');

describe('migrate', () => {
  const test = useTestDatabase({ migrated: false });
  const run = (
    migrations?: readonly Migration[],
    dryRun = false,
    database: PostgresDatabase = test.database,
  ) => migrate(database, test.schema, silentLogger, { dryRun, ...(migrations && { migrations }) });
  const relations = async () => {
    const { rows } = await test.database.query<{ name: string }>(
      `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = $1 AND c.relkind IN ('r', 'v') ORDER BY c.relname`,
      [test.schema],
    );
    return rows.map(({ name }) => name);
  };

  it('makes the schema, its tables and its views, and does nothing the second time', async () => {
    const files = (await readMigrations()).map(({ file }) => file);
    expect(await run()).to.deep.equal({
      ...{ schema: test.schema, fromVersion: 0, toVersion: files.length, applied: files },
      ...{ dryRun: false, adoption: null },
    });
    expect(await relations()).to.include.members([
      ...['exchange_balances', 'exchange_orders', 'exchange_positions', 'exchange_prices'],
      ...['portfolio_items', 'sync_history', 'sync_scopes', 'sync_status', 'sync_accounts'],
      ...['portfolio_value', 'sync_freshness'],
    ]);
    expect(await run()).to.deep.equal({
      ...{ schema: test.schema, fromVersion: files.length, toVersion: files.length, applied: [] },
      ...{ dryRun: false, adoption: null },
    });
  });

  it('documents every table and view, and what NULL means in every column that may have it', async () => {
    await run();
    const { rows } = await test.database.query(
      `SELECT c.relname AS relation, a.attname AS column
       FROM pg_class c
       JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN pg_attribute a
         ON a.attrelid = c.oid AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attnotnull
       WHERE n.nspname = $1 AND c.relkind IN ('r', 'v') AND c.relname <> 'exchange_sync_migrations'
         AND (obj_description(c.oid, 'pg_class') IS NULL
           OR a.attnum IS NOT NULL AND col_description(c.oid, a.attnum) IS NULL)
       ORDER BY 1, 2`,
      [test.schema],
    );
    expect(rows).to.deep.equal([]);
  });

  it('applies only what is missing', async () => {
    await run([FIRST]);
    expect(await run([FIRST, SECOND])).to.include({ fromVersion: 1, toVersion: 2 });
    expect(await relations()).to.deep.equal(['exchange_sync_migrations', 'first', 'second']);
  });

  it('happens once when several start at once', async () => {
    const processes = Array.from({ length: 5 }, () => test.connect());
    const reports = await Promise.all(processes.map((database) => run([FIRST, SECOND], false, database)));
    expect(reports.map(({ applied }) => applied.length).sort()).to.deep.equal([0, 0, 0, 0, 2]);
  });

  it('says on a dry run what it would do, and does nothing', async () => {
    expect(await run([FIRST, SECOND], true)).to.deep.equal({
      ...{ schema: test.schema, fromVersion: 0, toVersion: 2, applied: [FIRST.file, SECOND.file] },
      ...{ dryRun: true, adoption: null },
    });
    const { rowCount } = await test.database.query('SELECT FROM pg_namespace WHERE nspname = $1', [
      test.schema,
    ]);
    expect(rowCount).to.equal(0);
  });

  it('keeps nothing when a migration fails, and names the file and line', async () => {
    const rockets = '\u{1F680}'.repeat(20);
    const broken = migration(2, `CREATE TABLE second (id INTEGER);\n-- ${rockets}\nSELECT nonsense;\n`);
    const error = await expectError(run([FIRST, broken]), 'MIGRATION_FAILED');
    expect(error.message).to.contain('0002-test.sql, line 3').and.to.contain('nonsense');
    expect(error.details).to.include({ file: '0002-test.sql', line: 3, sqlState: '42703' });
    expect(await relations()).to.deep.equal([]);
    expect(await run([FIRST, SECOND])).to.include({ fromVersion: 0 });
  });

  it('refuses a schema that a newer program has migrated, and leaves it alone', async () => {
    await run([FIRST, SECOND]);
    for (const dryRun of [false, true]) {
      const error = await expectError(run([FIRST], dryRun), 'SCHEMA_TOO_NEW');
      expect(error.details).to.include({ databaseVersion: 2, programVersion: 1 });
    }
  });

  it('refuses a migration that was changed after it was applied', async () => {
    await run([FIRST]);
    const error = await expectError(run([{ ...FIRST, checksum: 'another' }, SECOND]), 'MIGRATION_FAILED');
    expect(error.message).to.contain(FIRST.file);
    expect(await relations()).to.deep.equal(['exchange_sync_migrations', 'first']);
  });

  it('leaves a table of the same name alone that something else has made', async () => {
    const original = `"${test.schema}".portfolio_items`;
    await test.database.query(`CREATE SCHEMA "${test.schema}"`);
    await test.database.query(`CREATE TABLE ${original} (id SERIAL PRIMARY KEY, asset VARCHAR(50))`);
    await test.database.query(`INSERT INTO ${original} (asset) VALUES ('BTC')`);
    const error = await expectError(run(), 'MIGRATION_FAILED');
    expect(error.message).to.contain('portfolio_items').and.to.contain('DB_SCHEMA');
    expect(await relations()).to.deep.equal(['portfolio_items']);
    expect((await test.database.query(`SELECT * FROM ${original}`)).rows).to.deep.equal([
      { id: 1, asset: 'BTC' },
    ]);
  });

  it('needs no privilege to create a schema that exists', async () => {
    const role = `role_${test.schema}`;
    await test.database.query(`CREATE ROLE "${role}" LOGIN PASSWORD 'limited'`);
    try {
      const limited = test.connect({ settings: { ...test.settings, user: role, password: 'limited' } });
      const error = await expectError(run([FIRST], false, limited), 'DATABASE_PERMISSION');
      expect(error.message).to.contain('DB_SCHEMA');
      await test.database.query(`CREATE SCHEMA "${test.schema}" AUTHORIZATION "${role}"`);
      expect((await run([FIRST], false, limited)).applied).to.deep.equal([FIRST.file]);
      await limited.close();
    } finally {
      await test.database.query(`DROP SCHEMA IF EXISTS "${test.schema}" CASCADE`);
      await test.database.query(`DROP ROLE "${role}"`);
    }
  });

  it('takes any schema name for a name', async () => {
    const schema = `${test.schema} "quoted"; --`;
    try {
      expect((await migrate(test.database, schema, silentLogger)).fromVersion).to.equal(0);
      expect((await migrate(test.database, schema, silentLogger)).applied).to.deep.equal([]);
    } finally {
      await test.database.query(`DROP SCHEMA "${schema.replaceAll('"', '""')}" CASCADE`);
    }
  });

  it('refuses a server that is older than 14', async () => {
    const { transaction } = test.database;
    const old = {
      transaction: (work: Parameters<typeof transaction>[0]) =>
        test.database.transaction((tx) =>
          work({
            inTransaction: true,
            query: async (text, values) =>
              text.includes('server_version_num')
                ? { rows: [{ number: 130_020, version: '13.20' }] as never, rowCount: 1 }
                : tx.query(text, values),
          }),
        ),
    };
    const error = await expectError(
      migrate(old as PostgresDatabase, test.schema, silentLogger),
      'DATABASE_VERSION',
    );
    expect(error.message).to.contain('13.20');
  });
});
