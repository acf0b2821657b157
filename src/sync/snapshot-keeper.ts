import { type AccountRef, accountId } from '../domain/account.js';
import type { Transaction } from '../storage/database.js';
import type { SnapshotRepository, SnapshotRetention } from '../storage/snapshot-repository.js';

const HOUR_MS = 60 * 60 * 1000;

export interface SnapshotKeeperOptions {
  readonly snapshots: Pick<SnapshotRepository, 'take' | 'thin'>;
  readonly retention: SnapshotRetention;
  readonly now: () => number;
}

/** Notes what each portfolio is worth along with the sync that worked it out, and thins what is old of it once an hour. */
export class SnapshotKeeper {
  readonly #options: SnapshotKeeperOptions;
  readonly #thinnedAtMs = new Map<string, number>();

  constructor(options: SnapshotKeeperOptions) {
    this.#options = options;
  }

  async take(transaction: Transaction, account: AccountRef): Promise<void> {
    const { snapshots, retention, now } = this.#options;
    const atMs = now();
    await snapshots.take(transaction, account, atMs);
    const thinnedAtMs = this.#thinnedAtMs.get(accountId(account)) ?? Number.NEGATIVE_INFINITY;
    if (atMs - thinnedAtMs < HOUR_MS) return;
    await snapshots.thin(transaction, account, retention, atMs);
    this.#thinnedAtMs.set(accountId(account), atMs);
  }
}
