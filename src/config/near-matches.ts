import { distance } from 'fastest-levenshtein';

const MOST = 3;

/**
 * The candidates that somebody who wrote `word` may have meant, best first: those a few typing slips
 * away, and those that one contains the other.
 */
export function nearMatches(word: string, candidates: readonly string[]): readonly string[] {
  const written = word.toLowerCase();
  const slips = Math.max(1, Math.min(3, Math.floor(written.length / 3)));
  return candidates
    .map((candidate) => ({ candidate, rank: rank(written, candidate.toLowerCase(), slips) }))
    .filter(({ rank }) => rank <= slips)
    .sort((a, b) => a.rank - b.rank || a.candidate.length - b.candidate.length)
    .slice(0, MOST)
    .map(({ candidate }) => candidate);
}

function rank(written: string, candidate: string, slips: number): number {
  const contains =
    written.length >= 3 &&
    candidate.length >= 3 &&
    (candidate.startsWith(written) || written.startsWith(candidate));
  const swapped = letters(written) === letters(candidate);
  return Math.min(distance(written, candidate), contains || swapped ? slips : Number.POSITIVE_INFINITY);
}

/** Two that changed places are one slip of the fingers. */
function letters(word: string): string {
  return [...word].sort().join('');
}

/** `; did you mean binance, binanceus or binanceusdm?`, or nothing. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const matches = nearMatches(word, candidates);
  const list = [matches.slice(0, -1).join(', '), matches.at(-1)].filter(Boolean).join(' or ');
  return list === '' ? '' : `; did you mean ${list}?`;
}
