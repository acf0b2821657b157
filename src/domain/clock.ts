/** The time, and waiting for it. Injected, so that no test sleeps. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Rejects with the signal's reason when it is aborted, also when it already was. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
}

/** Longer waits than setTimeout's 2^31 - 1 ms would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = Object.freeze({
  now: () => Date.now(),

  async sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    for (let leftMs = durationMs; leftMs > 0; leftMs -= LONGEST_TIMER_MS) {
      await timer(Math.min(leftMs, LONGEST_TIMER_MS), signal);
    }
    signal?.throwIfAborted();
  },
});

function timer(durationMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const onAbort = () => {
      clearTimeout(handle);
      reject(signal?.reason);
    };
    const handle = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, durationMs);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
