/** What a column of the original's tables holds; which types that can be says `legacy-types.ts`. */
export type LegacyType = 'id' | 'text' | 'amount' | 'time' | 'count' | 'flag';

/** A condition under which a row cannot be a row here, as SQL over the row's columns. */
export interface Refusal {
  readonly when: string;
  /** For the report and for whoever looks into the legacy table. */
  readonly reason: string;
}

/**
 * One table of the original and how its rows become ours. All SQL is over the columns as `legacy-types.ts`
 * converts them: exchange ids lower case, amounts NUMERIC, times TIMESTAMPTZ.
 */
export interface LegacyTable {
  /** Its name there, and that of ours. */
  readonly name: string;
  /** Every column that it must have; further ones stay behind in the legacy table. */
  readonly columns: Readonly<Record<string, LegacyType>>;
  /** Text columns that must not be empty. */
  readonly required: readonly string[];
  /** Columns that must not be NULL here, beyond the required ones. */
  readonly known?: readonly string[];
  readonly refusals?: readonly Refusal[];
  /** What may be there once; of several rows the one with the greatest `age` is kept. */
  readonly key: readonly string[];
  readonly age: string;
  /** Our columns, each as SQL. */
  readonly becomes: Readonly<Record<string, string>>;
}

/** Rows stay under this prefix as they were. */
export const LEGACY_PREFIX = 'legacy_';

export function legacyName(name: string): string {
  return `${LEGACY_PREFIX}${name}`;
}
