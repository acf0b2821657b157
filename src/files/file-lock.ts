import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { systemClock } from '../domain/clock.js';
import { hasCode } from './error-code.js';
import { isAlive, startTimeOf } from './process-identity.js';
import { temporaryNameFor } from './temporary-name.js';

const POLL_MS = 15;

export interface FileLockOptions {
  /** How long to wait for a living holder. */
  readonly patienceMs: number;
  /** What to reject with after that. `holder` is what the lock file says. */
  readonly busy: (holder: string) => Error;
}

interface Holder {
  readonly pid: number;
  readonly startTime: string | undefined;
  /** Tells apart the claims of one process. */
  readonly nonce: string;
}

/**
 * Does the work while no other process on this machine does work under the same lock file. The file appears by
 * link(2), complete, and names its holder by process id and start time; the lock of a dead process is broken.
 *
 * Two that break the same dead lock at the same moment may both get in: what must never happen twice needs a
 * second defence.
 */
export async function withFileLock<T>(
  path: string,
  options: FileLockOptions,
  work: () => Promise<T>,
): Promise<T> {
  const nonce = randomBytes(6).toString('hex');
  const holder: Holder = { pid: process.pid, startTime: await startTimeOf(process.pid), nonce };
  const content = JSON.stringify(holder);
  const claim = temporaryNameFor(path);
  // Readable for every user of the directory, who must be able to tell whether its holder is alive.
  await writeFile(claim, content, { flag: 'wx', mode: 0o644 });
  try {
    await acquire(path, claim, options);
    try {
      return await work();
    } finally {
      if ((await readIfPresent(path)) === content) await rm(path, { force: true });
    }
  } finally {
    await rm(claim, { force: true });
  }
}

async function acquire(path: string, claim: string, { patienceMs, busy }: FileLockOptions): Promise<void> {
  const givesUpAt = systemClock.now() + patienceMs;
  while (!(await linkIfAbsent(claim, path))) {
    const seen = await readIfPresent(path);
    if (seen !== undefined && !(await isHeld(seen))) {
      await breakLock(path, seen);
      continue;
    }
    if (systemClock.now() > givesUpAt) throw busy(seen ?? 'gone');
    await systemClock.sleep(POLL_MS);
  }
}

async function linkIfAbsent(existing: string, path: string): Promise<boolean> {
  try {
    await link(existing, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function isHeld(content: string): Promise<boolean> {
  try {
    const { pid, startTime } = JSON.parse(content) as Holder;
    return isAlive(pid) && (await startTimeOf(pid)) === startTime;
  } catch {
    // Not a lock of ours: no living holder wrote it, because a lock appears complete.
    return false;
  }
}

/** Moves the lock aside before looking again: another breaker may have been faster and a new holder be in. */
async function breakLock(path: string, seen: string): Promise<void> {
  const aside = temporaryNameFor(path);
  try {
    await rename(path, aside);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  if ((await readFile(aside, 'utf8')) !== seen) await linkIfAbsent(aside, path);
  await rm(aside, { force: true });
}
