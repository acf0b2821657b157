import { copyFile, type FileHandle, open, rename, stat, truncate } from 'node:fs/promises';
import { hasCode } from '../../files/error-code.js';
import type { ServerUser } from './server-user.js';

const MEGABYTE = 1024 * 1024;
const LARGEST_BYTES = 5 * MEGABYTE;
const TRIM_INTERVAL_MS = 60_000;

/**
 * The file that the server writes its messages to. It is written by the server itself, because a pipe through the
 * host would stall the database whenever the host's event loop stalls. Two files of 5 MB are kept.
 */
export class ServerLog {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Opened for the server to inherit. Appending is what makes truncating it under a running server safe. */
  async open(owner: ServerUser): Promise<FileHandle> {
    if ((await this.#size()) > LARGEST_BYTES) await rename(this.path, `${this.path}.1`);
    const file = await open(this.path, 'a', 0o600);
    if (owner.uid !== process.getuid?.() && (await file.stat()).size === 0) {
      await file.chown(owner.uid, owner.gid);
    }
    return file;
  }

  /** What was written since the file had that size. */
  async since(offset: number): Promise<string> {
    const file = await open(this.path, 'r');
    try {
      const { size } = await file.stat();
      const { buffer, bytesRead } = await file.read({
        buffer: Buffer.alloc(8_192),
        position: Math.max(offset, size - 8_192),
      });
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  }

  /** Keeps the file within its bound until the returned function is called; doesn't keep the process alive. */
  keepBounded(onError: (error: unknown) => void): () => void {
    const timer = setInterval(() => void this.trim().catch(onError), TRIM_INTERVAL_MS).unref();
    return () => clearInterval(timer);
  }

  /** Moves what is there aside when it is too much. A line written in between may be lost. */
  async trim(): Promise<void> {
    if ((await this.#size()) <= LARGEST_BYTES) return;
    await copyFile(this.path, `${this.path}.1`);
    await truncate(this.path);
  }

  async #size(): Promise<number> {
    try {
      return (await stat(this.path)).size;
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return 0;
      throw error;
    }
  }
}
