import type { CoverageRange } from '../domain/coverage-view.js';
import { formatTime } from './output.js';

/** `2024-11-20`, or `2024-11-20 12:30:00Z` where it is not the day's first moment. */
export function formatMoment(iso: string): string {
  return iso.slice(11).startsWith('00:00:00.000') ? iso.slice(0, 10) : (formatTime(iso) ?? iso);
}

/** `2024-11-20 to 2024-12-01`; half-open. */
export function formatRange({ from, to }: CoverageRange): string {
  return `${formatMoment(from)} to ${formatMoment(to)}`;
}

export function lengthMs(ranges: readonly CoverageRange[]): number {
  return ranges.reduce((sum, { from, to }) => sum + Date.parse(to) - Date.parse(from), 0);
}
