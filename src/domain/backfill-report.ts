import type { AccountRef } from './account.js';
import type { CoverageRange } from './coverage-view.js';
import type { HistoryDataType } from './data-type.js';
import type { ReportedError } from './report.js';
import type { ScopeId } from './scope-read.js';

export interface BackfillOptions {
  /** `bybit/sub1`, `bybit`, or everything that is configured. */
  readonly target?: string;
  /** Absent: all three. */
  readonly dataType?: HistoryDataType;
  /** An ISO 8601 date or time; absent: as far back as the exchange serves, or the account's opening. */
  readonly from?: string;
  /** Every market of the exchange instead of those that are known to matter, where it wants a symbol. */
  readonly allSymbols?: boolean;
}

export interface RepairOptions {
  readonly target?: string;
  readonly dataType?: HistoryDataType;
  /** ISO 8601; half-open. */
  readonly from: string;
  readonly to: string;
}

/** One page of history that was committed. */
export interface HistoryChunk extends AccountRef {
  readonly dataType: HistoryDataType;
  readonly scope: ScopeId;
  /** What it covers; null where it covers nothing yet. */
  readonly covered: CoverageRange | null;
  readonly rows: number;
  /** Of the time that this run is to read of the account's data type: read so far, and in all. */
  readonly doneMs: number;
  readonly totalMs: number;
}

/** What a backfill or a repair did of one data type of one account. */
export interface BackfillResult extends AccountRef {
  readonly dataType: HistoryDataType;
  /** `ok`: nothing is left to be read. */
  readonly status: 'ok' | 'partial' | 'failed' | 'skipped';
  readonly rows: number;
  /** Of those, the ones that were not stored before. */
  readonly newRows: number;
  readonly requests: number;
  /** In ranges that are lost. */
  readonly lost: readonly CoverageRange[];
  readonly errors: readonly ReportedError[];
}

export interface BackfillReport {
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly results: readonly BackfillResult[];
}
