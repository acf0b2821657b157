/** What is longer is no row; of that much, nobody reads more. */
const MAX_LENGTH = 64 * 1024;

/** One escape after the other, so that the `\\u0000` of an escaped backslash is not taken for one. */
const ESCAPE = /\\(?:u(?:0000|d[89a-f][0-9a-f]{2})|.)/gi;

/**
 * Any value as text for a JSONB column, which takes neither NUL nor halves of surrogate pairs: they become
 * U+FFFD. NULL for what is no JSON, or too much of it.
 */
export function toJsonContent(value: unknown, maxLength = MAX_LENGTH): string | null {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    // A cycle, a bigint or no end of nesting: it can't be kept.
    return null;
  }
  if (text === undefined || text.length > maxLength) return null;
  return text.replace(ESCAPE, (found) => (found.length > 2 ? '\\ufffd' : found));
}
