import type { Clock } from '../domain/clock.js';
import type { Logger } from '../logging/logger.js';
import type { Transaction } from '../storage/database.js';
import type { LeaseAnswer, LeaseRepository, LeaseRequest } from '../storage/lease-repository.js';
import type { PostgresDatabase } from '../storage/postgres-database.js';
import { HeldLease } from './held-lease.js';

export interface LeaseKeeperOptions {
  /** Of this process and of no other, also not of one that had its number before. */
  readonly owner: string;
  readonly durationMs: number;
  /** Whether the process that signs so is certainly no more. */
  readonly isGone: (owner: string) => Promise<boolean>;
  readonly leases: Pick<LeaseRepository, 'acquire' | 'renew' | 'release' | 'countRefused'>;
  readonly database: Pick<PostgresDatabase, 'transaction'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

export type Acquisition =
  | { readonly kind: 'acquired'; readonly lease: HeldLease }
  | Exclude<LeaseAnswer, { kind: 'acquired' }>;

/** This process's leases. */
export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions;

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
  }

  get durationMs(): number {
    return this.#options.durationMs;
  }

  /** `alongside` runs in the same transaction when the lease was acquired. */
  async acquire(
    request: Omit<LeaseRequest, 'owner' | 'durationMs'>,
    signal: AbortSignal,
    alongside: (transaction: Transaction) => Promise<void>,
  ): Promise<Acquisition> {
    const askedAtMs = this.#options.clock.now();
    const answer = await this.#ask(request, alongside);
    const heldBy = answer.kind === 'held' ? answer.owner : undefined;
    // It was killed in the middle of a sync: whoever starts after it need not wait for its lease to end.
    if (heldBy !== undefined && heldBy !== request.goneOwner && (await this.#options.isGone(heldBy))) {
      return await this.acquire({ ...request, goneOwner: heldBy }, signal, alongside);
    }
    if (answer.kind !== 'acquired') return answer;
    const lease = new HeldLease({ ...this.#options, lease: answer.lease, askedAtMs, signal });
    void lease.keep();
    return { kind: 'acquired', lease };
  }

  #ask(
    request: Omit<LeaseRequest, 'owner' | 'durationMs'>,
    alongside: (transaction: Transaction) => Promise<void>,
  ): Promise<LeaseAnswer> {
    const { owner, durationMs, leases, database } = this.#options;
    return database.transaction(async (transaction) => {
      const answer = await leases.acquire(transaction, { ...request, owner, durationMs });
      if (answer.kind === 'acquired') await alongside(transaction);
      return answer;
    });
  }
}
