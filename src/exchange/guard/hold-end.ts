import type { AnswerFacts } from '../ccxt/answer-facts.js';

/** binance's longest ban. What asks for more is taken for an error of the sender's. */
const LONGEST_HOLD_MS = 3 * 24 * 3_600_000;

/** binance writes the end of a ban into its sentence only. */
const BAN_END = /\buntil (\d{13})\b/;

/**
 * Until when (by this machine's clock) the exchange asks to be left alone; `undefined` where it does not say.
 */
export function holdEnd({ headers, body }: AnswerFacts, nowMs: number): number | undefined {
  const banEnd = BAN_END.exec(body)?.[1];
  const ends = [retryAfter(headers['retry-after'], nowMs), banEnd === undefined ? undefined : Number(banEnd)];
  const known = ends.filter((end) => end !== undefined);
  if (known.length === 0) return undefined;
  return Math.min(Math.max(...known, nowMs), nowMs + LONGEST_HOLD_MS);
}

/** Seconds or an HTTP date. */
function retryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+(?:\.\d+)?$/.test(value.trim())) return nowMs + Number(value) * 1_000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : date;
}

/** How long to wait where the exchange does not say. bybit's 403 lasts ten minutes. */
export const UNSTATED_HOLD_MS = { RATE_LIMITED: 5_000, BANNED: 600_000 } as const;
