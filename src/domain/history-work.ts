import type { HistoryDataType } from './data-type.js';
import type { TimeRange } from './time-range.js';

/* What reads history beside the schedule is asked to do, once names and dates are checked. */

/** All accounts that are configured, those of one exchange, or one. */
export interface HistoryTarget {
  readonly exchange?: string | undefined;
  readonly account?: string | undefined;
}

export interface BackfillWork extends HistoryTarget {
  /** Undefined: all three. */
  readonly dataType?: HistoryDataType | undefined;
  /** Undefined: as far back as the exchange serves, or the account's opening. */
  readonly fromMs?: number | undefined;
  readonly allSymbols: boolean;
}

export interface RepairWork extends HistoryTarget {
  /** Undefined: all three. */
  readonly dataType?: HistoryDataType | undefined;
  readonly range: TimeRange;
}
