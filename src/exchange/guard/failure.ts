import type { ErrorCode, ExchangeSyncError } from '../../domain/errors.js';

/** What a failed attempt means for what happens next. */
export interface Failure {
  readonly error: ExchangeSyncError;
  readonly retry: RetryKind;
  readonly circuit: CircuitEffect;
  readonly suspends: 'account' | 'scope' | 'nothing';
  /** Set where the exchange asked to be left alone. */
  readonly hold?: Hold;
  /**
   * Set where the error may be about the key or about the scope: what it means if the key is good. A read that
   * every good key may make decides.
   */
  readonly ifKeyIsGood?: Failure;
}

export interface Hold {
  readonly who: 'ip' | 'key';
  readonly untilMs: number;
}

/** `never`: the same request would fail again. The other two first put right what was wrong. */
export type RetryKind = 'never' | 'backoff' | 'after-clock-sync' | 'after-market-refresh';

/** What an attempt says about the exchange's availability; `none`: nothing. */
export type CircuitEffect = 'available' | 'unavailable' | 'none';

interface Reaction {
  readonly retry: RetryKind;
  readonly circuit: CircuitEffect;
}

const ANSWERED: Reaction = { retry: 'never', circuit: 'available' };
const OURS: Reaction = { retry: 'never', circuit: 'none' };
const DOWN: Reaction = { retry: 'backoff', circuit: 'unavailable' };
/** The limiter holds everything back; an exchange that limits is not an exchange that fails. */
const HELD: Reaction = { retry: 'backoff', circuit: 'none' };

const REACTIONS: Partial<Record<ErrorCode, Reaction>> = {
  EXCHANGE_UNAVAILABLE: DOWN,
  EXCHANGE_TIMEOUT: DOWN,
  EXCHANGE_BAD_RESPONSE: DOWN,
  RATE_LIMITED: HELD,
  BANNED: HELD,
  CLOCK_SKEW: { retry: 'after-clock-sync', circuit: 'available' },
  AUTHENTICATION_FAILED: ANSWERED,
  PERMISSION_DENIED: ANSWERED,
  EXCHANGE_REJECTED: ANSWERED,
  NOT_SUPPORTED: ANSWERED,
};

/** REGION_BLOCKED, ABORTED, INTERNAL and every other code: not retried, and no word about availability. */
export function reactionTo(code: ErrorCode): Reaction {
  return REACTIONS[code] ?? OURS;
}

/** Carries a failure from the attempt through circuit breaker and retries. */
export class FailedAttempt extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.error.message, { cause: failure.error });
    this.failure = failure;
  }
}
