import { withFileLock } from '../../files/file-lock.js';
import { embeddedFailure } from './failure.js';

/** Longer than an initdb on a slow disk, shorter than a person's patience. */
const PATIENCE_MS = 90_000;

/**
 * Does the work while no other process on this machine starts or stops the server of this directory.
 *
 * It keeps simultaneous starters from getting in each other's way; it isn't what keeps the data whole. A cluster
 * appears by rename and PostgreSQL's own postmaster.pid admits one server, also if a lock were broken wrongly.
 */
export function withStartLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const busy = (holder: string) =>
    embeddedFailure(
      `another process has held ${path} for ${PATIENCE_MS / 1000} s (${holder})`,
      'see what that process is doing, stop it',
    );
  return withFileLock(path, { patienceMs: PATIENCE_MS, busy }, work);
}
