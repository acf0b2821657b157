import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeFileAtomically } from '../../files/atomic-file.js';
import { hasCode } from '../../files/error-code.js';
import { temporaryNameFor } from '../../files/temporary-name.js';
import { clusterIn, type DataLocation } from './data-location.js';
import { embeddedFailure, programFailure } from './failure.js';
import type { NativeBinaries } from './native-binaries.js';
import { runProgram } from './run-program.js';

export const SUPERUSER = 'postgres';
const DUPLICATE_DATABASE = '42P04';

/** Modest, for one synchronizer; in postgresql.conf, where whoever needs more can change them. */
const INITIAL_SETTINGS = {
  shared_buffers: '64MB',
  max_connections: '60',
  max_wal_size: '256MB',
  // Reading in the backend itself saves three worker processes.
  io_method: 'sync',
  timezone: 'UTC',
  log_timezone: 'UTC',
} as const;

export interface Cluster {
  readonly pgData: string;
  readonly password: string;
  /** The databases known to exist in it. */
  readonly databases: readonly string[];
}

/** The cluster at that place, made first where there is none. To be called under the start lock. */
export async function provideCluster(location: DataLocation, native: NativeBinaries): Promise<Cluster> {
  const found = await openCluster(location.directory, native);
  if (found !== undefined) return found;
  await createCluster(location, native);
  const created = await openCluster(location.directory, native);
  if (created === undefined) throw new Error(`the new cluster at ${location.directory} vanished`);
  return created;
}

/** The cluster at that place, undefined where there is none. */
export async function openCluster(directory: string, native: NativeBinaries): Promise<Cluster | undefined> {
  const cluster = clusterIn(directory);
  const pgData = join(cluster, 'data');
  const version = await readIfPresent(join(pgData, 'PG_VERSION'));
  if (version === undefined) {
    if ((await readdir(directory)).includes('cluster')) {
      throw embeddedFailure(
        `${cluster} is not a PostgreSQL data directory`,
        'move it out of the way (nothing in it was touched), choose another EXCHANGE_SYNC_DATA_DIR',
      );
    }
    return undefined;
  }
  if (version.trim() !== native.major) {
    throw embeddedFailure(
      `${cluster} was made by PostgreSQL ${version.trim()} and this is PostgreSQL ${native.major}`,
      `back it up by \`exchange-sync db backup FILE\` of the version of exchange-sync that made it, move ${cluster} out of the way (nothing in it was touched), and put the backup here by \`exchange-sync db restore FILE\``,
    );
  }
  const password = await readFile(join(cluster, 'password'), 'utf8');
  return { pgData, password, databases: await readDatabases(cluster) };
}

/** initdb beside its final place and a rename at the end, so that a crash never leaves half a cluster. */
async function createCluster({ directory, user }: DataLocation, native: NativeBinaries): Promise<void> {
  const unfinished = temporaryNameFor(clusterIn(directory));
  try {
    await mkdir(unfinished);
    await chmod(unfinished, 0o700);
    await writeFileAtomically(join(unfinished, 'password'), randomBytes(24).toString('base64url'), user);
    // A data directory in a checkout must not be committed: it holds somebody's books and their password.
    await writeFileAtomically(join(unfinished, '.gitignore'), '*\n', user);
    if (user.uid !== process.getuid?.()) await chown(unfinished, user.uid, user.gid);
    const { exitCode, stdout, stderr } = await runProgram(native.initdb, initdbArguments(unfinished), user);
    if (exitCode !== 0) throw await programFailure('initdb', `${stdout}\n${stderr}`, directory);
    await rename(unfinished, clusterIn(directory));
    await syncDirectory(directory);
  } catch (error) {
    // A simultaneous starter that broke the lock was faster, and its cluster is complete.
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST')) throw error;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

function initdbArguments(cluster: string): string[] {
  return [
    `--pgdata=${join(cluster, 'data')}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${join(cluster, 'password')}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The same order of text on every system, without depending on its C library's locales.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--data-checksums',
    '--no-instructions',
    ...Object.entries(INITIAL_SETTINGS).map(([name, value]) => `--set=${name}=${value}`),
  ];
}

/** Creates the database in a cluster that no server is running on, unless it is there. */
export async function ensureDatabase(
  cluster: Cluster,
  database: string,
  location: DataLocation,
  native: NativeBinaries,
): Promise<void> {
  if (cluster.databases.includes(database)) return;
  const statement = `CREATE DATABASE "${database.replaceAll('"', '""')}"\n`;
  const settings = ['-c', 'exit_on_error=on', '-c', 'log_line_prefix=%e '];
  const args = ['--single', '-D', cluster.pgData, ...settings, SUPERUSER];
  const { exitCode, stderr } = await runProgram(native.postgres, args, location.user, statement);
  if (exitCode !== 0 && !stderr.includes(`${DUPLICATE_DATABASE} `)) {
    throw await programFailure(`creating the database ${database}`, stderr, location.directory);
  }
  const list = JSON.stringify([...cluster.databases, database]);
  await writeFileAtomically(join(dirname(cluster.pgData), 'databases.json'), list, location.user);
}

async function readDatabases(cluster: string): Promise<readonly string[]> {
  const list = await readIfPresent(join(cluster, 'databases.json'));
  return list === undefined ? [] : (JSON.parse(list) as string[]);
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
