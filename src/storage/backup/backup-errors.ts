import { ExchangeSyncError } from '../../domain/errors.js';

/** A file that is not, or not any more, what a backup wrote. */
export function damaged(file: string, what: string, cause?: unknown): ExchangeSyncError {
  return new ExchangeSyncError(
    'BACKUP_INVALID',
    `${file} ${what}. Use another backup; nothing was changed.`,
    { details: { file }, cause },
  );
}

/** What the system says about a file that cannot be read or written. */
export function fileFailure(file: string, error: unknown): ExchangeSyncError {
  if (error instanceof ExchangeSyncError) return error;
  const said = error instanceof Error ? error.message : String(error);
  return new ExchangeSyncError(
    'BACKUP_FAILED',
    `${file}: ${said}. Name a file that can be read or written.`,
    {
      details: { file },
      cause: error,
    },
  );
}

const SOCKET_CALLS = new Set(['connect', 'read', 'write', 'getaddrinfo']);

/** Whether a system call on a file failed, and not one on the connection. */
export function isFileError(error: unknown): boolean {
  const { syscall, code } = (error ?? {}) as NodeJS.ErrnoException;
  if (syscall === undefined) return false;
  return !SOCKET_CALLS.has(syscall) || code === 'ENOSPC' || code === 'EDQUOT' || code === 'EISDIR';
}
