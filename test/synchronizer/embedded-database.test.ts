import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ExchangeDataSynchronizer } from '#src/synchronizer.js';

interface Line {
  readonly message: string;
  readonly fields: Record<string, unknown>;
}

describe('ExchangeDataSynchronizer with its embedded database', () => {
  let dataDir: string;
  const synchronizer = new ExchangeDataSynchronizer();

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'exchange-sync-embedded-'));
    // For root's server runs as an unprivileged user, who has to get in.
    await chmod(dataDir, 0o755);
  });

  afterEach(async () => {
    await synchronizer.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  /** Options whose log can be waited on. */
  function logged() {
    const lines: Line[] = [];
    let check: () => void = () => undefined;
    const log = (_level: string, message: string, fields: Record<string, unknown>) => {
      lines.push({ message, fields });
      check();
    };
    const seen = (message: string, times: number) =>
      new Promise<Line>((resolve) => {
        check = () => {
          const found = lines.filter((line) => line.message === message)[times - 1];
          if (found) resolve(found);
        };
        check();
      });
    const env = { EXCHANGE_SYNC_DATA_DIR: dataDir, EXCHANGE_SYNC_ENABLED: 'false' };
    return { lines, seen, options: { env, logger: { log } } };
  }

  it('migrates, reads, survives the end of the server, and leaves nothing running', async () => {
    const { lines, seen, options } = logged();
    await synchronizer.start(options);
    const { toVersion } = await synchronizer.migrate();
    expect(toVersion).to.be.greaterThan(0);

    const { fields } = await seen('Started the embedded PostgreSQL', 1);
    process.kill(Number(fields.pid), 'SIGKILL');
    const second = await seen('Started the embedded PostgreSQL', 2);
    expect(second.fields.pid).to.not.equal(fields.pid);
    expect(await synchronizer.history()).to.deep.equal([]);

    await synchronizer.stop();
    expect(() => process.kill(Number(second.fields.pid), 0)).to.throw(/ESRCH/);
    const password = await readFile(join(String(second.fields.dataDir), 'cluster', 'password'), 'utf8');
    expect(password.trim()).to.not.equal('');
    expect(JSON.stringify(lines)).to.not.contain(password.trim());
  });

  it('keeps what was stored from one call without a start to the next', async () => {
    const { options } = logged();
    expect((await synchronizer.migrate(options)).applied).to.not.deep.equal([]);
    expect((await synchronizer.migrate(options)).applied).to.deep.equal([]);
  });
});
