import pRetry from 'p-retry';
import type { Clock } from '../../domain/clock.js';
import { FailedAttempt, type Failure, type RetryKind } from './failure.js';

/** One call alone cannot open the circuit breaker, which takes five failures. */
const RETRIES = 3;
const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 15_000;

export interface RetryOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly deadlineAtMs: number;
  /** From 0 to 1, as Math.random. */
  readonly random: () => number;
  /** Told of each failure that is followed by another attempt. */
  readonly onRetry: (failure: Failure, attemptNumber: number) => void;
  /** Puts right what made the attempt fail; done once per call and kind. */
  readonly repair: Readonly<Partial<Record<RetryKind, () => Promise<void>>>>;
}

/**
 * Repeats an attempt while its failure says that this can help: exponential backoff with full jitter, never
 * past the deadline. Rejects with the last failure.
 */
export async function withRetries<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  const repaired = new Set<RetryKind>();
  return await pRetry(attempt, {
    retries: RETRIES,
    // The waits are made below, by the injected clock.
    minTimeout: 0,
    signal: options.signal,
    onFailedAttempt: async ({ error, attemptNumber, retriesLeft }) => {
      if (!(error instanceof FailedAttempt) || retriesLeft === 0) throw error;
      await beforeNext(error, attemptNumber, repaired, options);
    },
  });
}

async function beforeNext(
  failed: FailedAttempt,
  attemptNumber: number,
  repaired: Set<RetryKind>,
  { clock, signal, deadlineAtMs, random, repair, onRetry }: RetryOptions,
): Promise<void> {
  const { failure } = failed;
  if (failure.retry === 'never' || holdsBeyond(failure, deadlineAtMs)) throw failed;
  if (failure.retry !== 'backoff') {
    if (repaired.has(failure.retry)) throw failed;
    repaired.add(failure.retry);
    onRetry(failure, attemptNumber);
    await repair[failure.retry]?.();
    return;
  }
  const ceiling = Math.min(FIRST_BACKOFF_MS * 2 ** (attemptNumber - 1), LONGEST_BACKOFF_MS);
  const delayMs = Math.round(random() * ceiling);
  if (clock.now() + delayMs >= deadlineAtMs) throw failed;
  onRetry(failure, attemptNumber);
  await clock.sleep(delayMs, signal);
}

/** The exchange wants to be left alone for longer than the caller waits. */
function holdsBeyond({ hold }: Failure, deadlineAtMs: number): boolean {
  return hold !== undefined && hold.untilMs >= deadlineAtMs;
}
