import type { ReportedError } from './report.js';
import type { ScopeId } from './scope-read.js';

/** How the attempt to read one scope ended. */
export interface ScopeResult {
  readonly scope: ScopeId;
  readonly attemptedAtMs: number;
  /** When the read began, if it was complete and every row valid; only then does the scope's age start anew. */
  readonly completeAtMs?: number;
  readonly error?: ReportedError;
}
