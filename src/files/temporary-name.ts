import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from './process-identity.js';

const TEMPORARY = /\.(\d+)-[0-9a-f]{12}$/;

/** The name under which something is made that will be renamed or linked to `path` when it is complete. */
export function temporaryNameFor(path: string): string {
  return `${path}.${process.pid}-${randomBytes(6).toString('hex')}`;
}

/** Removes what processes left unfinished that were killed; with `path`, only what was to become that. */
export async function removeLeftovers(directory: string, path?: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const [ending = '', pid] = TEMPORARY.exec(name) ?? [];
    if (pid === undefined || isAlive(Number(pid))) continue;
    if (path !== undefined && join(directory, name) !== path + ending) continue;
    // Retried, because the initdb of a host that was killed may still be writing there.
    await rm(join(directory, name), { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}
