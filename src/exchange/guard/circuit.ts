import { EventEmitter } from 'node:events';
import CircuitBreaker from 'opossum';
import type { Clock } from '../../domain/clock.js';
import { ExchangeSyncError } from '../../domain/errors.js';
import type { EmitGuardEvent } from './emit.js';
import { type CircuitEffect, FailedAttempt } from './failure.js';
import type { GuardState, OpenCircuit } from './guard-state.js';

export interface CircuitOptions {
  readonly exchange: string;
  /** The gateway's name: where the state is kept. */
  readonly name: string;
  readonly clock: Clock;
  readonly state: GuardState;
  readonly emit: EmitGuardEvent;
}

const FEWEST_FAILURES = 5;
const BUCKETS = 6;
const BUCKET_MS = 10_000;
const FIRST_OPENING_MS = 30_000;
const LONGEST_OPENING_MS = 600_000;

/** opossum opens above this percentage: never by itself, because it knows no least number of failures. */
const NEVER = 100;
/** opossum's own way to half-open, by the real clock: never. */
const UNREACHED_MS = 2 ** 31 - 1;

type Attempt = () => Promise<unknown>;

/**
 * Leaves an exchange alone that fails: at least five failures of availability in a minute, and no fewer than
 * successes, open it. When its time is up, one attempt is let through. All times are the injected clock's.
 */
export class Circuit {
  readonly #options: CircuitOptions;
  readonly #rotation = new EventEmitter();
  #breaker: CircuitBreaker<[Attempt], unknown>;
  #rotatedAtMs: number;
  #lastEffect: CircuitEffect = 'none';
  #lastError: unknown;

  constructor(options: CircuitOptions) {
    this.#options = options;
    this.#rotatedAtMs = options.clock.now();
    this.#breaker = this.#createBreaker(this.#open === undefined ? 'closed' : 'open');
  }

  /** Rejects with CIRCUIT_OPEN while it is open. `attempt` rejects with a FailedAttempt. */
  async run<T>(attempt: () => Promise<T>): Promise<T> {
    this.#followState();
    this.#rotate();
    try {
      return (await this.#breaker.fire(attempt)) as T;
    } catch (error: unknown) {
      if ((error as { code?: unknown }).code !== 'EOPENBREAKER') throw error;
      throw this.#refusal(this.#open);
    }
  }

  /** Other processes open and close it as well, through the state. Throws CIRCUIT_OPEN while it is open. */
  #followState(): void {
    const open = this.#open;
    if (open === undefined) {
      if (!this.#breaker.closed) this.#replaceBreaker('closed');
      return;
    }
    if (this.#options.clock.now() < open.untilMs) throw this.#refusal(open);
    if (!this.#breaker.halfOpen) this.#replaceBreaker('half-open');
  }

  close(): void {
    this.#breaker.shutdown();
  }

  get #open(): OpenCircuit | undefined {
    return this.#options.state.circuits.get(this.#options.name);
  }

  /** opossum cannot be told its state; it can only begin in one. */
  #replaceBreaker(status: 'closed' | 'half-open'): void {
    this.#breaker.shutdown();
    this.#breaker = this.#createBreaker(status);
  }

  #createBreaker(status: 'closed' | 'open' | 'half-open'): CircuitBreaker<[Attempt], unknown> {
    const breaker = new CircuitBreaker<[Attempt], unknown>((attempt) => attempt(), {
      timeout: false,
      errorThresholdPercentage: NEVER,
      resetTimeout: UNREACHED_MS,
      rollingCountTimeout: BUCKETS * BUCKET_MS,
      rollingCountBuckets: BUCKETS,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
      rotateBucketController: this.#rotation,
      errorFilter: (error: unknown) => this.#countsAsSuccess(error),
      state: { closed: status === 'closed', halfOpen: status === 'half-open' },
    } as CircuitBreaker.Options<[Attempt]>);
    breaker.on('failure', (error: unknown) => this.#onFailure(error));
    breaker.on('open', () => this.#onOpen());
    breaker.on('close', () => this.#onClose());
    return breaker;
  }

  /** A half-open circuit is closed by proof of availability only, not by an attempt that says nothing. */
  #countsAsSuccess(error: unknown): boolean {
    this.#lastEffect = effectOf(error);
    return this.#lastEffect === 'available' || (this.#lastEffect === 'none' && !this.#breaker.halfOpen);
  }

  #onFailure(error: unknown): void {
    this.#lastError = error;
    const { failures, successes } = this.#breaker.stats;
    if (!this.#breaker.halfOpen && failures >= FEWEST_FAILURES && failures >= successes) this.#breaker.open();
  }

  #onOpen(): void {
    const { clock, state, name, emit, exchange } = this.#options;
    const now = clock.now();
    const before = this.#open;
    if (before !== undefined && this.#lastEffect === 'none') {
      state.circuits.set(name, { ...before, untilMs: now });
      return;
    }
    const openings = (before?.openings ?? 0) + 1;
    const untilMs = now + Math.min(FIRST_OPENING_MS * 2 ** (openings - 1), LONGEST_OPENING_MS);
    const reason = this.#lastError instanceof Error ? this.#lastError.message : 'It failed repeatedly.';
    state.circuits.set(name, { openedAtMs: now, untilMs, openings, reason });
    emit('breaker:open', { exchange, until: new Date(untilMs).toISOString(), reason });
  }

  #onClose(): void {
    this.#options.state.circuits.delete(this.#options.name);
    this.#options.emit('breaker:close', { exchange: this.#options.exchange });
  }

  #rotate(): void {
    const due = Math.floor((this.#options.clock.now() - this.#rotatedAtMs) / BUCKET_MS);
    if (due <= 0) return;
    this.#rotatedAtMs += due * BUCKET_MS;
    for (let bucket = 0; bucket < Math.min(due, BUCKETS); bucket += 1) this.#rotation.emit('rotate');
  }

  #refusal(open: OpenCircuit | undefined): ExchangeSyncError {
    const { exchange, clock } = this.#options;
    const until = new Date(open?.untilMs ?? clock.now()).toISOString();
    const reason = open === undefined ? '' : ` Last failure: ${open.reason}`;
    return new ExchangeSyncError(
      'CIRCUIT_OPEN',
      `${exchange} failed repeatedly and is left alone; it is tried again at ${until}.${reason}`,
      { details: { exchange, until } },
    );
  }
}

function effectOf(error: unknown): CircuitEffect {
  return error instanceof FailedAttempt ? error.failure.circuit : 'none';
}
