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
    const { owner, durationMs, leases, database, clock } = this.#options;
    const askedAtMs = clock.now();
    const answer = await database.transaction(async (transaction) => {
      const given = await leases.acquire(transaction, { ...request, owner, durationMs });
      if (given.kind === 'acquired') await alongside(transaction);
      return given;
    });
    if (answer.kind !== 'acquired') return answer;
    const lease = new HeldLease({ ...this.#options, lease: answer.lease, askedAtMs, signal });
    void lease.keep();
    return { kind: 'acquired', lease };
  }
}
