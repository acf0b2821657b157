import { expect } from 'chai';
import type { SyncReport } from '#src/domain/report.js';
import type { SynchronizerStatus } from '#src/domain/synchronizer-status.js';
import { useSandbox } from './support/sandbox.js';
import { TcpGate } from './support/tcp-gate.js';

describe('a database', function () {
  this.timeout(60_000);
  const sandbox = useSandbox({ exchanges: ['bybit'] });

  function codesOf(stdout: string): readonly (string | undefined)[] {
    const reports = JSON.parse(stdout) as SyncReport[];
    return [...new Set(reports.map(({ errors }) => errors[0]?.code))];
  }

  const url = (change: (url: URL) => void) => {
    const changed = new URL(sandbox.env.DATABASE_URL ?? '');
    change(changed);
    return { DATABASE_URL: changed.href };
  };

  describe('that cannot be reached', () => {
    let gate: TcpGate;

    before(async () => {
      const { hostname, port } = new URL(sandbox.env.DATABASE_URL ?? '');
      gate = await TcpGate.make({ host: hostname, port: Number(port) });
    });
    after(() => gate.shut());

    const behindTheGate = () =>
      url((changed) => {
        changed.port = String(gate.port);
      });

    it('fails a single run without a request to an exchange, and every command that reads', async () => {
      sandbox.simulator.requests.reset();
      const env = behindTheGate();
      const { code, stdout } = await sandbox.run(['run', '--one-time', '--json'], { env });
      expect(code).to.equal(1);
      expect(codesOf(stdout)).to.deep.equal(['DATABASE_UNAVAILABLE']);
      expect(sandbox.simulator.requests.counts()).to.deep.equal([]);
      for (const command of ['status', 'portfolio', 'history', 'migrate']) {
        const ended = await sandbox.run([command, '--json'], { env });
        expect(ended.code, command).to.equal(1);
        expect(ended.stdout, command).to.equal('');
        expect(ended.stderr, command).to.match(/DATABASE_UNAVAILABLE: .*127\.0\.0\.1/);
      }
    });

    it('is tried again by the service, which syncs once it comes up, and again when it was away', async () => {
      const service = sandbox.start(['run', '--interval', '0.02'], { env: behindTheGate() });
      await service.printed(/DATABASE_UNAVAILABLE/);
      expect(await sandbox.stored.tables()).to.deep.equal([]);
      await gate.open();
      await service.printed(/Sync finished .*dataType=orders/);
      await gate.shut();
      await service.printed(/Nothing of the sync could be written|Sync failed/);
      await gate.open();
      const before = await sandbox.stored.query('SELECT max(id) AS id FROM :sync_history');
      // Only now: a sync that was in its last moments when the gate was shut may finish after that.
      const seen = service.stderr.length;
      await service.printed(new RegExp(`^[^]{${seen}}[^]*Sync finished .*dataType=orders`));
      expect(await sandbox.stored.query('SELECT max(id) AS id FROM :sync_history')).to.not.deep.equal(before);
      service.kill('SIGTERM');
      expect((await service.ended).code).to.equal(143);
    });
  });

  describe('that accepts no writes', () => {
    const role = () => `reader_${sandbox.stored.schema}`;

    before('make a role that may read only', async () => {
      await sandbox.stored.query(`CREATE ROLE ${role()} LOGIN SUPERUSER PASSWORD 'readonly-canary-81'`);
      await sandbox.stored.query(`ALTER ROLE ${role()} SET default_transaction_read_only = on`);
    });
    after(async () => {
      await sandbox.stored.query(`DROP ROLE ${role()}`);
    });

    it('keeps what it has, says so, and can still be looked at', async () => {
      const stored = await sandbox.stored.everything();
      expect(stored.exchange_balances).to.have.length.greaterThan(20);
      const env = url((changed) => {
        changed.username = role();
        changed.password = 'readonly-canary-81';
      });
      const { code, stdout, stderr } = await sandbox.run(['run', '--one-time', '--json'], { env });
      expect(code).to.equal(1);
      expect(codesOf(stdout)).to.deep.equal(['DATABASE_READ_ONLY']);
      expect(stdout + stderr).to.not.contain('readonly-canary-81');
      expect(await sandbox.stored.everything()).to.deep.equal(stored);
      const looked = await sandbox.run(['status', '--json'], { env });
      expect(looked.code, looked.stderr).to.equal(0);
      expect((JSON.parse(looked.stdout) as SynchronizerStatus).dataTypes).to.have.length.greaterThan(5);
    });
  });

  describe('whose schema is newer than the program', () => {
    before(async () => {
      await sandbox.stored.query(
        `INSERT INTO :exchange_sync_migrations (version, file, checksum) VALUES (9999, '9999-later.sql', 'x')`,
      );
    });

    it('is left alone by every command, with what to do', async () => {
      const stored = await sandbox.stored.everything();
      sandbox.simulator.requests.reset();
      const { code, stdout } = await sandbox.run(['run', '--one-time', '--json']);
      expect(code).to.equal(1);
      expect(codesOf(stdout)).to.deep.equal(['SCHEMA_TOO_NEW']);
      for (const command of ['status', 'portfolio', 'history', 'migrate']) {
        const ended = await sandbox.run([command]);
        expect(ended.code, command).to.equal(1);
        expect(ended.stderr, command).to.match(/SCHEMA_TOO_NEW: .*Upgrade exchange-sync/);
      }
      expect(await sandbox.stored.everything()).to.deep.equal(stored);
      expect(sandbox.simulator.requests.counts()).to.deep.equal([]);
    });
  });
});
