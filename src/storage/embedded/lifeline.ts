import { constants } from 'node:fs';
import { chown, type FileHandle, open, rename, rm } from 'node:fs/promises';
import type { FileOwner } from '../../files/atomic-file.js';
import { hasCode } from '../../files/error-code.js';
import { temporaryNameFor } from '../../files/temporary-name.js';
import { embeddedFailure } from './failure.js';
import { runProgram } from './run-program.js';
import { hostUser } from './server-user.js';

const { O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;

/**
 * What keeps the server up: a named pipe that every process using the server holds open for writing. Nothing is
 * ever written. The kernel counts the holders, also those that are killed, and when the last one is gone the
 * watchdog at the reading end gets end-of-file and stops the server.
 */
export class Lifeline {
  readonly #writeEnd: FileHandle;
  #path: string;
  #released: Promise<boolean> | undefined;

  private constructor(path: string, writeEnd: FileHandle) {
    this.#path = path;
    this.#writeEnd = writeEnd;
  }

  /** A new pipe, held by this process and not yet published; the watchdog inherits the reading end. */
  static async create(path: string, owner: FileOwner): Promise<{ lifeline: Lifeline; readEnd: FileHandle }> {
    const fresh = temporaryNameFor(path);
    const made = await runProgram('mkfifo', ['-m', '600', fresh], hostUser());
    if (made.exitCode !== 0) {
      throw embeddedFailure(
        `mkfifo ${fresh} failed (${made.stderr.trim()})`,
        'choose another EXCHANGE_SYNC_DATA_DIR on an ordinary file system',
      );
    }
    await chown(fresh, owner.uid, owner.gid);
    const readEnd = await open(fresh, O_RDONLY | O_NONBLOCK);
    const writeEnd = await open(fresh, O_WRONLY | O_NONBLOCK);
    return { lifeline: new Lifeline(fresh, writeEnd), readEnd };
  }

  /** Lets others join, in place of the pipe of an earlier server. */
  async publish(path: string): Promise<void> {
    await rename(this.#path, path);
    this.#path = path;
  }

  /** Takes back one that was never published. */
  async discard(): Promise<void> {
    await rm(this.#path, { force: true });
    await this.release();
  }

  /** Holds on to a running server, or undefined when no watchdog reads the pipe: then none is running. */
  static async join(path: string): Promise<Lifeline | undefined> {
    try {
      return new Lifeline(path, await open(path, O_WRONLY | O_NONBLOCK));
    } catch (error) {
      if (hasCode(error, 'ENOENT', 'ENXIO')) return undefined;
      throw error;
    }
  }

  /** Lets go, once. True when nobody else held on, so that the server is stopping now. */
  release(): Promise<boolean> {
    this.#released ??= this.#release();
    return this.#released;
  }

  async #release(): Promise<boolean> {
    let probe: FileHandle | undefined;
    try {
      probe = await open(this.#path, O_RDONLY | O_NONBLOCK);
    } catch (error) {
      // Whoever removed the data directory under a running server has no other user of it to spare.
      if (!hasCode(error, 'ENOENT')) throw error;
    }
    await this.#writeEnd.close();
    if (probe === undefined) return true;
    try {
      // Reading a pipe without data: end-of-file when it has no writer, EAGAIN when it has one.
      await probe.read(Buffer.alloc(1), 0, 1);
      return true;
    } catch (error) {
      if (hasCode(error, 'EAGAIN')) return false;
      throw error;
    } finally {
      await probe.close();
    }
  }
}
