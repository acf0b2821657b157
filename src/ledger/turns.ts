/*
 * A turn for each name in each period, without anything to be remembered: so that many things are looked at in a
 * steady stream, and each of them at least once a period.
 */

/** The names whose turn came after one moment, up to another one. */
export function namesWithTurn(
  names: readonly string[],
  periodMs: number,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): readonly string[] {
  if (toMs - fromMs >= periodMs) return names;
  return names.filter((name) => {
    const offsetMs = hashOf(name) % periodMs;
    // The first turn after `fromMs`.
    const turnMs = Math.floor((fromMs - offsetMs) / periodMs) * periodMs + periodMs + offsetMs;
    return turnMs <= toMs;
  });
}

/** FNV-1a: spreads names evenly, and the same on every machine. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}
