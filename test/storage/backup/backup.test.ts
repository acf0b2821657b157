import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { backupContent } from '#src/storage/backup/backup-content.js';
import { BACKUP_FORMAT, BACKUP_VERSION } from '#src/storage/backup/backup-format.js';
import { checkBackup } from '#src/storage/backup/check-backup.js';
import { CopySession } from '#src/storage/backup/copy-session.js';
import { restoreBackup } from '#src/storage/backup/restore-backup.js';
import { objectsOf } from '#src/storage/backup/schema-objects.js';
import { tablesToBackUp } from '#src/storage/backup/tables-to-back-up.js';
import { migrate } from '#src/storage/migrate.js';
import { readMigrations } from '#src/storage/migration-files.js';
import { createRepositories } from '#src/storage/repositories.js';
import { expectError } from '../../support/expect-error.js';
import { silentLogger } from '../../support/silent-logger.js';
import { makeLegacyDatabase, PORTFOLIO_ROWS, PORTFOLIO_SERVICE } from '../adoption/legacy-database.js';
import { ledgerRow } from '../records.js';
import { AWKWARD, describeBackups, type Places, PRICES } from './backup-harness.js';

describeBackups('backup', (backups) => {
  const { test, write, select, contents } = backups;
  let directory: string;
  let file: string;
  let other: Places['other'];

  beforeEach(() => {
    ({ directory, file, other } = backups.places);
  });

  it('is restored into an empty schema to the last digit, and goes on from there', async () => {
    const report = await write({ check: true });
    const migrations = await readMigrations();
    expect(report).to.include({
      file,
      schema: test.schema,
      schemaVersion: migrations.length,
      checked: true,
    });
    expect(report.tables).to.deep.include({ table: 'exchange_prices', rows: PRICES });
    expect(report.tables.map(({ table }) => table)).to.have.members(objectsOf(migrations, 'TABLE'));
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
    expect(report.bytes).to.equal((await stat(file)).size);
    const checks = await select(`SELECT FROM pg_namespace WHERE nspname LIKE 'exchange_sync_check%'`);
    expect(checks).to.deep.equal([]);
    expect(await readdir(directory)).to.deep.equal(['books.backup.gz']);

    const restored = await restoreBackup({ settings: other, file });
    expect(restored).to.include({ schema: other.schema, toVersion: migrations.length });
    expect(await contents(other.schema)).to.deep.equal(await contents(test.schema));
    const [fresh] = await select(
      `INSERT INTO :sync_history (exchange_id, account, sync_type, run_id, status, items_processed, items_synced, success, start_time, end_time)
       VALUES ('bybit', 'main', 'portfolio', 'r', 'ok', 0, 0, true, now(), now()) RETURNING id`,
      other.schema,
    );
    expect(fresh).to.deep.equal({ id: AWKWARD.length + 2 });
    expect(await select('SELECT count(*)::int AS rows FROM :portfolio_value', other.schema)).to.deep.equal([
      { rows: 0 },
    ]);
    expect((await migrate(test.database, other.schema, silentLogger)).applied).to.deep.equal([]);
  });

  it('is of one moment, whatever is written meanwhile', async () => {
    const migrations = await readMigrations();
    const { schema } = test;
    const content: Buffer[] = [];
    await CopySession.run(
      {
        settings: test.settings,
        applicationName: 'exchange-sync-test backup',
        mode: 'ISOLATION LEVEL REPEATABLE READ, READ ONLY',
      },
      async (session) => {
        const { tables } = await tablesToBackUp(session, schema, migrations);
        const header = { format: BACKUP_FORMAT, version: BACKUP_VERSION, schema, migrations } as const;
        const options = { session, tables, onTable: () => undefined };
        for await (const chunk of backupContent({ ...options, header: { ...header, createdAt: '' } })) {
          if (content.length === 1) await test.database.query(`DELETE FROM "${schema}".sync_history`);
          content.push(chunk);
        }
      },
    );
    expect(await select('SELECT FROM :sync_history')).to.deep.equal([]);
    await writeFile(file, gzipSync(Buffer.concat(content)));
    const { tables } = await checkBackup(test.settings, file);
    expect(tables).to.deep.include({ table: 'sync_history', rows: AWKWARD.length + 1 });
  });

  it('takes along what an adoption left, and nothing that is not ours', async () => {
    const legacy = { ...test.settings, schema: other.schema };
    await makeLegacyDatabase(test.database, legacy.schema, PORTFOLIO_SERVICE + PORTFOLIO_ROWS);
    await migrate(test.database, legacy.schema, silentLogger, { adopt: true, legacyTimezone: 'UTC' });
    await test.database.query(`CREATE TABLE "${legacy.schema}".users (name TEXT)`);
    const report = await write({ settings: legacy, check: true });
    expect(report.leftOut).to.deep.equal(['users']);
    expect(report.tables).to.deep.include({ table: 'legacy_portfolio_items', rows: 9 });
    const before = await contents(legacy.schema);
    await restoreBackup({ settings: legacy, file, force: true });
    expect(await contents(legacy.schema)).to.deep.equal(before);
  });

  it('replaces what is there only by force, and then all of it', async () => {
    await write();
    const before = await contents(test.schema);
    await test.database.query(`DELETE FROM "${test.schema}".exchange_prices`);
    await test.database.query(`INSERT INTO "${test.schema}".sync_accounts VALUES ('okx', 'main', now())`);
    const error = await expectError(restoreBackup({ settings: test.settings, file }), 'RESTORE_REFUSED');
    expect(error.message).to.contain('sync_history').and.contain('--force').and.contain('DB_SCHEMA');
    expect(await select('SELECT exchange_id FROM :sync_accounts')).to.deep.equal([{ exchange_id: 'okx' }]);
    await restoreBackup({ settings: test.settings, file, force: true });
    expect(await contents(test.schema)).to.deep.equal(before);
  });

  it('gives back what a row would change that is written beside it', async () => {
    const { histories, openings } = createRepositories(test);
    const account = { exchange: 'bybit', account: 'main' };
    await test.database.transaction(async (transaction) => {
      await histories.ledger.add(transaction, account, 'UNIFIED', [ledgerRow()]);
      await openings.put(transaction, account, [
        {
          ...{ asset: 'USDT', horizonMs: 0, quantity: '0', source: 'account-opened' },
          ...{ anchoredAtMs: undefined, anchorQuantity: undefined },
          ...{ summedToMs: Date.UTC(2026, 1, 1), summedAtMs: 1, fills: '0', fees: '0', transfers: '0' },
          ledger: '-0.25',
        },
      ]);
    });
    await write({ check: true });
    await restoreBackup({ settings: other, file });
    expect(await contents(other.schema)).to.deep.equal(await contents(test.schema));
    // What is written from now on does so again.
    const restored = createRepositories(other).histories.ledger;
    await test.database.transaction((transaction) =>
      restored.add(transaction, account, 'UNIFIED', [ledgerRow({ id: '2' })]),
    );
    expect(await select('SELECT summed_to FROM :balance_openings', other.schema)).to.deep.equal([
      { summed_to: null },
    ]);
  });

  it('goes into a schema that has only been migrated, without force', async () => {
    await write();
    await migrate(test.database, other.schema, silentLogger);
    await restoreBackup({ settings: other, file });
    expect(await contents(other.schema)).to.deep.equal(await contents(test.schema));
  });

  it('is not restored under a service that writes', async () => {
    await write();
    const service = test.connect({ applicationName: 'exchange-sync' });
    await service.query('SELECT 1');
    const error = await expectError(
      restoreBackup({ settings: test.settings, file, force: true }),
      'RESTORE_REFUSED',
    );
    expect(error.message).to.match(/server processes? \d+/);
    await service.close();
  });

  it('drops nothing that others have built on what is to be replaced', async () => {
    await write();
    await test.database.query(
      `CREATE VIEW "${test.schema}".mine AS SELECT price FROM "${test.schema}".exchange_prices`,
    );
    const error = await expectError(
      restoreBackup({ settings: test.settings, file, force: true }),
      'DATABASE_ERROR',
    );
    expect(error.message).to.contain('depend');
    expect(await select('SELECT count(*)::int AS rows FROM :mine')).to.deep.equal([{ rows: PRICES }]);
  });

  it('does not replace a file, unless forced', async () => {
    await writeFile(file, 'precious');
    const error = await expectError(write(), 'BACKUP_FAILED');
    expect(error.message).to.contain(file).and.contain('--force');
    expect(await readFile(file, 'utf8')).to.equal('precious');
    await write({ force: true });
    await checkBackup(test.settings, file);
  });

  it('leaves no half file, and says what is wrong', async () => {
    const nowhere = join(directory, 'none', 'books.gz');
    expect((await expectError(write({ file: nowhere }), 'BACKUP_FAILED')).message).to.contain('ENOENT');
    const role = `role_${test.schema}`;
    await test.database.query(
      `CREATE ROLE "${role}" LOGIN PASSWORD 'limited'; GRANT USAGE ON SCHEMA "${test.schema}" TO "${role}";
       GRANT SELECT ON ALL TABLES IN SCHEMA "${test.schema}" TO "${role}";
       REVOKE SELECT ON "${test.schema}".sync_history FROM "${role}"`,
    );
    const limited = { ...test.settings, user: role, password: 'limited' };
    await expectError(write({ settings: limited }), 'DATABASE_PERMISSION');
    await test.database.query(`DROP OWNED BY "${role}"; DROP ROLE "${role}"`);
    const absent = { ...test.settings, schema: 'no_such_schema' };
    await expectError(write({ settings: absent }), 'SCHEMA_OUTDATED');
    expect(await readdir(directory)).to.deep.equal([]);
  });

  it('knows everything that the migrations make', async () => {
    const migrations = await readMigrations();
    const relations = await select(
      `SELECT c.relname AS name, c.relkind AS kind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = '${test.schema}' AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relname <> 'exchange_sync_migrations'`,
    );
    const named = (kinds: string) =>
      relations.filter(({ kind }) => kinds.includes(String(kind))).map(({ name }) => name);
    expect(objectsOf(migrations, 'TABLE')).to.have.members(named('rp'));
    expect(objectsOf(migrations, 'VIEW')).to.have.members(named('vmf'));
    const types = await select(
      `SELECT typname AS name FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
       WHERE n.nspname = '${test.schema}' AND typtype IN ('d', 'e')`,
    );
    expect(objectsOf(migrations, 'DOMAIN')).to.have.members(types.map(({ name }) => name));
    const functions = await select(
      `SELECT proname AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = '${test.schema}'`,
    );
    expect(objectsOf(migrations, 'FUNCTION')).to.have.members(functions.map(({ name }) => name));
  });
});
