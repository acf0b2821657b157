import { setMaxListeners } from 'node:events';
import type { Clock } from '../../domain/clock.js';
import { ExchangeSyncError } from '../../domain/errors.js';

export interface AbortableOptions {
  readonly signals: readonly AbortSignal[];
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Makes the reason with which the work ends when the time is up. */
  readonly onTimeout: () => ExchangeSyncError;
}

/**
 * Runs `work` with a signal that ends when one of `signals` does or when the time is up, and rejects with the
 * reason (an ExchangeSyncError) at that moment even if the work does not listen. Leaves neither a timer nor
 * a listener behind.
 */
export async function abortable<T>(
  { signals, clock, timeoutMs, onTimeout }: AbortableOptions,
  work: (ended: AbortSignal) => Promise<T>,
): Promise<T> {
  const end = new AbortController();
  const settled = new AbortController();
  const onAbort = () => end.abort(calledOff(signals));
  // One signal may end dozens of parallel requests; that is no leak.
  setMaxListeners(0, end.signal, ...signals);
  if (signals.some(({ aborted }) => aborted)) throw calledOff(signals);
  for (const signal of signals) signal.addEventListener('abort', onAbort, { once: true });
  clock.sleep(timeoutMs, settled.signal).then(
    () => end.abort(onTimeout()),
    () => undefined, // The work settled in time.
  );
  try {
    return await unlessAborted(work(end.signal), end.signal);
  } finally {
    settled.abort();
    for (const signal of signals) signal.removeEventListener('abort', onAbort);
  }
}

function calledOff(signals: readonly AbortSignal[]): ExchangeSyncError {
  const reason: unknown = signals.find(({ aborted }) => aborted)?.reason;
  if (reason instanceof ExchangeSyncError) return reason;
  return new ExchangeSyncError('ABORTED', 'The work was called off.', { cause: reason });
}

/** Waits for `work`, or no longer than `signal` allows; the work itself goes on. */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(calledOff([signal]));
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
