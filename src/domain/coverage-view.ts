import type { AccountRef } from './account.js';
import type { HistoryDataType } from './data-type.js';
import type { DecimalString } from './decimal-string.js';
import type { ScopeId } from './scope-read.js';

/* Plain JSON: `null` is unknown, times are ISO 8601 in UTC. */

export interface CoverageFilter {
  readonly exchange?: string;
  readonly account?: string;
  readonly dataType?: HistoryDataType;
}

/** Half-open. */
export interface CoverageRange {
  readonly from: string;
  readonly to: string;
}

export interface LostRange extends CoverageRange {
  /** Why it can't be read any more. */
  readonly reason: string;
}

/** What is known of one scope of one account's history. */
export interface ScopeCoverage extends AccountRef {
  readonly dataType: HistoryDataType;
  readonly scope: ScopeId;
  /** Of the whole time from `from` to `to`: the share that is proven complete, 0 to 1. */
  readonly provenShare: DecimalString;
  /** The earliest time that is asked for: the account's opening, `backfill --from`, or what the exchange serves. */
  readonly from: string;
  readonly to: string;
  readonly complete: readonly CoverageRange[];
  /** Not read yet, or read and failed. */
  readonly gaps: readonly CoverageRange[];
  readonly lost: readonly LostRange[];
  /** Asked to be read once more. */
  readonly rereads: readonly CoverageRange[];
  /** Rows that are set aside; what they cover is a gap. */
  readonly setAside: number;
  /** When the oldest of what is not read yet falls off at the exchange; null: it keeps everything. */
  readonly nextLossAt: string | null;
}

export interface Coverage {
  readonly scopes: readonly ScopeCoverage[];
}
