import { mkdirSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logform } from 'winston';
import DailyRotateFile from 'winston-daily-rotate-file/daily-rotate-file.js';

const FILE_PREFIX = 'exchange_sync_';
const FILE_SUFFIX = '.log';
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/** One opening of the log files in a directory, rotated by size and day; what is a week old is removed. */
export class RotatedFiles {
  readonly transport: DailyRotateFile;
  /** Resolves when all that was written is in the files and they are closed. */
  readonly closed: Promise<void>;

  /** Throws when the directory cannot be made; `onError` is called when a file cannot be written. */
  constructor(directory: string, format: Logform.Format, onError: (error: unknown) => void) {
    mkdirSync(directory, { recursive: true });
    this.transport = new DailyRotateFile({
      dirname: directory,
      filename: `${FILE_PREFIX}%DATE%`,
      extension: FILE_SUFFIX,
      maxSize: '10m',
      format,
      // Only their owner may read what accounts hold.
      options: { flags: 'a', mode: 0o600 },
    });
    // The transport passes neither of these on: an unheard error would end the host's process, and its own
    // 'finish' comes before the bytes are in the file.
    const stream = this.transport.logStream;
    stream.on('error', onError);
    const removals = [removeOldFiles(directory, onError)];
    const streamsClosed = new Promise<void>((resolve) => {
      let open = 1;
      stream.on('rotate', () => {
        open += 1;
        removals.push(removeOldFiles(directory, onError));
      });
      stream.on('close', () => {
        open -= 1;
        if (open === 0) resolve();
      });
    });
    this.closed = streamsClosed.then(async () => {
      await Promise.all(removals);
    });
  }
}

/*
 * Not left to the rotator: it forgets files when its own bookkeeping file is damaged, or when two
 * processes log to one directory.
 */
async function removeOldFiles(directory: string, onError: (error: unknown) => void): Promise<void> {
  const oldest = Date.now() - KEPT_MS;
  try {
    for (const name of await readdir(directory)) {
      if (!name.startsWith(FILE_PREFIX) || !name.endsWith(FILE_SUFFIX)) continue;
      const path = join(directory, name);
      if ((await stat(path)).mtimeMs < oldest) await rm(path, { force: true });
    }
  } catch (error: unknown) {
    onError(error);
  }
}
