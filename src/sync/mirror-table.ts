import type { AccountRef } from '../domain/account.js';
import type { ScopeId } from '../domain/scope-read.js';
import type { Queryable, Transaction } from '../storage/database.js';

/** A row that is present in the mirror now, and the scope whose reads prove it. */
export interface PresentRow<Key> {
  readonly scope: ScopeId;
  readonly key: Key;
}

/** What a strategy needs of the table that mirrors its records. `Key` names a row within an account. */
export interface MirrorTable<Key, Row extends Key> {
  /** Rows that stand for something now: a quantity other than 0, an open position, an open order. */
  present(queryable: Queryable, account: AccountRef): Promise<readonly PresentRow<Key>[]>;
  /** Resolves with the number of rows that really changed. */
  upsert(
    transaction: Transaction,
    account: AccountRef,
    scope: ScopeId,
    records: readonly Row[],
  ): Promise<number>;
  /** Writes what absence means for this table; resolves with the number of rows that really changed. */
  markAbsent(
    transaction: Transaction,
    account: AccountRef,
    scope: ScopeId,
    keys: readonly Key[],
    atMs: number,
  ): Promise<number>;
}
