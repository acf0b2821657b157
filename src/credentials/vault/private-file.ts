import type { BigIntStats } from 'node:fs';
import { constants, open } from 'node:fs/promises';
import { hasCode } from '../../files/error-code.js';
import { inaccessible, vaultError } from './vault-errors.js';

export interface PrivateFile {
  readonly content: Buffer;
  /** Another one whenever the file was replaced or written to. */
  readonly identity: string;
}

/** Neither a vault nor a key is ever larger. */
const LARGEST_BYTES = 16 * 1024 * 1024;

/**
 * Reads a file that this user owns and nobody else can read; `undefined` when there is none. It is the opened
 * file that is looked at, so that a link is followed and no file can be put in its place meanwhile.
 * `known` is an identity whose content the caller still has: its content is then left empty.
 */
export async function readPrivateFile(
  path: string,
  what: string,
  known?: string,
): Promise<PrivateFile | undefined> {
  try {
    // A pipe or device in its place must not keep anybody waiting.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = await file.stat({ bigint: true });
      refuseUnlessPrivate(path, what, stats);
      const identity = identityOf(stats);
      return { identity, content: identity === known ? Buffer.alloc(0) : await file.readFile() };
    } finally {
      await file.close();
    }
  } catch (error: unknown) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    if (error instanceof Error && 'syscall' in error) throw inaccessible(path, 'read', error);
    throw error;
  }
}

function identityOf({ dev, ino, mtimeNs, ctimeNs, size }: BigIntStats): string {
  return [dev, ino, mtimeNs, ctimeNs, size].join(':');
}

function refuseUnlessPrivate(path: string, what: string, stats: BigIntStats): void {
  if (!stats.isFile() || stats.size > LARGEST_BYTES) {
    throw vaultError('VAULT_EXPOSED', path, `${path} is not ${what}; name an ordinary file.`);
  }
  const user = process.getuid?.();
  // Windows has neither owners nor modes of this kind.
  if (user === undefined) return;
  if (stats.uid !== BigInt(user)) {
    throw vaultError(
      'VAULT_EXPOSED',
      path,
      `${path}, ${what}, belongs to another user (uid ${stats.uid}, and this process runs as uid ${user}); run as its owner, or: chown ${user} ${path}`,
    );
  }
  if ((stats.mode & 0o077n) !== 0n) {
    const mode = (stats.mode & 0o777n).toString(8).padStart(4, '0');
    throw vaultError(
      'VAULT_EXPOSED',
      path,
      `${path}, ${what}, can be read or written by others (mode ${mode}). If nobody may have seen it: chmod 600 ${path}`,
    );
  }
}
