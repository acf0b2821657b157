import { accountId } from '../domain/account.js';
import type { ExchangeDataSynchronizer } from '../index.js';

const ERASE_LINE = '\r\u001B[2K';

/** One line that is overwritten while syncs go on; nothing at all where nobody watches (a pipe, a file). */
export class ProgressLine {
  readonly #stream: NodeJS.WriteStream;
  readonly #running = new Map<string, string>();
  #finished = 0;
  #shown = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  follow(synchronizer: Pick<ExchangeDataSynchronizer, 'on'>): void {
    if (!this.#stream.isTTY) return;
    synchronizer.on('sync:start', (run) => {
      this.#running.set(run.runId, `${accountId(run)} ${run.dataType}`);
      this.#show();
    });
    synchronizer.on('sync:report', ({ runId }) => {
      this.#running.delete(runId);
      this.#finished += 1;
      this.#show();
    });
  }

  clear(): void {
    if (this.#shown) this.#stream.write(ERASE_LINE);
    this.#shown = false;
  }

  #show(): void {
    const line = `${this.#finished} done, syncing ${[...this.#running.values()].join(', ')}`;
    this.#stream.write(ERASE_LINE + line.slice(0, this.#stream.columns - 1));
    this.#shown = true;
  }
}
