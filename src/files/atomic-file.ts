import { open, rename, rm } from 'node:fs/promises';
import { temporaryNameFor } from './temporary-name.js';

export interface FileOwner {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Writes a file of mode 0600 that is there in full or not at all. The temporary file is created exclusively, so
 * that a symbolic link that somebody planted is never followed.
 */
export async function writeFileAtomically(path: string, content: string, owner: FileOwner): Promise<void> {
  const temporary = temporaryNameFor(path);
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(content);
      if (owner.uid !== process.getuid?.()) await file.chown(owner.uid, owner.gid);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
