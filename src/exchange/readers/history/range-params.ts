import type { TimeRange } from '../../../domain/time-range.js';
import type { RangeParams } from '../../profiles/history-scopes.js';

export interface AskedRange {
  readonly params: Readonly<Record<string, number>>;
  /** ccxt's own argument, where the exchange's parameter is not named. */
  readonly sinceMs?: number;
}

/**
 * Both ends are always sent: bybit takes a start alone for seven days from there. Where the parameters are
 * coarser than milliseconds they reach further than the range; what lies outside is dropped.
 */
export function rangeParams({ fromMs, toMs }: TimeRange, range: RangeParams): AskedRange {
  const from = range.includesFrom ? fromMs : fromMs - 1;
  const to = range.includesTo ? toMs - 1 : toMs;
  const inSeconds = range.unit === 'seconds';
  const fromValue = inSeconds ? Math.floor(from / 1000) : from;
  const toValue = inSeconds ? Math.ceil(to / 1000) : to;
  return {
    params: {
      ...(range.from !== undefined && { [range.from]: fromValue }),
      ...(range.to !== undefined && { [range.to]: toValue }),
    },
    ...(range.from === undefined && { sinceMs: from }),
  };
}
