import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Whether a process of that id exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * When the process started, as an opaque word that only compares equal for the same process: ids are reused,
 * soonest in containers. Undefined when there is no such process.
 */
export async function startTimeOf(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return ps(pid, 'lstart=');
  const stat = await readProc(pid, 'stat');
  // The second field is the command in parentheses and may itself hold spaces and parentheses.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

/** The arguments of the process in one string, or undefined when there is no such process. */
export async function commandLineOf(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return ps(pid, 'args=');
  return (await readProc(pid, 'cmdline'))?.replaceAll('\0', ' ');
}

async function readProc(pid: number, name: string): Promise<string | undefined> {
  try {
    return await readFile(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    // The process ended, or it is hidden from this user: either way nothing is known of it.
    return undefined;
  }
}

async function ps(pid: number, format: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', format, '-p', String(pid)]);
    return stdout.trim() || undefined;
  } catch {
    // ps exits 1 when there is no such process.
    return undefined;
  }
}
