import { setMaxListeners } from 'node:events';
import type { Clock } from '../domain/clock.js';
import { ExchangeSyncError } from '../domain/errors.js';
import type { Logger } from '../logging/logger.js';
import type { Transaction } from '../storage/database.js';
import type { Lease, LeaseRepository } from '../storage/lease-repository.js';
import type { PostgresDatabase } from '../storage/postgres-database.js';

export interface HeldLeaseOptions {
  readonly lease: Lease;
  /** By this process's clock, when it was asked for: it lasts no longer than `durationMs` from then. */
  readonly askedAtMs: number;
  readonly durationMs: number;
  /** Of the run: when it is aborted, so is the lease's. */
  readonly signal: AbortSignal;
  readonly leases: Pick<LeaseRepository, 'renew' | 'release' | 'countRefused'>;
  readonly database: Pick<PostgresDatabase, 'transaction'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** So many renewals could be missed before the lease runs out. */
const RENEWALS_PER_DURATION = 3;

/** A lease while its run lasts: it is renewed until it is given back or lost. */
export class HeldLease {
  readonly #options: HeldLeaseOptions;
  readonly #reading = new AbortController();
  readonly #ended = new AbortController();
  #validUntilMs: number;

  constructor(options: HeldLeaseOptions) {
    this.#options = options;
    this.#validUntilMs = options.askedAtMs + options.durationMs;
    const { signal } = options;
    const callOff = () => this.#reading.abort(signal.reason);
    // All runs of a process share it; that is no leak.
    setMaxListeners(0, signal);
    signal.addEventListener('abort', callOff, { once: true });
    this.#ended.signal.addEventListener('abort', () => signal.removeEventListener('abort', callOff));
    if (signal.aborted) callOff();
  }

  /** For the reading: aborted with the run, and with LEASE_LOST once another process may have the lease. */
  get signal(): AbortSignal {
    return this.#reading.signal;
  }

  /** Whether a request may be sent. A process that was stopped wakes up with a lease that has run out. */
  check(): boolean {
    if (this.#options.clock.now() >= this.#validUntilMs) this.#lose('ran out');
    return !this.signal.aborted;
  }

  /** Renews until `end`; never rejects. */
  async keep(): Promise<void> {
    const { clock, durationMs } = this.#options;
    const ended = this.#ended.signal;
    while (!ended.aborted && !this.signal.aborted) {
      try {
        await clock.sleep(durationMs / RENEWALS_PER_DURATION, ended);
      } catch {
        return; // The run has ended.
      }
      await this.#renew();
    }
  }

  /** No more renewals. */
  end(): void {
    this.#ended.abort();
  }

  /**
   * Must be the transaction's first statement: gives the lease back with the commit. Rejects with LEASE_LOST
   * when another process has it, so that nothing of the transaction is kept.
   */
  async fence(transaction: Transaction): Promise<void> {
    const { leases, lease } = this.#options;
    if (!(await leases.release(transaction, lease))) throw this.#lossOf('was taken over');
  }

  /**
   * Must be the transaction's first statement: fences what follows and keeps the lease. Rejects with LEASE_LOST
   * when another process has it, and calls the reading off.
   */
  async extend(transaction: Transaction): Promise<void> {
    const { clock, leases, lease, durationMs } = this.#options;
    const askedAtMs = clock.now();
    if (await leases.renew(transaction, lease, durationMs)) this.#validUntilMs = askedAtMs + durationMs;
    else this.#lose('was taken over');
    this.signal.throwIfAborted();
  }

  /** Gives it back without having written anything; where that fails, it runs out. */
  async release(): Promise<void> {
    const { leases, lease, logger } = this.#options;
    this.end();
    try {
      await this.#inShort((transaction) => leases.release(transaction, lease));
    } catch (error: unknown) {
      logger.debug('A lease could not be given back and will run out', { error });
    }
  }

  /** For readers of the status: a sync whose writes the fence has refused. */
  async countRefused(): Promise<void> {
    const { leases, lease, database, logger } = this.#options;
    try {
      await database.transaction((transaction) => leases.countRefused(transaction, lease));
    } catch (error: unknown) {
      logger.warning('Refused writes could not be counted in the database', { error });
    }
  }

  async #renew(): Promise<void> {
    const { clock, leases, lease, durationMs, logger } = this.#options;
    const askedAtMs = clock.now();
    try {
      const kept = await this.#inShort((transaction) => leases.renew(transaction, lease, durationMs));
      if (this.#ended.signal.aborted) return;
      if (kept) this.#validUntilMs = askedAtMs + durationMs;
      else this.#lose('was taken over');
    } catch (error: unknown) {
      logger.warning('A lease could not be renewed', { error });
    }
    this.check();
  }

  #inShort<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const { database, durationMs } = this.#options;
    const statementTimeoutMs = Math.ceil(durationMs / RENEWALS_PER_DURATION);
    return database.transaction(work, { statementTimeoutMs });
  }

  #lose(how: string): void {
    if (!this.signal.aborted) this.#reading.abort(this.#lossOf(how));
  }

  #lossOf(how: string): ExchangeSyncError {
    const { exchange, account } = this.#options.lease;
    return new ExchangeSyncError(
      'LEASE_LOST',
      `The lease on ${exchange}/${account} ${how} while this process was stopped or cut off from the database; another process may be syncing the account.`,
      { details: { exchange, account } },
    );
  }
}
