import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { ServerUser } from './server-user.js';

export interface ProgramResult {
  readonly exitCode: number | null;
  /** Standard output and standard error. */
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The environment of everything that is started here. Never the host's own: it holds the exchange keys, the
 * server runs as another user when the host is root, and PG* variables would change what the server does.
 */
export function programEnvironment(): Record<string, string> {
  return { PATH: '/usr/local/bin:/usr/bin:/bin:/run/current-system/sw/bin', LC_ALL: 'C', TZ: 'UTC' };
}

/** Runs a program to its end as that user. Rejects when it cannot be started at all. */
export async function runProgram(
  file: string,
  args: readonly string[],
  user: ServerUser,
  input = '',
): Promise<ProgramResult> {
  const child = spawn(file, args, { cwd: '/', env: programEnvironment(), ...user.spawnOptions });
  // A program may exit without reading its input; its exit code tells more than EPIPE.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { exitCode, stdout, stderr };
}
