import type { Queryable } from '../database.js';
import { qualifiedName, quoteIdentifier } from '../identifier.js';

export interface Fingerprint {
  readonly rows: number;
  readonly fingerprint: string;
}

/** How many rows the table has, and a sum over hashes of them that no order changes. */
export async function fingerprintOf(
  queryable: Queryable,
  schema: string,
  table: string,
  columns: readonly string[],
): Promise<Fingerprint> {
  const row = `ROW(${columns.map(quoteIdentifier).join(', ')})::text`;
  const { rows } = await queryable.query<{ rows: string; fingerprint: string }>(
    `SELECT count(*) AS rows, coalesce(sum(
       ('x' || left(encode(sha256(convert_to(${row}, 'UTF8')), 'hex'), 16))::bit(64)::bigint
     ), 0)::text AS fingerprint
     FROM ${qualifiedName(schema, table)}`,
  );
  return { rows: Number(rows[0]?.rows ?? 0), fingerprint: rows[0]?.fingerprint ?? '0' };
}
