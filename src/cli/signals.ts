export type StopSignal = 'SIGINT' | 'SIGTERM';

export interface StopSignals {
  /** Resolves with the first signal. */
  readonly signal: Promise<StopSignal>;
  /** Gives the signals their default effect back. */
  readonly release: () => void;
}

/** Only the command line listens to signals; a host's own handlers are never touched. */
export function untilSignal(): StopSignals {
  const listeners = new AbortController();
  const signal = Promise.race([received('SIGINT', listeners.signal), received('SIGTERM', listeners.signal)]);
  return { signal, release: () => listeners.abort() };
}

/** Heard once: a second Ctrl-C ends a stop that takes too long. */
function received(signal: StopSignal, released: AbortSignal): Promise<StopSignal> {
  return new Promise((resolve) => {
    const listener = () => resolve(signal);
    process.once(signal, listener);
    released.addEventListener('abort', () => process.off(signal, listener), { once: true });
  });
}
