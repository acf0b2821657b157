import { accountId } from '../domain/account.js';
import type { ExchangeDataSynchronizer } from '../index.js';
import { WatchedLine } from './watched-line.js';

/** What is being synced, while somebody watches. */
export class ProgressLine {
  readonly #line: WatchedLine;
  readonly #running = new Map<string, string>();
  #finished = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#line = new WatchedLine(stream);
  }

  follow(synchronizer: Pick<ExchangeDataSynchronizer, 'on'>): void {
    if (!this.#line.isWatched) return;
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
    this.#line.clear();
  }

  #show(): void {
    this.#line.show(`${this.#finished} done, syncing ${[...this.#running.values()].join(', ')}`);
  }
}
