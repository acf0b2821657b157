import type { ScopeId } from '#src/domain/scope-read.js';
import type { Queryable, Transaction } from '#src/storage/database.js';
import type { PresentKey } from '#src/storage/mirror-repository.js';
import type { MirrorTable } from '#src/sync/mirror-table.js';

/** What a strategy wrote, in the order in which it did. */
export type Write<Key, Row> =
  | { readonly kind: 'upsert'; readonly scope: ScopeId; readonly records: readonly Row[] }
  | {
      readonly kind: 'absent';
      readonly scope: ScopeId;
      readonly keys: readonly Key[];
      readonly atMs: number;
    };

export class MemoryTable<Key, Row extends Key> implements MirrorTable<Key, Row> {
  readonly writes: Write<Key, Row>[] = [];
  readonly #present: readonly PresentKey<Key>[];

  constructor(present: readonly PresentKey<Key>[] = []) {
    this.#present = present;
  }

  async present(): Promise<readonly PresentKey<Key>[]> {
    return this.#present;
  }

  async upsert(_tx: Transaction, _account: unknown, scope: ScopeId, records: readonly Row[]) {
    if (records.length > 0) this.writes.push({ kind: 'upsert', scope, records });
    return records.length;
  }

  async markAbsent(_tx: Transaction, _account: unknown, scope: ScopeId, keys: readonly Key[], atMs: number) {
    if (keys.length > 0) this.writes.push({ kind: 'absent', scope, keys, atMs });
    return keys.length;
  }
}

/** Stands where a statement would run and must not. */
export const noDatabase: Queryable = {
  query: () => Promise.reject(new Error('no statement was expected')),
};

export const transaction: Transaction = { ...noDatabase, inTransaction: true };
