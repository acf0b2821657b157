import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { installInto, nativePackageIn } from './checkout.js';
import { type HostOptions, HostProcess } from './host-process.js';
import { query } from './running-server.js';
import { removeDirectory, temporaryDirectory } from './temporary-directory.js';

const run = promisify(execFile);
const runningAsRoot = process.getuid?.() === 0;

describe('who may run an embedded PostgreSQL, and where', () => {
  let root: string;

  before(async () => {
    root = await temporaryDirectory();
  });

  after(() => removeDirectory(root));

  it('says what to do where there are no binaries for it', async () => {
    const script = await installInto(join(root, 'omitted'), { omitOptional: true });
    const host = new HostProcess(join(root, 'omitted', 'data'), { script });
    const failed = await host.next();
    await host.exited;
    expect(failed).to.include({ event: 'failed', code: 'EMBEDDED_DATABASE_FAILED' });
    expect(failed)
      .to.have.property('message')
      .that.matches(/is not installed.*--omit=optional.*DATABASE_URL/);
  });

  describe('as root', () => {
    let installation: string;
    let script: string;
    let user: User;

    before(async function () {
      // Changing users and mounting need it; the other tests cover the ordinary user when they run as one.
      if (!runningAsRoot) return this.skip();
      installation = join(root, 'installation');
      script = await installInto(installation);
      user = await ordinaryUser();
    });

    it('works from a directory that nobody else can enter: programs and data live elsewhere', async () => {
      await chmod(installation, 0o700);
      const first = new HostProcess(join(installation, 'data'), { script });
      const { dataDir, connection } = await first.started();
      try {
        expect(dataDir).to.match(/^\/var\/lib\/exchange-sync\/data\/installation-[0-9a-f]{12}$/);
        await query(connection, 'CREATE TABLE kept AS SELECT 1 AS one');
        await first.stop();
        // Opening the directory must not make the data disappear.
        await chmod(installation, 0o755);
        const second = new HostProcess(join(installation, 'data'), { script });
        const again = await second.started();
        const rows = await query(again.connection, 'SELECT one FROM kept');
        await second.stop();
        expect(again.dataDir).to.equal(dataDir);
        expect(rows).to.deep.equal([{ one: 1 }]);
      } finally {
        await chmod(installation, 0o755);
        await rm(dataDir, { recursive: true, force: true });
      }
    });

    it('runs the server as the owner of an existing cluster, who can go on with it', async () => {
      const { uid } = user;
      const home = await directoryOf(user, 'owner');
      await startAndStop(new HostProcess(join(home, 'data'), { ...user, script }));
      const { dataDir } = await startAndStop(new HostProcess(join(home, 'data')));
      expect((await stat(join(dataDir, 'cluster', 'data', 'PG_VERSION'))).uid).to.equal(uid);
      await startAndStop(new HostProcess(join(home, 'data'), { ...user, script }));
    });

    it('tells an ordinary user whose directory it is', async () => {
      await mkdir(join(root, 'ours'));
      expect(await failureOf(join(root, 'ours'), { ...user, script })).to.match(
        new RegExp(`EACCES.*belongs to uid 0.*runs as uid ${user.uid}.*EXCHANGE_SYNC_DATA_DIR.*DATABASE_URL`),
      );
    });

    it('makes missing links where it can, else a copy, and leaves a complete read-only installation', async () => {
      const libraries = join(nativePackageIn(installation), 'native', 'lib');
      await removeLinks(libraries);
      const home = await directoryOf(user, 'home');
      const options = { ...user, script, env: { HOME: home } };
      await startAndStop(new HostProcess(join(home, 'data'), options));
      const cache = join(home, '.cache', 'exchange-sync');
      expect((await readdir(cache)).join()).to.match(/^postgres-18[\w.-]+$/);

      await startAndStop(new HostProcess(join(home, 'data'), { script }));
      expect((await readdir(libraries)).join()).to.include('libpq.so.5,');
      await rm(cache, { recursive: true });
      await startAndStop(new HostProcess(join(home, 'data'), options));
      expect(await readdir(join(home, '.cache'))).to.deep.equal([]);
    });

    it('names a full disk and a read-only one', async function () {
      const disk = join(root, 'disk');
      await mkdir(disk);
      try {
        await run('mount', ['-t', 'tmpfs', '-o', 'size=16m,mode=755', 'tmpfs', disk]);
      } catch {
        // Mounting is forbidden in most containers, also to root.
        return this.skip();
      }
      try {
        const full = await failureOf(join(disk, 'data'));
        expect(full).to.match(/initdb failed and only \d+ MB are free.*free at least.*DATABASE_URL/);
        expect(await readdir(join(disk, 'data'))).to.deep.equal([]);
        await run('mount', ['-o', 'remount,ro', disk]);
        expect(await failureOf(join(disk, 'data'))).to.match(/EROFS.*read-only.*DATABASE_URL/);
      } finally {
        await run('umount', [disk]);
      }
    });
  });

  async function directoryOf({ uid, gid }: User, name: string): Promise<string> {
    const directory = join(root, name);
    await mkdir(directory);
    await chown(directory, uid, gid);
    return directory;
  }
});

interface User {
  readonly uid: number;
  readonly gid: number;
}

async function startAndStop(host: HostProcess): Promise<{ dataDir: string }> {
  const { dataDir } = await host.started();
  await host.stop();
  return { dataDir };
}

async function failureOf(dataDir: string, options?: HostOptions): Promise<string> {
  const host = new HostProcess(dataDir, options);
  const event = await host.next();
  await host.exited;
  return event.event === 'failed' ? event.message : `no failure: ${event.event}`;
}

async function ordinaryUser(): Promise<User> {
  const [uid, gid] = await Promise.all([run('id', ['-u', 'nobody']), run('id', ['-g', 'nobody'])]);
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

async function removeLinks(directory: string): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (entry.isSymbolicLink()) await rm(join(directory, entry.name));
  }
}
