import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { Client } from 'pg';
import type { BackupReport, RestoreReport } from '#src/domain/backup-report.js';
import type { DatabaseConnection } from '#src/domain/database-connection.js';
import { useSandbox } from './support/sandbox.js';

describe('exchange-sync db', function () {
  this.timeout(120_000);
  const sandbox = useSandbox();
  /** Without a database of one's own. */
  let embedded: Readonly<Record<string, string | undefined>>;

  before('sync once, and have a place for an embedded database', async () => {
    // For root's server runs as an unprivileged user, who has to get in.
    await chmod(sandbox.home, 0o755);
    embedded = {
      DATABASE_URL: undefined,
      DB_SCHEMA: undefined,
      EXCHANGE_SYNC_DATA_DIR: join(sandbox.home, 'books'),
    };
    const { code, stderr } = await sandbox.run(['run', '--one-time']);
    expect(code, stderr).to.equal(3);
  });

  it('moves everything from a server into an embedded database, and back', async () => {
    const backup = await sandbox.run(['db', 'backup', 'books.gz', '--check', '--json']);
    expect(backup.code, backup.stderr).to.equal(0);
    const written = JSON.parse(backup.stdout) as BackupReport;
    expect(written).to.include({ file: join(sandbox.home, 'books.gz'), checked: true });
    expect(written.tables.find(({ table }) => table === 'exchange_balances')?.rows).to.be.greaterThan(10);

    const restored = await sandbox.run(['db', 'restore', 'books.gz', '--json'], { env: embedded });
    expect(restored.code, restored.stderr).to.equal(0);
    expect((JSON.parse(restored.stdout) as RestoreReport).tables).to.deep.equal(written.tables);
    const [there, here] = await Promise.all([
      sandbox.run(['portfolio', '--json'], { env: embedded }),
      sandbox.run(['portfolio', '--json']),
    ]);
    expect(there.code, there.stderr).to.equal(0);
    expect(JSON.parse(there.stdout)).to.deep.equal(JSON.parse(here.stdout));

    const again = await sandbox.run(['db', 'backup', 'again.gz', '--check'], { env: embedded });
    expect(again.code, again.stderr).to.equal(0);
    expect(again.stdout).to.contain('every table is the same');
    const refused = await sandbox.run(['db', 'restore', 'again.gz']);
    expect(refused.code).to.equal(1);
    expect(refused.stderr).to.match(/^RESTORE_REFUSED: .*--force/);
    const forced = await sandbox.run(['db', 'restore', 'again.gz', '--force']);
    expect(forced.code, forced.stderr).to.equal(0);
    const after = await sandbox.run(['portfolio', '--json']);
    expect(JSON.parse(after.stdout)).to.deep.equal(JSON.parse(here.stdout));
  });

  it('says how to reach the database, and the password only when asked', async () => {
    const url = await sandbox.run(['db', 'url']);
    expect(url.code, url.stderr).to.equal(0);
    expect(url.stdout).to.match(/^postgresql:\/\/\w+@127\.0\.0\.1:\d+\/postgres\?sslmode=disable\n$/);
    expect(url.stderr).to.contain('--with-password');
    const exports = await sandbox.run(['db', 'shell-env']);
    expect(exports.stdout).to.match(/^export PGHOST='127\.0\.0\.1'\nexport PGPORT='\d+'\n/);
    expect(exports.stdout).to.not.contain('PGPASSWORD');
  });

  it('gives a shell what it takes to reach the embedded database while it runs', async () => {
    const service = sandbox.start(['run', '--interval', '1000'], { env: embedded });
    await service.printed(/Sync (finished|is partial)/, 60_000);
    const { stdout, stderr } = await sandbox.run(['db', 'url', '--with-password'], { env: embedded });
    expect(stderr).to.contain('keep it out of logs').and.contain('while a service or host uses it');
    const client = new Client(stdout.trim().replace('?sslmode=disable', ''));
    await client.connect();
    const { rows } = await client.query('SELECT current_database() AS name');
    await client.end();
    expect(rows).to.deep.equal([{ name: 'exchange_sync' }]);

    const asked = await sandbox.run(['db', 'url', '--json', '--with-password'], { env: embedded });
    const connection = JSON.parse(asked.stdout) as DatabaseConnection;
    expect(connection).to.include({ embedded: true, user: 'postgres' });
    expect(stdout).to.contain(encodeURIComponent(connection.password));
    service.kill('SIGTERM');
    expect((await service.ended).code).to.equal(143);
  });
});
