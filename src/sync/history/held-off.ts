import type { ReportedError } from '../../domain/report.js';
import type { StoredScope } from '../../storage/scope-repository.js';

/** Slices of years follow each other without a pause; what just failed would be asked for in each of them. */
const PAUSE_MS = 5 * 60_000;

/** Why a list is not read in this run. */
export interface HeldOff {
  readonly error: ReportedError;
  /** When it was read last. */
  readonly attemptedAtMs: number;
}

/** Rows that are set aside are no failure of the list. */
export function heldOff(
  stored: Pick<StoredScope, 'scope' | 'errorCode' | 'lastAttemptAtMs'> | undefined,
  nowMs: number,
): HeldOff | undefined {
  const { scope, errorCode: code, lastAttemptAtMs: attemptedAtMs } = stored ?? {};
  if (scope === undefined || code === undefined || code === 'RECORD_INVALID') return undefined;
  if (attemptedAtMs === undefined || nowMs - attemptedAtMs >= PAUSE_MS) return undefined;
  const at = new Date(attemptedAtMs).toISOString();
  return {
    error: { code, message: `it failed at ${at} and is asked again a while later`, scope },
    attemptedAtMs,
  };
}
