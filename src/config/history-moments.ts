import { ExchangeSyncError } from '../domain/errors.js';
import type { TimeRange } from '../domain/time-range.js';

/*
 * The moments that a person gives for histories. A day is its first millisecond in UTC; a time needs its zone,
 * for nobody knows which one was meant.
 */

/** The first block of the first blockchain: whatever is older is a slip of the fingers. */
const FIRST_COIN_MS = Date.UTC(2009, 0, 3);

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/i;
const EXAMPLES = 'a day such as 2024-01-31 (UTC) or a time with its zone such as 2024-01-31T12:00:00Z';

/**
 * Where a history is to begin, in milliseconds since the epoch. Rejects with RANGE_INVALID what is not a date, in
 * the future, or before there was anything to hold. `field` is what a person would change.
 */
export function parseStart(field: string, value: unknown, nowMs: number): number {
  const startMs = parseMoment(field, value);
  if (startMs >= nowMs) throw refused(field, value, 'is in the future; give a moment that is past');
  if (startMs < FIRST_COIN_MS) {
    throw refused(field, value, 'is before there was any coin to trade; give a moment from 2009-01-03 on');
  }
  return startMs;
}

/** A half-open range that begins in the past; what of it is still to come is left out. */
export function parsePastRange(from: unknown, to: unknown, nowMs: number): TimeRange {
  const fromMs = parseStart('from', from, nowMs);
  const toMs = Math.min(parseMoment('to', to), nowMs);
  if (toMs <= fromMs) {
    throw refused('to', to, `does not come after ${String(from)}; a range ends after it begins`);
  }
  return { fromMs, toMs };
}

/** Below where an exchange's history begins, nothing can be read. */
export function beforeExchange(exchange: string, fromMs: number, servedFromMs: number): ExchangeSyncError {
  const [from, since] = [fromMs, servedFromMs].map((ms) => new Date(ms).toISOString().slice(0, 10));
  return refused(
    'from',
    from,
    `is before ${exchange} existed; give a moment from ${since} on, or leave it out`,
  );
}

function parseMoment(field: string, value: unknown): number {
  const text = typeof value === 'string' ? value.trim() : '';
  const day = DAY.test(text) ? text : TIME.exec(text)?.[1];
  const ms = day === undefined || !isOnCalendar(day) ? Number.NaN : Date.parse(text.replace(' ', 'T'));
  if (Number.isNaN(ms)) throw refused(field, value, `is not a date; give ${EXAMPLES}`);
  return ms;
}

/** Date.parse takes the 30th of February for the 2nd of March. */
function isOnCalendar(day: string): boolean {
  const ms = Date.parse(day);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}

function refused(field: string, value: unknown, problem: string): ExchangeSyncError {
  const shown = JSON.stringify(value) ?? String(value);
  return new ExchangeSyncError('RANGE_INVALID', `${field}: ${shown} ${problem}.`, {
    details: { field, value },
  });
}
