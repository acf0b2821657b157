import { randomBytes } from 'node:crypto';
import { chmod, cp, lstat, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { hasCode } from '../../files/error-code.js';
import type { Logger } from '../../logging/logger.js';
import { embeddedFailure } from './failure.js';
import { hostUser, runningAsRoot } from './server-user.js';

/** Where a host that is root keeps what its unprivileged server must reach. */
export const SYSTEM_DIRECTORY = '/var/lib/exchange-sync';
const WRITABLE_BY_OTHERS = 0o022;

export interface PrivateCopyOptions {
  readonly source: string;
  readonly version: string;
  /** Tried in this order. */
  readonly homes: readonly string[];
  /** Completes a copy with its links. */
  readonly heal: (directory: string) => Promise<boolean>;
  readonly logger: Logger;
}

/**
 * A copy of the native folder for installations that the server's user can't read or that can't be completed in
 * place. One per version; it appears complete by rename, and is replaced when files are missing or differ in size.
 */
export async function providePrivateCopy(options: PrivateCopyOptions): Promise<string> {
  const home = await firstOfOurOwn(options.homes);
  const name = `postgres-${options.version}-${process.platform}-${process.arch}`;
  const directory = join(home, name, 'native');
  if (await isFaithful(options.source, directory)) {
    await options.heal(directory);
    return directory;
  }
  options.logger.info('Copying the PostgreSQL programs to where the server can read them', { directory });
  const fresh = join(home, `${name}.${randomBytes(6).toString('hex')}`);
  try {
    await mkdir(fresh, { mode: 0o755 });
    await chmod(fresh, 0o755);
    await cp(options.source, join(fresh, 'native'), { recursive: true, verbatimSymlinks: true });
    await makeReadable(join(fresh, 'native'));
    await options.heal(join(fresh, 'native'));
    await replace(fresh, join(home, name));
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return directory;
}

/** Where such a copy customarily lives. */
export function customaryHomes(): readonly string[] {
  const lasting = runningAsRoot() ? SYSTEM_DIRECTORY : join(homedir(), '.cache', 'exchange-sync');
  return [lasting, join(tmpdir(), `exchange-sync-${hostUser().uid}`)];
}

/** The first that is, or can be made, a directory only this user writes to. */
async function firstOfOurOwn(homes: readonly string[]): Promise<string> {
  for (const home of homes) {
    if (await isOurs(home, hostUser().uid)) return home;
  }
  throw embeddedFailure(
    `neither ${homes.join(' nor ')} can hold a copy of the PostgreSQL programs`,
    'make one of them a directory that only this user can write to',
  );
}

async function isOurs(directory: string, uid: number): Promise<boolean> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o755 });
    const found = await lstat(directory);
    // What others can write to could hold programs of theirs.
    if (!found.isDirectory() || found.uid !== uid || (found.mode & WRITABLE_BY_OTHERS) !== 0) return false;
    await chmod(directory, 0o755);
    return true;
  } catch (error) {
    if (hasCode(error, 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOENT', 'ENOSPC')) return false;
    throw error;
  }
}

async function isFaithful(source: string, copy: string): Promise<boolean> {
  for (const path of await filesBelow(source)) {
    const target = join(copy, relative(source, path));
    const [wanted, found] = await Promise.all([stat(path), sizeOf(target)]);
    if (wanted.size !== found) return false;
  }
  return true;
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

/** An installation made under a strict umask stays unreadable for others when it is copied. */
async function makeReadable(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await chmod(path, 0o755);
    else if (entry.isFile()) await chmod(path, ((await stat(path)).mode & 0o100) === 0 ? 0o644 : 0o755);
  }
}

async function replace(fresh: string, target: string): Promise<void> {
  const aside = `${target}.damaged-${randomBytes(6).toString('hex')}`;
  try {
    await rename(target, aside);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  try {
    await rename(fresh, target);
  } catch (error) {
    // Another process that found the same damage was faster; its copy is as good.
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST')) throw error;
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}
