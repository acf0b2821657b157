import { chmod, mkdtemp, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * A new directory that the database server's user can enter, who is somebody else when root starts it. Below
 * a directory that only root enters, the server's data would lie elsewhere and stay behind.
 */
export async function temporaryDirectory(
  name: string,
  candidates: readonly string[] = [tmpdir(), '/var/tmp', '/tmp'],
): Promise<string> {
  const directory = await mkdtemp(join(await firstOpen(candidates), name));
  await chmod(directory, 0o755);
  return directory;
}

/** The first that everybody can enter; the very first where none is, or where the server runs as ourselves. */
async function firstOpen(candidates: readonly string[]): Promise<string> {
  const [wanted = '.', ...others] = candidates;
  if (process.getuid?.() !== 0 || (await isOpen(wanted))) return wanted;
  for (const other of others) if (await isOpen(other)) return other;
  return wanted;
}

async function isOpen(path: string): Promise<boolean> {
  const { mode } = await stat(path).catch(() => ({ mode: 0 }));
  if ((mode & 0o001) === 0) return false;
  return path === dirname(path) || isOpen(dirname(path));
}
