/** What a table says of a word that an exchange wrote; `constructor` is a word like any other. */
export function listed<Meaning>(
  table: Readonly<Record<string, Meaning>> | undefined,
  word: string | undefined,
): Meaning | undefined {
  return table !== undefined && word !== undefined && Object.hasOwn(table, word) ? table[word] : undefined;
}

/** A word of an exchange, which writes some of them as numbers. */
export function wordOf(value: unknown): unknown {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}
