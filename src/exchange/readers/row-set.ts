import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import type { RejectedRow } from '../../domain/scope-read.js';

const ROW_NAME_LENGTH = 200;

export interface RowSetOptions<Row> {
  /** What makes two rows the same thing within one read. */
  readonly key: (row: Row) => string;
}

/** The rows of one read: valid ones, once each, and those that were set aside with their reason. */
export class RowSet<Row> {
  readonly #key: (row: Row) => string;
  readonly #rows = new Map<string, { readonly row: Row; readonly updatedAtMs: number | undefined }>();
  readonly #contradicted = new Set<string>();
  readonly #rejected: RejectedRow[] = [];

  constructor({ key }: RowSetOptions<Row>) {
    this.#key = key;
  }

  get records(): readonly Row[] {
    return [...this.#rows.values()].map(({ row }) => row);
  }

  get rejected(): readonly RejectedRow[] {
    return this.#rejected;
  }

  reject(row: string, reason: string): void {
    this.#rejected.push({ row: row.slice(0, ROW_NAME_LENGTH), reason });
  }

  /** Returns what the schema makes of the row, or sets it aside with the first thing that is wrong. */
  parse<Schema extends z.ZodType>(
    name: string,
    schema: Schema,
    candidate: z.input<Schema>,
  ): z.output<Schema> | undefined {
    const result = schema.safeParse(candidate);
    if (result.success) return result.data;
    const issue = result.error.issues[0];
    this.reject(name, `${issue?.path.join('.') || 'row'}: ${issue?.message ?? 'invalid'}`);
    return undefined;
  }

  /**
   * A row that comes twice in one read counts once: of two versions the later one, and neither where
   * nothing tells which is later.
   */
  add(name: string, row: Row, updatedAtMs?: number): void {
    const key = this.#key(row);
    if (this.#contradicted.has(key)) return;
    const other = this.#rows.get(key);
    if (other === undefined || isLater(updatedAtMs, other.updatedAtMs)) {
      this.#rows.set(key, { row, updatedAtMs });
    } else if (!isDeepStrictEqual(other.row, row) && !isLater(other.updatedAtMs, updatedAtMs)) {
      this.#rows.delete(key);
      this.#contradicted.add(key);
      this.reject(name, 'it came twice with different content and nothing says which is newer');
    }
  }
}

function isLater(left: number | undefined, right: number | undefined): boolean {
  return left !== undefined && right !== undefined && left > right;
}
