import type { ExchangeDataSynchronizer, SynchronizerStatus, SyncReport } from '../index.js';

/** How old what was last read in full is. */
export interface DataAge {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly ageSeconds: number;
}

export interface LastGoodData extends DataAge {
  readonly accounts: readonly (DataAge & { readonly exchange: string; readonly account: string })[];
}

interface Seen {
  readonly exchange: string;
  readonly account: string;
  readonly atMs: number;
}

/** Stands for the exchange as a whole in reports: prices, which say nothing of what an account holds. */
const WHOLE_EXCHANGE = '*';

/**
 * Remembers when each account was last synced successfully, for the time when the database cannot be asked. It
 * knows what it was told in this process: by the events, and by each status that was read.
 */
export class LastGoodDataMemory {
  readonly #seen = new Map<string, Seen>();

  /** Returns what ends the listening. */
  listenTo(synchronizer: ExchangeDataSynchronizer): () => void {
    const onReport = (report: SyncReport) => this.noteReport(report);
    synchronizer.on('sync:report', onReport);
    return () => synchronizer.off('sync:report', onReport);
  }

  noteReport({ exchange, account, status, finishedAt }: SyncReport): void {
    if (status === 'ok') this.#note(exchange, account, finishedAt);
  }

  noteStatus({ dataTypes }: SynchronizerStatus): void {
    for (const { exchange, account, lastSuccess } of dataTypes) {
      if (lastSuccess !== null) this.#note(exchange, account, lastSuccess);
    }
  }

  /** `at` is the newest; null when nothing good was seen yet. */
  recall(nowMs: number): LastGoodData | null {
    const seen = [...this.#seen.values()];
    const newest = seen.reduce<Seen | undefined>((a, b) => (a && a.atMs >= b.atMs ? a : b), undefined);
    if (newest === undefined) return null;
    return {
      ...ageOf(newest, nowMs),
      accounts: seen.map((each) => ({
        exchange: each.exchange,
        account: each.account,
        ...ageOf(each, nowMs),
      })),
    };
  }

  #note(exchange: string, account: string, time: string): void {
    const atMs = Date.parse(time);
    const key = `${exchange}/${account}`;
    const known = this.#seen.get(key);
    if (account === WHOLE_EXCHANGE || (known && known.atMs >= atMs)) return;
    this.#seen.set(key, { exchange, account, atMs });
  }
}

/** The database's clock may be ahead of ours. */
function ageOf({ atMs }: Seen, nowMs: number): DataAge {
  return { at: new Date(atMs).toISOString(), ageSeconds: Math.max(0, Math.round((nowMs - atMs) / 1000)) };
}
