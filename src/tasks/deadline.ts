import type { Clock } from '../domain/clock.js';
import { type ErrorCode, ExchangeSyncError } from '../domain/errors.js';

const ANSWER_DEADLINE_MS = 30_000;

/** What somebody else's function answers, who may never do so. */
export async function answered<T>(
  clock: Clock,
  answer: Promise<T>,
  { code, message }: Unanswered,
  signal: AbortSignal,
): Promise<T> {
  if (await settlesWithin(clock, ANSWER_DEADLINE_MS, answer, signal)) return await answer;
  throw new ExchangeSyncError(code, message);
}

/** What to say when there is no answer within 30 s, or before the signal is aborted. */
export interface Unanswered {
  readonly code: ErrorCode;
  readonly message: string;
}

export const UNANSWERED = {
  accounts: {
    code: 'INTERNAL',
    message:
      'The list of accounts did not come within 30 s. If you pass a credential provider, see what it waits for.',
  },
  dueTimes: {
    code: 'DATABASE_UNAVAILABLE',
    message:
      'The stored due times did not come within 30 s. See whether the database is overloaded, locked or migrating.',
  },
} as const satisfies Readonly<Record<string, Unanswered>>;

/** Whether the work settled in time, and before the signal was aborted; how it settled is its own affair. */
export async function settlesWithin(
  clock: Clock,
  durationMs: number,
  work: Promise<unknown>,
  signal?: AbortSignal,
): Promise<boolean> {
  const timer = new AbortController();
  const onAbort = () => timer.abort();
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted) onAbort();
  const settled = work.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([settled, sleepOrAbort(clock, durationMs, timer.signal).then(() => false)]);
  } finally {
    timer.abort();
    signal?.removeEventListener('abort', onAbort);
  }
}

/** Resolves also when the wait is called off. */
export async function sleepOrAbort(clock: Clock, durationMs: number, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(durationMs, signal);
  } catch (error: unknown) {
    if (!signal.aborted) throw error;
  }
}
