import { expect } from 'chai';
import { findDifferences } from '#src/cli/demo/differences.js';
import type { MigrationReport } from '#src/domain/migration-report.js';
import type { SyncReport } from '#src/domain/report.js';
import {
  makeLegacyDatabase,
  PORTFOLIO_ROWS,
  PORTFOLIO_SERVICE,
  SYNC_MODULE_FLOAT,
  SYNC_MODULE_ROWS,
} from '../storage/adoption/legacy-database.js';
import { useSandbox } from './support/sandbox.js';

describe('an older database, taken over by the program', function () {
  this.timeout(60_000);
  const sandbox = useSandbox();
  const ask = (sql: string) => sandbox.stored.query(sql);

  before('make the older database', async () => {
    const query = async <Row>(text: string) => ({
      rows: (await sandbox.stored.query(text)) as Row[],
      rowCount: 0,
    });
    await makeLegacyDatabase(
      { query },
      sandbox.stored.schema,
      PORTFOLIO_SERVICE + PORTFOLIO_ROWS + SYNC_MODULE_FLOAT + SYNC_MODULE_ROWS,
    );
  });

  it('is left alone by a sync, which says what to do', async () => {
    const { code, stdout, stderr } = await sandbox.run(['run', '--one-time']);
    expect(code).to.equal(1);
    expect(stdout + stderr)
      .to.contain('ADOPTION_NEEDED')
      .and.contain('exchange-sync migrate --dry-run');
  });

  it('is refused without its time zone, as bad usage', async () => {
    const { code, stderr } = await sandbox.run(['migrate']);
    expect(code).to.equal(2);
    expect(stderr).to.match(/^CONFIG_INVALID: .*--legacy-timezone ZONE/);
  });

  it('is described before, taken over, and mirrors the exchanges after a sync', async () => {
    const planned = await sandbox.run(['migrate', '--dry-run', '--legacy-timezone', 'Europe/Berlin']);
    expect(planned.code, planned.stderr).to.equal(0);
    expect(planned.stdout)
      .to.match(/portfolio_items +9 +3 +2 +4 +legacy_portfolio_items/)
      .and.contain('sync_history: 1 row: items_processed is negative')
      .and.contain('Nothing was changed.');

    const done = await sandbox.run(['migrate', '--json', '--legacy-timezone', 'Europe/Berlin']);
    expect(done.code, done.stderr).to.equal(0);
    const { adoption } = JSON.parse(done.stdout) as MigrationReport;
    const sum = (count: 'rows' | 'copied' | 'merged' | 'setAside') =>
      adoption?.tables.reduce((total, table) => total + table[count], 0);
    expect([sum('rows'), sum('copied'), sum('merged'), sum('setAside')]).to.deep.equal([34, 16, 4, 14]);

    const old = await sandbox.run(['portfolio']);
    expect(old.stdout).to.contain('bybit/main').and.match(/stale/i);

    const synced = await sandbox.run(['run', '--one-time', '--json']);
    // One of the accounts has a key that may not read its funding wallet.
    expect(synced.code, synced.stderr).to.equal(3);
    const reports = JSON.parse(synced.stdout) as SyncReport[];
    expect(reports.filter(({ account, status }) => account !== 'sub1' && status !== 'ok')).to.deep.equal([]);
    const { simulator, stored } = sandbox;
    expect(findDifferences(await stored.mirror(), simulator.truth())).to.deep.equal([]);
    expect(
      await ask(`SELECT quantity::text FROM :portfolio_items WHERE exchange_id = 'bybit' AND asset = 'LUNA'`),
    ).to.deep.equal([]);
    // Rows older than 90 days are pruned by every sync; where they came from nothing is.
    const kept = await ask('SELECT count(*)::int AS rows FROM :legacy_sync_history');
    expect(kept).to.deep.equal([{ rows: 6 }]);
  });
});
