import type { AccountRef } from './account.js';
import type { SyncedDataType } from './data-type.js';
import type { PortfolioFilter } from './portfolio-view.js';
import type { SyncOutcome } from './report.js';

/* Plain JSON: `null` is unknown, times are ISO 8601 in UTC. */

export interface HistoryFilter extends PortfolioFilter {
  readonly dataType?: SyncedDataType;
  readonly status?: SyncOutcome;
  /** At most this many, newest first; 50 by default. */
  readonly limit?: number;
}

export interface HistoryEntry extends AccountRef {
  readonly id: string;
  readonly runId: string;
  readonly dataType: SyncedDataType;
  readonly status: SyncOutcome;
  readonly itemsProcessed: number;
  readonly itemsSynced: number;
  readonly startedAt: string;
  readonly finishedAt: string;
  /** null: they were not counted. */
  readonly requests: number | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
}
