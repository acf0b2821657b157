import type { ReportedError } from './report.js';
import type { ScopeId } from './scope-read.js';
import type { TimeRange } from './time-range.js';

/** How the attempt to read one scope ended. */
export interface ScopeResult {
  readonly scope: ScopeId;
  readonly attemptedAtMs: number;
  /** When the read began, if it was complete and every row valid; only then does the scope's age start anew. */
  readonly completeAtMs?: number;
  readonly error?: ReportedError;
  /** Of a history, by the exchange's clock: all that should be known of it now. */
  readonly wanted?: TimeRange;
  /** When the oldest of what is not read yet falls off at the exchange, by this machine's clock; absent: never. */
  readonly nextLossAtMs?: number;
}
