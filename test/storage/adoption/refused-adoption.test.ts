import { expect } from 'chai';
import { migrate } from '#src/storage/migrate.js';
import { expectError } from '../../support/expect-error.js';
import { silentLogger } from '../../support/silent-logger.js';
import { PORTFOLIO_ROWS, PORTFOLIO_SERVICE } from './legacy-database.js';
import { LegacySchema, ZONE } from './legacy-schema.js';

describe('adoption that is only planned, or refused', () => {
  const { test, make, adopt, everything } = new LegacySchema();
  beforeEach(() => make(PORTFOLIO_SERVICE + PORTFOLIO_ROWS));

  it('says on a dry run what would become of each row, and does nothing', async () => {
    const before = await everything();
    const planned = await adopt({ dryRun: true, legacyTimezone: ZONE });
    expect(await everything()).to.deep.equal(before);
    const done = await adopt({ legacyTimezone: ZONE });
    expect(planned.adoption).to.deep.equal(done.adoption);
    const unsaid = await adopt({ dryRun: true }).then(({ adoption }) => adoption);
    expect(unsaid).to.equal(null);
  });

  it('says on a dry run that the time zone is missing', async () => {
    const { adoption } = await adopt({ dryRun: true });
    expect(adoption).to.include({ timezone: null, timezoneMissing: true });
    expect(adoption?.tables[0]).to.include({ rows: 9, copied: 3 });
  });

  for (const [legacyTimezone, said] of [
    [undefined, /portfolio_items and sync_history.*--legacy-timezone/],
    ['Europe/Berlinn', /"Europe\/Berlinn" is no time zone.*Europe\/Berlin/],
    ['UTC+2', /no time zone/],
    ["UTC'; DROP TABLE portfolio_items; --", /no time zone/],
    ['', /no time zone/],
  ] as const) {
    it(`changes nothing without a time zone that exists: ${legacyTimezone}`, async () => {
      const before = await everything();
      const error = await expectError(adopt({ legacyTimezone }), 'CONFIG_INVALID');
      expect(error.message).to.match(said);
      expect(await everything()).to.deep.equal(before);
    });
  }

  for (const [kind, statement] of [
    ['writes', `INSERT INTO :sync_history SELECT 99, 'x', 'y', 0, 0, true, now(), now(), NULL, now()`],
    ['reads', 'SELECT count(*) FROM :portfolio_items'],
    ['has locked', 'LOCK TABLE :portfolio_items IN SHARE MODE'],
  ] as const) {
    it(`changes nothing while somebody ${kind}, and names them`, async () => {
      const other = test.connect({ applicationName: 'psql' });
      const before = await everything();
      await other
        .transaction(async (transaction) => {
          await transaction.query(statement.replace(/:(\w+)/g, `"${test.schema}".$1`));
          const error = await expectError(
            adopt({ legacyTimezone: ZONE, lockTimeoutMs: 50 }),
            'LEGACY_TABLES_IN_USE',
          );
          expect(error.message)
            .to.match(/Process \d+ \(user postgres, application "psql", .*idle in transaction/)
            .and.to.match(/holds (portfolio_items|sync_history)\./);
          if (kind !== 'has locked') throw new Error('take it back');
        })
        .catch((error: Error) => expect(error.message).to.equal('take it back'));
      expect(await everything()).to.deep.equal(before);
      await adopt({ legacyTimezone: ZONE });
    });
  }

  it('changes nothing while the older program is connected, although it does nothing just now', async () => {
    const older = test.connect({ applicationName: 'AlphaPulse' });
    await older.query('SELECT 1');
    const before = await everything();
    const error = await expectError(adopt({ legacyTimezone: ZONE }), 'LEGACY_TABLES_IN_USE');
    expect(error.message).to.match(/still connected\. Process \d+ \(user postgres, application "AlphaPulse"/);
    expect(await everything()).to.deep.equal(before);
    await older.close();
    await adopt({ legacyTimezone: ZONE });
  });

  it('is not done by the way: whoever only wants the schema up to date is told', async () => {
    const before = await everything();
    const error = await expectError(migrate(test.database, test.schema, silentLogger), 'ADOPTION_NEEDED');
    expect(error.message).to.match(/portfolio_items, sync_history.*migrate --dry-run/);
    expect(await everything()).to.deep.equal(before);
  });

  it('changes nothing where a legacy table is in the way already', async () => {
    await make('CREATE TABLE legacy_sync_history ()');
    const before = await everything();
    const error = await expectError(adopt({ legacyTimezone: ZONE }), 'MIGRATION_FAILED');
    expect(error.message).to.contain('legacy_sync_history');
    expect(await everything()).to.deep.equal(before);
  });

  it('changes nothing where a column is missing or of another kind', async () => {
    await make('ALTER TABLE sync_history DROP COLUMN success, ALTER items_synced TYPE TEXT');
    const error = await expectError(adopt({ legacyTimezone: ZONE }), 'MIGRATION_FAILED');
    expect(error.message).to.contain('items_synced is of type text').and.contain('no column success');
  });
});
