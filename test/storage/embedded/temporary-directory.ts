import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory that every user can enter, as the unprivileged server of a host that is root must. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'embedded-postgres-test-'));
  await chmod(directory, 0o755);
  return directory;
}

/** Removes it, and fails when a process that was started for it is still there. */
export async function removeDirectory(directory: string): Promise<void> {
  const leaked = await processesOf(directory);
  await rm(directory, { recursive: true, force: true });
  if (leaked.length === 0) return;
  const list = leaked.map(({ pid, commandLine }) => `${pid} ${commandLine.slice(-200)}`);
  throw new Error(`processes are left over:\n${list.join('\n')}`);
}

export interface FoundProcess {
  readonly pid: number;
  readonly commandLine: string;
}

/** The processes whose arguments name the directory, the one asking left out. */
export async function processesOf(directory: string): Promise<FoundProcess[]> {
  const found: FoundProcess[] = [];
  for (const pid of (await readdir('/proc')).map(Number)) {
    if (Number.isNaN(pid) || pid === process.pid) continue;
    const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (commandLine.includes(directory)) found.push({ pid, commandLine });
  }
  return found;
}
