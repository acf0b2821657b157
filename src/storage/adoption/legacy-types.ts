import { quoteIdentifier } from '../identifier.js';
import type { LegacyType } from './legacy-table.js';

/** `pg_type.typname` of the types that each kind of column has had in some generation. */
export const ACCEPTED_TYPES: Readonly<Record<LegacyType, readonly string[]>> = {
  id: ['int2', 'int4', 'int8'],
  text: ['text', 'varchar', 'bpchar'],
  amount: ['numeric', 'float8', 'float4'],
  time: ['timestamptz', 'timestamp'],
  count: ['int2', 'int4', 'int8'],
  flag: ['bool'],
};

/** Timestamps without a zone: what they mean says only the machine that wrote them. */
export const NAIVE_TIME = 'timestamp';

/** The column as ours would hold it. `timezone` is the name of a zone that the server knows. */
export function converted(name: string, kind: LegacyType, type: string, timezone: string): string {
  const column = `l.${quoteIdentifier(name)}`;
  if (name === 'exchange_id') return `lower(btrim(${column}))`;
  if (kind === 'text') return `${column}::text`;
  // Through text, PostgreSQL gives the shortest decimal that is this binary number and no other; a direct
  // cast would round to 15 digits.
  if (type.startsWith('float')) return `${column}::text::numeric`;
  if (type === NAIVE_TIME) return `${column} AT TIME ZONE '${timezone.replaceAll("'", "''")}'`;
  return column;
}
