import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { hasCode } from '../../files/error-code.js';
import { embeddedFailure } from './failure.js';
import { runProgram } from './run-program.js';

/** PostgreSQL refuses to run as root, so a host that is root runs it as one of these. */
const UNPRIVILEGED = ['postgres', '_postgres', 'nobody'] as const;

/** The user the server's processes run as. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
  /** Empty when it is the host's own user. */
  readonly spawnOptions: { readonly uid?: number; readonly gid?: number };
}

export function runningAsRoot(): boolean {
  return process.getuid?.() === 0;
}

export function hostUser(): ServerUser {
  return { uid: process.getuid?.() ?? -1, gid: process.getgid?.() ?? -1, spawnOptions: {} };
}

/**
 * The host's own user, unless that is root: then the user who owns the first of `candidates` that exists and
 * is not root's (a cluster keeps its owner), else `postgres` or `nobody`.
 */
export async function serverUserFor(candidates: readonly string[]): Promise<ServerUser> {
  if (!runningAsRoot()) return hostUser();
  for (const path of candidates) {
    const owner = await ownerOf(path);
    if (owner !== undefined && owner.uid !== 0) return owner;
  }
  for (const name of UNPRIVILEGED) {
    const user = await lookUp(name);
    if (user !== undefined) return user;
  }
  throw embeddedFailure(
    'PostgreSQL refuses to run as root and there is neither a user postgres nor nobody',
    'create a user postgres, run as an ordinary user',
  );
}

/** Whether that user can enter the directory; asked of the system itself, which knows ACLs and mounts. */
export async function canEnter(directory: string, user: ServerUser): Promise<boolean> {
  const { exitCode } = await runProgram('/bin/sh', ['-c', 'cd -- "$1"', 'sh', directory], user);
  return exitCode === 0;
}

async function ownerOf(path: string): Promise<ServerUser | undefined> {
  try {
    return switchTo(await stat(path));
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

async function lookUp(name: string): Promise<ServerUser | undefined> {
  try {
    const [uid, gid] = await Promise.all([id('-u', name), id('-g', name)]);
    return switchTo({ uid, gid });
  } catch {
    // id's only complaint about a well-formed call: there is no such user.
    return undefined;
  }
}

async function id(flag: '-u' | '-g', name: string): Promise<number> {
  const { stdout } = await promisify(execFile)('id', [flag, name]);
  return Number.parseInt(stdout, 10);
}

function switchTo({ uid, gid }: { uid: number; gid: number }): ServerUser {
  return { uid, gid, spawnOptions: { uid, gid } };
}
