import type { CoverageRange, ScopeCoverage } from '../domain/coverage-view.js';
import type { DecimalString } from '../domain/decimal-string.js';
import type { TimeRange } from '../domain/time-range.js';
import { intersectRanges, subtractRanges, totalLengthMs } from './time-ranges.js';

/** What is stored of one scope of a history. */
export interface KnownScope {
  /** All that should be known; undefined: it was never planned. */
  readonly wanted: TimeRange | undefined;
  readonly complete: readonly TimeRange[];
  readonly lost: readonly (TimeRange & { readonly reason: string })[];
  readonly rereads: readonly TimeRange[];
  readonly setAside: number;
  readonly nextLossAtMs: number | undefined;
}

/** Undefined: nothing is known of it, and nothing is asked for. */
export function scopeCoverage(
  key: Pick<ScopeCoverage, 'exchange' | 'account' | 'dataType' | 'scope'>,
  { wanted, complete, lost, rereads, setAside, nextLossAtMs }: KnownScope,
): ScopeCoverage | undefined {
  const whole = wanted ?? hullOf([...complete, ...lost]);
  if (whole === undefined) return undefined;
  const proven = intersectRanges(complete, [whole]);
  return {
    ...key,
    provenShare: share(totalLengthMs(proven), totalLengthMs([whole])),
    ...isoRange(whole),
    complete: proven.map(isoRange),
    gaps: subtractRanges([whole], [...complete, ...lost]).map(isoRange),
    lost: lost.flatMap((range) =>
      intersectRanges([range], [whole]).map((part) => ({ ...isoRange(part), reason: range.reason })),
    ),
    rereads: rereads.map(isoRange),
    setAside,
    nextLossAt: nextLossAtMs === undefined ? null : isoTime(nextLossAtMs),
  };
}

const PLACES = 6;
const WHOLE = 10n ** BigInt(PLACES);

/** Cut and not rounded: 1 is all of it. */
function share(partMs: number, wholeMs: number): DecimalString {
  if (partMs >= wholeMs) return '1';
  const parts = (BigInt(partMs) * WHOLE) / BigInt(wholeMs);
  if (parts === 0n) return '0';
  return `0.${String(parts).padStart(PLACES, '0').replace(/0+$/, '')}`;
}

function hullOf(ranges: readonly TimeRange[]): TimeRange | undefined {
  if (ranges.length === 0) return undefined;
  return {
    fromMs: Math.min(...ranges.map(({ fromMs }) => fromMs)),
    toMs: Math.max(...ranges.map(({ toMs }) => toMs)),
  };
}

function isoRange({ fromMs, toMs }: TimeRange): CoverageRange {
  return { from: isoTime(fromMs), to: isoTime(toMs) };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
