import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { isEmbeddedPostgresReady, startEmbeddedPostgres } from '#src/storage/embedded/embedded-postgres.js';
import { waitUntilGone } from '#src/storage/embedded/postmaster.js';
import { HostProcess } from './host-process.js';
import { query, rejection, serverPid } from './running-server.js';
import { silentLogger } from './silent-logger.js';
import { removeDirectory, temporaryDirectory } from './temporary-directory.js';

const GONE_DEADLINE_MS = 10_000;

describe('life of an embedded PostgreSQL', () => {
  let dataDir: string;
  const start = () => startEmbeddedPostgres({ dataDir, database: 'alphapulse', logger: silentLogger });

  before(async () => {
    dataDir = join(await temporaryDirectory(), 'data');
  });

  after(() => removeDirectory(join(dataDir, '..')));

  it('starts, serves, keeps its data and its port over a restart, and is gone after stop', async () => {
    const first = await start();
    expect(first.adopted).to.equal(false);
    expect(await isEmbeddedPostgresReady(first.dataDir)).to.equal(true);
    await query(first.connection, 'CREATE TABLE kept (n numeric)');
    await query(first.connection, "INSERT INTO kept VALUES ('0.100000000000000000')");
    await first.stop();
    await first.stop();
    expect(await first.exited).to.include({ expected: true });
    expect(await isEmbeddedPostgresReady(first.dataDir)).to.equal(false);

    const second = await start();
    const rows = await query(second.connection, 'SELECT n FROM kept');
    await second.stop();
    expect(rows).to.deep.equal([{ n: '0.100000000000000000' }]);
    expect(second.connection.port).to.equal(first.connection.port);
  });

  it('is safe: checksums, fsync, a locale of its own, loopback only, a password that is asked for', async () => {
    const server = await start();
    try {
      const settings = await query(
        server.connection,
        `SELECT current_setting('data_checksums') AS checksums, current_setting('fsync') AS fsync,
                current_setting('listen_addresses') AS listen, current_setting('unix_socket_directories') AS sockets,
                (SELECT datlocprovider::text || ':' || datlocale FROM pg_database WHERE datname = current_database()) AS locale,
                pg_encoding_to_char(encoding) AS encoding FROM pg_database WHERE datname = current_database()`,
      );
      expect(settings).to.deep.equal([
        {
          checksums: 'on',
          fsync: 'on',
          listen: '127.0.0.1',
          sockets: '',
          locale: 'b:C.UTF-8',
          encoding: 'UTF8',
        },
      ]);
      const file = await stat(join(server.dataDir, 'cluster', 'password'));
      expect(file.mode & 0o777).to.equal(0o600);
      expect(await readFile(join(server.dataDir, 'cluster', '.gitignore'), 'utf8')).to.equal('*\n');
      const intruder = query({ ...server.connection, password: 'postgres' }, 'SELECT 1');
      expect(await rejection(intruder)).to.include({ code: '28P01' });
    } finally {
      await server.stop();
    }
  });

  it('is gone when its host is killed, and the next start has what was committed', async () => {
    const host = new HostProcess(dataDir);
    const { connection, dataDir: place } = await host.started();
    await query(connection, 'CREATE TABLE survived AS SELECT 1 AS one');
    const pid = await serverPid(place);
    await host.kill('SIGKILL');
    expect(await waitUntilGone(pid, GONE_DEADLINE_MS)).to.equal(true);

    const next = await start();
    const rows = await query(next.connection, 'SELECT one FROM survived');
    await next.stop();
    expect(rows).to.deep.equal([{ one: 1 }]);
  });

  it('is adopted by a second process and stays up for it after the first stopped or was killed', async () => {
    const first = new HostProcess(dataDir);
    await first.started();
    const second = new HostProcess(dataDir);
    const { adopted, connection } = await second.started();
    const third = await start();
    expect([adopted, third.adopted]).to.deep.equal([true, true]);

    await first.stop();
    await second.kill('SIGKILL');
    expect(await query(connection, 'SELECT 1 AS one')).to.deep.equal([{ one: 1 }]);
    const pid = await serverPid(third.dataDir);
    await third.stop();
    expect(await waitUntilGone(pid, 0)).to.equal(true);
  });
});
