import type { RawAnswer } from './history-scopes.js';

/* What the lists of bybit's past have in common. */

export const SECOND = 1000;
export const HOUR = 60 * 60 * SECOND;
export const DAY = 24 * HOUR;

/** bybit was founded in March 2018; nothing of it can be older. */
export const FOUNDED_MS = Date.UTC(2018, 2, 1);

/** A start alone would be a range of seven days from there. */
export const RANGE = { from: 'startTime', to: 'endTime', includesFrom: true, includesTo: true } as const;

export const CURSOR = { kind: 'cursor', cursorParam: 'cursor' } as const;

export const listOf = (rows: string, parse: NonNullable<RawAnswer['parse']>): RawAnswer => ({
  rows: ['result', rows],
  cursor: ['result', 'nextPageCursor'],
  parse,
});
