/*
 * When a task of a fixed rate is due. Due times lie on a grid that is anchored at the first one, so that
 * neither a late start nor jitter ever moves a later one. All times are milliseconds since the epoch.
 */

const MAX_JITTER_SHARE = 0.1;
const MAX_JITTER_MS = 30_000;

/**
 * The first due time after a start: the stored one, but now where there is none or it has passed, and
 * never further away than one interval, which may have become shorter since it was stored.
 */
export function firstDueMs(storedMs: number | undefined, nowMs: number, intervalMs: number): number {
  if (storedMs === undefined || storedMs <= nowMs) return nowMs;
  return Math.min(storedMs, nowMs + intervalMs);
}

/** The next time on the grid that lies after now: what was missed is left out. */
export function nextDueMs(dueMs: number, nowMs: number, intervalMs: number): number {
  const passed = Math.max(0, Math.floor((nowMs - dueMs) / intervalMs));
  return dueMs + (passed + 1) * intervalMs;
}

/** How long after its due time a task starts: `share` (0 to 1) of a tenth of the interval or of 30 s. */
export function jitterMs(intervalMs: number, share: number): number {
  return Math.floor(share * Math.min(intervalMs * MAX_JITTER_SHARE, MAX_JITTER_MS));
}
