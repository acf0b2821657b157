import { randomUUID } from 'node:crypto';
import type { PlannedSync, SyncReport } from '../index.js';
import { httpError } from './error-answer.js';
import type { ErrorAnswer } from './schemas/error-schema.js';

/** A sync that was asked for and not waited for. */
export interface AcceptedSync {
  readonly id: string;
  readonly acceptedAt: string;
  /** `failed`: there are no reports, and `error` says why. What failed at an exchange is in the reports. */
  readonly state: 'running' | 'finished' | 'failed';
  readonly syncs: readonly PlannedSync[];
  readonly reports?: readonly SyncReport[];
  readonly error?: ErrorAnswer;
}

/** What became of older ones is in the history. */
const REMEMBERED = 200;

/** What became of syncs that nobody waited for, until there are too many, or the process ends. */
export class AcceptedSyncs {
  readonly #syncs = new Map<string, AcceptedSync>();

  /** `onFailure` is told what the reports cannot say. */
  accept(
    syncs: readonly PlannedSync[],
    reports: Promise<readonly SyncReport[]>,
    onFailure: (error: unknown) => void,
  ): AcceptedSync {
    const accepted: AcceptedSync = {
      id: randomUUID(),
      acceptedAt: new Date().toISOString(),
      state: 'running',
      syncs,
    };
    this.#syncs.set(accepted.id, accepted);
    const [oldest] = this.#syncs.keys();
    if (this.#syncs.size > REMEMBERED && oldest !== undefined) this.#syncs.delete(oldest);
    reports.then(
      (done) => this.#settle({ ...accepted, state: 'finished', reports: done }),
      (error: unknown) => {
        this.#settle({ ...accepted, state: 'failed', error: httpError(error).answer });
        onFailure(error);
      },
    );
    return accepted;
  }

  find(id: string): AcceptedSync | undefined {
    return this.#syncs.get(id);
  }

  #settle(sync: AcceptedSync): void {
    if (this.#syncs.has(sync.id)) this.#syncs.set(sync.id, sync);
  }
}
