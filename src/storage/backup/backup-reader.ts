import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { damaged, fileFailure } from './backup-errors.js';
import { END_OF_ROWS } from './backup-format.js';

const NEWLINE = 10;
const NOTHING = Buffer.alloc(0);
const TERMINATOR = Buffer.from(END_OF_ROWS);
const TERMINATOR_AFTER_ROW = Buffer.from(`\n${END_OF_ROWS}`);

/** Reads a backup from its beginning to its end, a line or a table's rows at a time. */
export class BackupReader {
  readonly file: string;
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #hash = createHash('sha256');
  #rest: Buffer = NOTHING;

  constructor(file: string) {
    this.file = file;
    const unzipped = createGunzip();
    // What goes wrong in either reaches whoever reads the last.
    pipeline(createReadStream(file), unzipped, () => undefined);
    this.#chunks = unzipped[Symbol.asyncIterator]();
  }

  /** Of everything that was read so far, hex. */
  get sha256(): string {
    return this.#hash.copy().digest('hex');
  }

  async line(): Promise<unknown> {
    for (let end = this.#rest.indexOf(NEWLINE); ; end = this.#rest.indexOf(NEWLINE)) {
      if (end === -1) await this.#readMore();
      else return this.#parse(this.#take(end + 1));
    }
  }

  /** Whole lines, up to the end of the table. */
  async *rows(): AsyncGenerator<Buffer> {
    for (;;) {
      if (this.#rest.subarray(0, TERMINATOR.length).equals(TERMINATOR)) {
        this.#take(TERMINATOR.length);
        return;
      }
      const terminator = this.#rest.indexOf(TERMINATOR_AFTER_ROW);
      // Without it, the last row that is complete: what follows may be the beginning of the terminator.
      const end = terminator === -1 ? this.#rest.lastIndexOf(NEWLINE) : terminator;
      if (end === -1) await this.#readMore();
      else yield this.#take(end + 1);
    }
  }

  /** Rejects if anything follows. */
  async end(): Promise<void> {
    if (this.#rest.length > 0 || !(await this.#next()).done)
      throw damaged(this.file, 'goes on after its end');
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  #take(length: number): Buffer {
    const taken = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    this.#hash.update(taken);
    return taken;
  }

  async #readMore(): Promise<void> {
    const { value, done } = await this.#next();
    if (done) throw damaged(this.file, 'is cut off');
    this.#rest = this.#rest.length === 0 ? value : Buffer.concat([this.#rest, value]);
  }

  async #next(): Promise<IteratorResult<Buffer>> {
    try {
      return await this.#chunks.next();
    } catch (error: unknown) {
      const { syscall } = error as NodeJS.ErrnoException;
      if (syscall !== undefined) throw fileFailure(this.file, error);
      throw damaged(this.file, 'is damaged, cut off, or no backup', error);
    }
  }

  #parse(bytes: Buffer): unknown {
    try {
      return JSON.parse(bytes.toString('utf8'));
    } catch (error: unknown) {
      throw damaged(this.file, 'is damaged, or no backup', error);
    }
  }
}
