import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { isEmbeddedPostgresReady } from '#src/storage/embedded/embedded-postgres.js';
import { waitUntilGone } from '#src/storage/embedded/postmaster.js';
import { HostProcess } from './host-process.js';
import { serverPid } from './running-server.js';
import { removeDirectory, temporaryDirectory } from './temporary-directory.js';

const STARTERS = 20;
const GONE_DEADLINE_MS = 10_000;
const script = fileURLToPath(new URL('./keeping-host.js', import.meta.url));

describe('an embedded PostgreSQL of many processes', function () {
  this.timeout(180_000);
  let root: string;
  const startAll = (directory: string) =>
    Array.from({ length: STARTERS }, () => new HostProcess(directory, { script }));

  before(async () => {
    root = await temporaryDirectory();
  });

  after(() => removeDirectory(root));

  it('is started by one of 20 and adopted by 19, who all go on when that one is killed', async () => {
    const directory = join(root, 'twenty');
    const hosts = startAll(directory);
    const started = await Promise.all(hosts.map(async (host) => ({ host, ...(await host.started()) })));
    const owners = started.filter(({ adopted }) => !adopted);
    expect(owners).to.have.lengthOf(1);
    expect(new Set(started.map(({ connection }) => JSON.stringify(connection)))).to.have.property('size', 1);
    const pid = await serverPid(directory);
    const before = await Promise.all(hosts.map((host) => host.count()));
    expect(new Set(before.map(({ backend }) => backend))).to.have.property('size', STARTERS);

    await owners[0]?.host.kill('SIGKILL');
    const adopters = hosts.filter((host) => host !== owners[0]?.host);
    const after = await Promise.all(adopters.map((host) => host.count()));
    expect(after).to.deep.equal(before.filter((_, index) => hosts[index] !== owners[0]?.host));
    expect(await serverPid(directory)).to.equal(pid);

    const [last, ...others] = adopters;
    await Promise.all(others.map((host, index) => (index % 2 === 0 ? host.stop() : host.kill('SIGKILL'))));
    expect((await last?.count())?.backend).to.equal(after[0]?.backend);
    await last?.stop();
    expect(await waitUntilGone(pid, 0)).to.equal(true);
    expect(await isEmbeddedPostgresReady(directory)).to.equal(false);
  });

  it('is there for all others when whoever started it is killed at once, and is gone with the last', async () => {
    const directory = join(root, 'killed-at-once');
    const hosts = startAll(directory);
    const started = hosts.map(async (host) => ({ host, ...(await host.started()) }));
    const { host: owner } = await Promise.any(
      started.map(async (each) => {
        const host = await each;
        if (host.adopted) throw new Error('adopted');
        return host;
      }),
    );
    await owner.kill('SIGKILL');
    await Promise.all(started);
    const others = hosts.filter((host) => host !== owner);
    const backends = await Promise.all(others.map((host) => host.count()));
    expect(new Set(backends.map(({ backend }) => backend))).to.have.property('size', STARTERS - 1);
    const pid = await serverPid(directory);
    await Promise.all(others.map((host) => host.kill('SIGKILL')));
    expect(await waitUntilGone(pid, GONE_DEADLINE_MS)).to.equal(true);
  });
});
