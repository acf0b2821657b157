/** A seeded source of integers: the same seed gives the same world on every machine. */
export interface Random {
  /** A whole number in `[low, high]`. */
  between(low: number, high: number): number;
  /** One of `items`; undefined when there are none. */
  pick<T>(items: readonly T[]): T | undefined;
  /** `length` lower-case hexadecimal digits. */
  hex(length: number): string;
  /** `length` decimal digits, the first of them not 0. */
  digits(length: number): string;
}

/** xorshift32 on the FNV-1a hash of the seed; integers only, so that no float reaches an amount. */
export function seededRandom(seed: string): Random {
  let state = 0x811c9dc5;
  for (const character of seed) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193);
  state ||= 1;

  function next(): number {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  }

  const between = (low: number, high: number): number => low + (next() % (high - low + 1));
  const text = (length: number, digit: () => string): string => Array.from({ length }, digit).join('');
  return {
    between,
    pick: (items) => items[items.length === 0 ? 0 : between(0, items.length - 1)],
    hex: (length) => text(length, () => between(0, 15).toString(16)),
    digits: (length) => String(between(1, 9)) + text(length - 1, () => String(between(0, 9))),
  };
}
