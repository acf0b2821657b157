import { createHash } from 'node:crypto';
import { chmod, mkdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import type { FileOwner } from '../../files/atomic-file.js';
import { hasCode } from '../../files/error-code.js';
import type { Logger } from '../../logging/logger.js';
import { embeddedFailure } from './failure.js';
import { SYSTEM_DIRECTORY } from './native-copy.js';
import { canEnter, runningAsRoot, type ServerUser, serverUserFor } from './server-user.js';

export interface DataLocation {
  readonly directory: string;
  /** Runs the server and owns the cluster. */
  readonly user: ServerUser;
  /** Owns the directory; a host that is root leaves its files to that user, who may be the next to start. */
  readonly owner: FileOwner;
}

/** The folder in a data directory that is the cluster; made and moved as one. */
export function clusterIn(directory: string): string {
  return join(directory, 'cluster');
}

/**
 * Where the data of that path lives, and as whom. That is the path itself, except for a host that is root where the
 * server's unprivileged user can't enter it: then a folder below /var/lib/exchange-sync/ named after it. A cluster
 * is never left behind: where one exists, that place stays, whatever has become of the permissions.
 */
export async function locateData(path: string, logger: Logger): Promise<DataLocation> {
  const wanted = await realPathOf(path);
  const standIn = standInFor(wanted);
  const user = await serverUserFor([clusterIn(standIn), clusterIn(wanted), wanted]);
  if (!runningAsRoot()) {
    await mkdir(wanted, { recursive: true });
    return located(wanted, user);
  }
  if (await exists(clusterIn(standIn))) return located(standIn, user);
  if (await canEnter(await nearestExisting(wanted), user)) {
    await makeEnterable(wanted);
    return located(wanted, user);
  }
  if (await exists(clusterIn(wanted))) {
    throw embeddedFailure(
      `${wanted} holds a database, but its user (uid ${user.uid}) can no longer enter that directory`,
      'make every directory above it enterable again (chmod o+x)',
    );
  }
  await makeEnterable(standIn);
  logger.info('The server runs as an unprivileged user who cannot enter the data directory', {
    wanted,
    directory: standIn,
  });
  return located(standIn, user);
}

async function located(directory: string, user: ServerUser): Promise<DataLocation> {
  const { uid, gid } = await stat(directory);
  return { directory, user, owner: { uid, gid } };
}

function standInFor(wanted: string): string {
  const key = createHash('sha256').update(wanted).digest('hex').slice(0, 12);
  const name = basename(dirname(wanted)).replace(/[^\w.-]/g, '_') || 'root';
  return join(SYSTEM_DIRECTORY, 'data', `${name}-${key}`);
}

/** One name for the directory, by whatever links it is reached: users of a server find it by that name. */
async function realPathOf(path: string): Promise<string> {
  const existing = await nearestExisting(path);
  return join(await realpath(existing), relative(existing, path));
}

async function nearestExisting(path: string): Promise<string> {
  return (await exists(path)) ? path : nearestExisting(dirname(path));
}

/** Only what is created here is opened up: a directory that somebody closed stays closed. */
async function makeEnterable(directory: string): Promise<void> {
  const first = await mkdir(directory, { recursive: true });
  if (first === undefined) return;
  for (let path = directory; path.length >= first.length; path = dirname(path)) await chmod(path, 0o755);
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return false;
    throw error;
  }
}
