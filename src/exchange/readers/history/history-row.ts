import type { HistoryScopeProfile } from '../../profiles/history-scopes.js';
import { type Dictionary, isDictionary } from '../answer.js';
import { timestampOrUnknown } from '../row-fields.js';

/** A row of a page before anything of it is believed, except its time. */
export interface HistoryRow {
  /** ccxt's unified row, with the exchange's own in `info`. */
  readonly fields: Dictionary;
  /** Undefined: it is no time, or one that has not come yet. */
  readonly timestampMs: number | undefined;
}

/** Clocks of an exchange's machines differ; what is further ahead is no time of something that happened. */
const FUTURE_TOLERANCE_MS = 60_000;

export function historyRow(row: unknown, scope: HistoryScopeProfile, nowMs: number): HistoryRow {
  const fields = withoutCursor(isDictionary(row) ? row : {}, scope);
  const timestampMs = timeOf(fields, scope);
  const isFuture = timestampMs !== undefined && timestampMs > nowMs + FUTURE_TOLERANCE_MS;
  return { fields, timestampMs: isFuture ? undefined : timestampMs };
}

function timeOf(fields: Dictionary, { timeField, timeUnit }: HistoryScopeProfile): number | undefined {
  const info = isDictionary(fields.info) ? fields.info : {};
  const raw = timeField === undefined ? fields.timestamp : info[timeField];
  return timestampOrUnknown.safeParse(timeUnit === 'seconds' ? inMilliseconds(raw) : raw).data;
}

function inMilliseconds(seconds: unknown): unknown {
  const text = String(seconds);
  return /^\d{1,11}(\.\d+)?$/.test(text) ? Math.floor(Number(text) * 1000) : seconds;
}

/** ccxt writes the next page's cursor into the first row that bybit sent, which makes it another one on each page. */
function withoutCursor(fields: Dictionary, { paging }: HistoryScopeProfile): Dictionary {
  if (paging.kind !== 'cursor' || paging.cursorField === undefined || !isDictionary(fields.info))
    return fields;
  const { [paging.cursorField]: _, ...info } = fields.info;
  return { ...fields, info };
}
