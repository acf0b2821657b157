import type { Transaction } from '../storage/database.js';
import type { SyncHistoryRepository } from '../storage/sync-history-repository.js';

const DAY_MS = 24 * 60 * 60 * 1000;

export interface HistoryRetentionOptions {
  readonly history: Pick<SyncHistoryRepository, 'prune'>;
  readonly retentionDays: number;
  readonly now: () => number;
}

/** Removes old rows of `sync_history`, at most once a day, along with a sync that writes anyway. */
export class HistoryRetention {
  readonly #options: HistoryRetentionOptions;
  #prunedAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: HistoryRetentionOptions) {
    this.#options = options;
  }

  async pruneWhenDue(transaction: Transaction): Promise<void> {
    const { history, retentionDays, now } = this.#options;
    if (now() - this.#prunedAtMs < DAY_MS) return;
    await history.prune(transaction, retentionDays);
    this.#prunedAtMs = now();
  }
}
