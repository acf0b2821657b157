import { stat, statfs } from 'node:fs/promises';
import { ExchangeSyncError } from '../../domain/errors.js';

const USE_YOUR_OWN = 'or set DATABASE_URL to a PostgreSQL of your own';
const MEGABYTE = 1024 * 1024;
/** A fresh cluster takes 40 MB and its first WAL segments 16 MB each. */
const LEAST_FREE_MB = 64;

/** What a person can do about a system call that failed. */
const REMEDIES: Readonly<Record<string, string>> = {
  EACCES: 'give this user access to it, run as the user who owns it, choose another EXCHANGE_SYNC_DATA_DIR',
  EPERM: 'run as the user who owns it, choose another EXCHANGE_SYNC_DATA_DIR on an ordinary file system',
  EROFS: 'the file system is read-only: choose another EXCHANGE_SYNC_DATA_DIR',
  ENOSPC: 'the disk is full: free some space, choose another EXCHANGE_SYNC_DATA_DIR',
  EDQUOT: 'the disk quota is used up: free some space, choose another EXCHANGE_SYNC_DATA_DIR',
  ENOTDIR: 'a part of the path is a file: choose another EXCHANGE_SYNC_DATA_DIR',
  EMFILE: 'this process has too many open files: raise its limit (ulimit -n)',
};

/** EMBEDDED_DATABASE_FAILED with what happened, what to do, and the way out that always exists. */
export function embeddedFailure(problem: string, remedy: string, cause?: unknown): ExchangeSyncError {
  const message = `Embedded PostgreSQL: ${problem}. To fix it, ${remedy}, ${USE_YOUR_OWN}.`;
  return new ExchangeSyncError('EMBEDDED_DATABASE_FAILED', message, { cause });
}

/** Every error that leaves the launcher says what to do; those that already do pass unchanged. */
export async function toEmbeddedFailure(error: unknown, dataDir: string): Promise<ExchangeSyncError> {
  if (error instanceof ExchangeSyncError) return error;
  const { code, path, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  const remedy = code === undefined ? undefined : REMEDIES[code];
  if (remedy === undefined) {
    const problem = error instanceof Error ? error.message : String(error);
    return embeddedFailure(problem, `check the data directory ${dataDir}`, error);
  }
  const subject = path ?? dataDir;
  const owner = code === 'EACCES' || code === 'EPERM' ? await ownership(dataDir) : '';
  return embeddedFailure(`${subject}: ${code} in ${syscall ?? 'a system call'}${owner}`, remedy, error);
}

async function ownership(dataDir: string): Promise<string> {
  const owner = await stat(dataDir).then(
    ({ uid }) => `; ${dataDir} belongs to uid ${uid}`,
    () => '',
  );
  return `${owner} (this process runs as uid ${process.getuid?.() ?? 'unknown'})`;
}

/** A failed program's last words, and a full disk named as such: its own message is easily overlooked. */
export async function programFailure(program: string, output: string, dataDir: string) {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const lastWords = lines.slice(-4).join(' | ') || 'it said nothing';
  const freeMb = await freeSpaceMb(dataDir);
  if (freeMb !== undefined && freeMb < LEAST_FREE_MB) {
    return embeddedFailure(
      `${program} failed and only ${freeMb} MB are free at ${dataDir} (${lastWords})`,
      `free at least ${LEAST_FREE_MB} MB, choose another EXCHANGE_SYNC_DATA_DIR`,
    );
  }
  return embeddedFailure(`${program} failed (${lastWords})`, `check the data directory ${dataDir}`);
}

async function freeSpaceMb(directory: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(directory);
    return Math.floor((bavail * bsize) / MEGABYTE);
  } catch {
    // Only an addition to another error's message: the directory itself may be what is missing.
    return undefined;
  }
}
