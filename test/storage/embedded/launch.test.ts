import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { adopt } from '#src/storage/embedded/adopt.js';
import { type Cluster, provideCluster } from '#src/storage/embedded/cluster.js';
import { type DataLocation, locateData } from '#src/storage/embedded/data-location.js';
import { launch, lifelineIn } from '#src/storage/embedded/launch.js';
import { Lifeline } from '#src/storage/embedded/lifeline.js';
import { type NativeBinaries, provideNativeBinaries } from '#src/storage/embedded/native-binaries.js';
import { ServerLog } from '#src/storage/embedded/server-log.js';
import { choosePort } from '#src/storage/embedded/server-port.js';
import { rejection } from './running-server.js';
import { silentLogger } from './silent-logger.js';
import { removeDirectory, temporaryDirectory } from './temporary-directory.js';

describe('launching and adopting a server', () => {
  let root: string;
  let location: DataLocation;
  let native: NativeBinaries;
  let cluster: Cluster;
  let log: ServerLog;
  const tryToAdopt = () =>
    adopt({ directory: location.directory, pgData: cluster.pgData, patienceMs: 1_000, logger: silentLogger });

  before(async () => {
    root = await temporaryDirectory();
    location = await locateData(join(root, 'data'), silentLogger);
    native = await provideNativeBinaries(location.user, silentLogger);
    cluster = await provideCluster(location, native);
    log = new ServerLog(join(root, 'postgres.log'));
  });

  after(() => removeDirectory(root));

  it('asks to be tried again when its port was taken after it was chosen', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const { port } = squatter.address() as AddressInfo;
    try {
      expect(await launch({ location, native, cluster, log, port })).to.equal(undefined);
    } finally {
      squatter.close();
    }
  });

  it('asks to be tried again when another starter was faster, and that server is adopted then', async () => {
    const faster = await launch({ location, native, cluster, log, port: await choosePort(root) });
    const slower = await launch({ location, native, cluster, log, port: await choosePort(root) });
    expect(slower).to.equal(undefined);
    const adopted = await tryToAdopt();
    expect(adopted?.pid).to.equal(faster?.pid);
    const exited = once(faster!.watchdog, 'exit');
    await Promise.all([faster?.lifeline.release(), adopted?.lifeline.release()]);
    await exited;
  });

  it('shows the last words of a server that does not start', async () => {
    const broken = { ...cluster, pgData: join(root, 'nowhere') };
    const error = await rejection(
      launch({ location, native, cluster: broken, log, port: await choosePort(root) }),
    );
    expect(error).to.include({ code: 'EMBEDDED_DATABASE_FAILED' });
    expect((error as Error).message).to.match(/postgres failed .*nowhere.*DATABASE_URL/);
  });

  it('starts no second server where a watchdog lives whose server cannot be reached', async () => {
    const { lifeline, readEnd } = await Lifeline.create(lifelineIn(root), location.owner);
    await lifeline.publish(lifelineIn(location.directory));
    expect((await rejection(tryToAdopt())) as Error)
      .to.have.property('message')
      .that.matches(/another container/);
    await readEnd.close();
    await lifeline.release();
    expect(await tryToAdopt()).to.equal(undefined);
  });
});
