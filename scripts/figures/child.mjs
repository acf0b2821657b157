import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs a script of this package in a process of its own, in an empty directory; gives stdout and the time it took. */
export async function runNode(script, args = [], env = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'exchange-sync-figures-'));
  // Started by root, the database server is another user, whose data would lie elsewhere and stay behind.
  await chmod(directory, 0o755);
  try {
    const startedAt = performance.now();
    const child = spawn(process.execPath, [join(root, script), ...args], {
      cwd: directory,
      env: { PATH: process.env.PATH, HOME: directory, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let stdout = '';
    for await (const chunk of child.stdout) stdout += chunk;
    const code = child.exitCode ?? (await new Promise((resolve) => child.once('exit', resolve)));
    return { stdout, code, wallMs: Math.round(performance.now() - startedAt) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

export function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
