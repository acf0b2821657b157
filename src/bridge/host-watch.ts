import type { LogRecord } from '../logging/logger.js';

/** Longer than this without a ping, and the host's thread was blocked: it pings twice a second. */
const BLOCKED_AFTER_MS = 5_000;

/**
 * The worker's half of the heartbeat, to be called at each ping. A silent host is only busy, since a worker
 * cannot outlive its process: syncs go on, and afterwards its owner is told that it stuttered.
 */
export function watchHost(
  log: (record: LogRecord) => void,
  monotonicMs = () => performance.now(),
): () => void {
  let lastPingMs: number | undefined;
  return () => {
    const nowMs = monotonicMs();
    const silentMs = Math.round(nowMs - (lastPingMs ?? nowMs));
    lastPingMs = nowMs;
    if (silentMs < BLOCKED_AFTER_MS) return;
    log({
      level: 'WARNING',
      message:
        'Nothing was heard from the host: its event loop was blocked, or the whole process stood still',
      fields: { silentMs },
      timestampMs: Date.now(),
    });
  };
}
