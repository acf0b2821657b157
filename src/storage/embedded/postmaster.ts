import { readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { systemClock } from '../../domain/clock.js';
import { hasCode } from '../../files/error-code.js';
import { commandLineOf, isAlive } from '../../files/process-identity.js';

export const LOOPBACK = '127.0.0.1';
const POLL_MS = 10;
/** Above every system's highest process id, so that PostgreSQL finds nobody there. */
const NOBODYS_PID = 99_999_999;

/** What PostgreSQL writes into postmaster.pid about itself. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** `starting`, `ready` or `stopping`; empty before the first of them. */
  readonly status: string;
}

/** The server that postmaster.pid names, dead or alive; undefined when there is no (complete) file. */
export async function readPostmaster(pgData: string): Promise<Postmaster | undefined> {
  let content: string;
  try {
    content = await readFile(join(pgData, 'postmaster.pid'), 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  const lines = content.split('\n');
  const pid = Number(lines[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  return { pid, port: Number(lines[3]), status: (lines[7] ?? '').trim() };
}

/** The server that runs on this data directory: alive, and really a server of this directory. */
export async function findPostmaster(pgData: string): Promise<Postmaster | undefined> {
  const postmaster = await readPostmaster(pgData);
  return postmaster !== undefined && (await servesDirectory(postmaster.pid, pgData)) ? postmaster : undefined;
}

/** Whether the server of this data directory is up: it says `ready` and accepts a connection on its port. */
export async function isPostmasterReady(pgData: string): Promise<boolean> {
  const postmaster = await findPostmaster(pgData);
  return postmaster?.status === 'ready' && (await acceptsConnections(postmaster.port));
}

/**
 * Makes PostgreSQL see that a postmaster.pid left by a crash names a dead server. It trusts the process id, and
 * refuses to start when another process of the same user has got that id since. The file itself stays: with the
 * shared memory it names PostgreSQL makes sure that no process of the dead server is still writing.
 */
export async function disownStalePostmaster(pgData: string): Promise<void> {
  const stale = await readPostmaster(pgData);
  if (stale === undefined || !isAlive(stale.pid)) return;
  const path = join(pgData, 'postmaster.pid');
  const content = await readFile(path, 'utf8');
  await writeFile(path, content.replace(/^\d+/, String(NOBODYS_PID)));
}

export async function waitUntilGone(pid: number, deadlineMs: number): Promise<boolean> {
  const givesUpAt = systemClock.now() + deadlineMs;
  while (isAlive(pid)) {
    if (systemClock.now() > givesUpAt) return false;
    await systemClock.sleep(POLL_MS);
  }
  return true;
}

export function acceptsConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: LOOPBACK, port });
    const settle = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.setTimeout(1_000, () => settle(false));
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}

async function servesDirectory(pid: number, pgData: string): Promise<boolean> {
  return (await commandLineOf(pid))?.includes(`-D ${pgData} `) ?? false;
}
