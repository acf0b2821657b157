import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, stat, watch, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { commandLineOf } from '#src/files/process-identity.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#src/storage/embedded/embedded-postgres.js';
import { waitUntilGone } from '#src/storage/embedded/postmaster.js';
import type { ServerExit } from '#src/storage/embedded/server-session.js';
import { HostProcess } from './host-process.js';
import { query, rejection, serverPid } from './running-server.js';
import { silentLogger } from './silent-logger.js';
import {
  type FoundProcess,
  processesOf,
  removeDirectory,
  temporaryDirectory,
} from './temporary-directory.js';

const GONE_DEADLINE_MS = 10_000;

describe('an embedded PostgreSQL in trouble', () => {
  let root: string;
  let dataDir: string;
  const start = (onExit?: (exit: ServerExit) => void, directory = dataDir): Promise<EmbeddedPostgres> =>
    startEmbeddedPostgres({
      dataDir: directory,
      database: 'alphapulse',
      logger: silentLogger,
      ...(onExit && { onExit }),
    });

  before(async () => {
    root = await temporaryDirectory();
    dataDir = join(root, 'data');
    await (await start()).stop();
  });

  after(() => removeDirectory(root));

  it('tells its host when it crashed, and starts again at once', async () => {
    const exits: ServerExit[] = [];
    const server = await start((exit) => exits.push(exit));
    process.kill(await serverPid(server.dataDir), 'SIGKILL');
    expect(await server.exited).to.include({ expected: false });
    expect(exits).to.have.lengthOf(1);
    await server.stop();

    const next = await start();
    expect(await query(next.connection, 'SELECT 1 AS one')).to.deep.equal([{ one: 1 }]);
    await next.stop();
  });

  it('waits for the processes of a crashed server to end', async () => {
    const server = await start();
    const pid = await serverPid(server.dataDir);
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
    const straggler = Number.parseInt(children, 10);
    process.kill(straggler, 'SIGSTOP');
    process.kill(pid, 'SIGKILL');
    await server.exited;
    const starting = start();
    for await (const _ of watch(join(server.dataDir, 'postgres.log'))) {
      if ((await readFile(join(server.dataDir, 'postgres.log'), 'utf8')).includes('still in use')) break;
    }
    process.kill(straggler, 'SIGCONT');
    const next = await starting;
    expect(await query(next.connection, 'SELECT 1 AS one')).to.deep.equal([{ one: 1 }]);
    await next.stop();
  });

  it('survives the Ctrl-C that its host gets', async () => {
    const host = new HostProcess(dataDir, { detached: true });
    const { connection, dataDir: place } = await host.started();
    const pid = await serverPid(place);
    const interrupted = host.next();
    process.kill(-(host.process.pid as number), 'SIGINT');
    expect(await interrupted).to.deep.equal({ event: 'interrupted' });
    expect(await query(connection, 'SELECT 1 AS one')).to.deep.equal([{ one: 1 }]);
    await host.stop();
    expect(await waitUntilGone(pid, 0)).to.equal(true);
  });

  it('does not outlive a watchdog that was killed', async () => {
    const server = await start();
    const pid = await serverPid(server.dataDir);
    await killWatchdogs(dataDir);
    expect(await server.exited).to.include({ expected: false });
    expect(await waitUntilGone(pid, GONE_DEADLINE_MS)).to.equal(true);
  });

  it('stops a server that was left behind without host and watchdog before it starts its own', async () => {
    const host = new HostProcess(dataDir);
    const { dataDir: place } = await host.started();
    const orphan = await serverPid(place);
    host.process.kill('SIGSTOP');
    await killWatchdogs(dataDir);
    await host.kill('SIGKILL');
    expect(await commandLineOf(orphan)).to.include(dataDir);

    const server = await start();
    expect(server.adopted).to.equal(false);
    expect(await serverPid(server.dataDir)).to.not.equal(orphan);
    await server.stop();
  });

  it('is not held up by a postmaster.pid whose process id belongs to somebody else now', async () => {
    const { uid, gid } = await stat(join(dataDir, 'cluster'));
    const bystander = spawn('sleep', ['600'], {
      stdio: 'ignore',
      ...(process.getuid?.() === 0 && { uid, gid }),
    });
    await once(bystander, 'spawn');
    try {
      const crashed = new HostProcess(dataDir);
      await crashed.started();
      const path = join(dataDir, 'cluster', 'data', 'postmaster.pid');
      const content = await readFile(path, 'utf8');
      await crashed.stop();
      await writeFile(path, content.replace(/^\d+/, String(bystander.pid)));
      await (await start()).stop();
      expect(bystander.exitCode).to.equal(null);
    } finally {
      await end(bystander);
    }
  });

  it('outlasts the signals that a service manager sends to every process of a service', async () => {
    const server = await start();
    for (const { pid } of await watchdogsOf(dataDir)) process.kill(pid, 'SIGTERM');
    expect(await query(server.connection, 'SELECT 1 AS one')).to.deep.equal([{ one: 1 }]);
    await server.stop();
    expect(await server.exited).to.include({ expected: true });
  });

  it('takes another port when its own is taken', async () => {
    const first = await start();
    const { port } = first.connection;
    await first.stop();
    const squatter = createServer().listen(port, '127.0.0.1');
    await once(squatter, 'listening');
    try {
      const server = await start();
      expect(server.connection.port).to.not.equal(port);
      await server.stop();
    } finally {
      squatter.close();
      await once(squatter, 'close');
    }
  });

  it('begins anew after a host was killed in the middle of initdb', async () => {
    const fresh = join(root, 'interrupted');
    await mkdir(fresh);
    const host = new HostProcess(fresh);
    for await (const { filename } of watch(fresh)) if (filename?.startsWith('cluster.')) break;
    await host.kill('SIGKILL');
    expect((await readdir(fresh)).join())
      .to.match(/cluster\.\d/)
      .and.to.match(/start\.lock/);

    const server = await start(undefined, fresh);
    expect(await query(server.connection, 'SELECT 1 AS one')).to.deep.equal([{ one: 1 }]);
    await server.stop();
    const files = ['cluster', 'lifeline', 'postgres.log', 'server.json'];
    expect((await readdir(fresh)).sort()).to.deep.equal(files);
  });

  it('leaves a cluster of another major version alone and says what to do', async () => {
    const old = join(root, 'old');
    await mkdir(join(old, 'cluster', 'data'), { recursive: true });
    await writeFile(join(old, 'cluster', 'data', 'PG_VERSION'), '16\n');
    const error = await rejection(start(undefined, old));
    expect(error).to.include({ code: 'EMBEDDED_DATABASE_FAILED' });
    expect((error as Error).message).to.match(
      /PostgreSQL 16 .* PostgreSQL 18.*db backup FILE.*db restore FILE.*DATABASE_URL/,
    );
    expect(await readdir(old)).to.deep.equal(['cluster']);
  });

  it('never initialises over files it does not know', async () => {
    const foreign = join(root, 'foreign');
    await mkdir(join(foreign, 'cluster'), { recursive: true });
    await writeFile(join(foreign, 'cluster', 'precious'), 'keep me');
    const error = await rejection(start(undefined, foreign));
    expect((error as Error).message).to.match(/is not a PostgreSQL data directory.*DATABASE_URL/);
    expect(await readFile(join(foreign, 'cluster', 'precious'), 'utf8')).to.equal('keep me');
  });
});

async function killWatchdogs(dataDir: string): Promise<void> {
  for (const { pid } of await watchdogsOf(dataDir)) process.kill(pid, 'SIGKILL');
}

async function watchdogsOf(dataDir: string): Promise<FoundProcess[]> {
  const found = await processesOf(dataDir);
  return found.filter(({ commandLine }) => commandLine.includes('exchange-sync-watchdog'));
}

async function end(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
