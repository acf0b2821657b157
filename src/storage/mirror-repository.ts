import type { AccountRef } from '../domain/account.js';
import type { ScopeId } from '../domain/scope-read.js';
import type { Queryable, Transaction } from './database.js';
import { qualifiedName, quoteIdentifier } from './identifier.js';
import { recordOf, type Table, toColumn, toTimestamp } from './table.js';
import { upsert } from './upsert.js';

export interface RepositoryOptions {
  /** Where the tables are. */
  readonly schema: string;
}

/** A table of rows that belong to an account and come and go with the reads of a scope. */
export interface MirrorTable<Row> extends Table<Row> {
  /** SQL that is true of the rows `stored` that the last read had. */
  readonly present: string;
  /** What a row is given that a complete read no longer has, as SQL; `$at` is when that read began. */
  readonly whenAbsent: Readonly<Record<string, string>>;
}

/** The columns that the tables of accounts have in common. */
export const OF_ACCOUNT = { owner: ['exchange_id', 'account'], shared: ['scope'] } as const;

/** A key and the scope whose reads it comes from. */
export interface PresentKey<Key> {
  readonly scope: ScopeId;
  readonly key: Key;
}

export type Stored<Row> = Row & { readonly scope: ScopeId };

/** Writes reads of one kind into their table and says what is in it. */
export class MirrorRepository<Row extends Key, Key> {
  protected readonly schema: string;
  protected readonly target: string;
  readonly #table: MirrorTable<Row>;

  constructor(table: MirrorTable<Row>, { schema }: RepositoryOptions) {
    this.#table = table;
    this.schema = schema;
    this.target = qualifiedName(schema, table.name);
  }

  /** The keys that the account has now, by the last reads. */
  async present(queryable: Queryable, account: AccountRef): Promise<readonly PresentKey<Key>[]> {
    const { key, present } = this.#table;
    const { rows } = await queryable.query<Record<string, string>>(
      `SELECT scope, ${key.map(({ name }) => quoteIdentifier(name)).join(', ')}
       FROM ${this.target} AS stored
       WHERE exchange_id = $1 AND account = $2 AND ${present}`,
      [account.exchange, account.account],
    );
    return rows.map((row) => ({
      scope: row.scope as ScopeId,
      key: Object.fromEntries(key.map(({ name, field }) => [field, row[name]])) as Key,
    }));
  }

  /** Every row of the account, present or not. */
  async list(queryable: Queryable, account: AccountRef): Promise<readonly Stored<Row>[]> {
    const order = this.#table.key.map(({ name }) => quoteIdentifier(name)).join(', ');
    const { rows } = await queryable.query(
      `SELECT * FROM ${this.target} WHERE exchange_id = $1 AND account = $2 ORDER BY ${order}`,
      [account.exchange, account.account],
    );
    return rows.map((row) => ({ ...recordOf(this.#table, row), scope: row.scope as ScopeId }));
  }

  /** Writes what a read of the scope had; gives how many rows changed. Unchanged rows are not written. */
  upsert(
    transaction: Transaction,
    account: AccountRef,
    scope: ScopeId,
    records: readonly Row[],
  ): Promise<number> {
    const common = { exchange_id: account.exchange, account: account.account, scope };
    return upsert(transaction, this.schema, this.#table, common, records);
  }

  /**
   * Writes that a complete read of the scope, begun at `atMs`, no longer had these keys; gives how many
   * rows changed. Rows of other scopes and rows that are absent already stay as they are.
   */
  async markAbsent(
    transaction: Transaction,
    account: AccountRef,
    scope: ScopeId,
    keys: readonly Key[],
    atMs: number,
  ): Promise<number> {
    if (keys.length === 0) return 0;
    const { key, present, whenAbsent } = this.#table;
    const names = key.map(({ name }) => quoteIdentifier(name));
    const values = Object.entries(whenAbsent).map(
      ([name, value]) => `${quoteIdentifier(name)} = ${value.replace('$at', '$4::timestamptz')}`,
    );
    const { rowCount } = await transaction.query(
      `UPDATE ${this.target} AS stored
       SET ${values.join(', ')}, updated_at = coalesce($4::timestamptz, now())
       FROM unnest(${key.map(({ type }, index) => `$${index + 5}::${type}[]`).join(', ')})
         AS gone (${names.join(', ')})
       WHERE stored.exchange_id = $1 AND stored.account = $2 AND stored.scope = $3
         AND ${names.map((name) => `stored.${name} = gone.${name}`).join(' AND ')}
         AND ${present}`,
      [
        account.exchange,
        account.account,
        scope,
        toTimestamp(atMs),
        ...key.map(({ type, field }) => keys.map((each) => toColumn(type, (each as Row)[field]))),
      ],
    );
    return rowCount;
  }
}
