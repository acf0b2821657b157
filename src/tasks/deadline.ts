import type { Clock } from '../domain/clock.js';
import { ExchangeSyncError } from '../domain/errors.js';

const ANSWER_DEADLINE_MS = 30_000;

/** What somebody else's function answers, who may never do so. Rejects with `INTERNAL` after 30 s or an abort. */
export async function answered<T>(
  clock: Clock,
  what: string,
  answer: Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  if (await settlesWithin(clock, ANSWER_DEADLINE_MS, answer, signal)) return await answer;
  throw new ExchangeSyncError('INTERNAL', `${what} did not come within ${ANSWER_DEADLINE_MS / 1_000} s.`);
}

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
