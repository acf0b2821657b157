import type { AccountRef } from '../domain/account.js';
import type { DecimalString } from '../domain/decimal-string.js';
import type { OpeningSource, ProofState } from '../domain/proof-view.js';
import type { Queryable, Transaction } from './database.js';
import { qualifiedName, quoteIdentifier } from './identifier.js';
import type { RepositoryOptions } from './mirror-repository.js';
import { type Column, recordOf, type Table, toColumn } from './table.js';

/** The answer for one asset; `undefined` is what was not worked out. */
export interface ProofRecord {
  readonly asset: string;
  readonly state: ProofState;
  readonly reason: string | undefined;
  readonly horizonMs: number | undefined;
  readonly opening: DecimalString | undefined;
  readonly openingSource: OpeningSource | undefined;
  readonly fills: DecimalString | undefined;
  /** What was paid. */
  readonly fees: DecimalString | undefined;
  readonly transfers: DecimalString | undefined;
  readonly ledger: DecimalString | undefined;
  readonly expected: DecimalString | undefined;
  readonly reported: DecimalString;
  readonly unexplainedQuantity: DecimalString | undefined;
  readonly observedAtMs: number;
  readonly checkedAtMs: number;
  /** When the ranges that could explain it were asked to be read again. */
  readonly rereadAtMs: number | undefined;
  /** The rest that was told as an event since it last added up. */
  readonly announcedQuantity: DecimalString | undefined;
}

export interface StoredProof extends AccountRef, ProofRecord {
  /** When this answer was first given. */
  readonly sinceMs: number;
}

/** What is held and was never judged. */
export interface UnjudgedAsset extends AccountRef {
  readonly asset: string;
  readonly reported: DecimalString;
  /** Undefined: its wallet was never read completely. */
  readonly observedAtMs: number | undefined;
  /** Of the account, which were never read completely: nothing of it can be judged without them. */
  readonly unreadWallets: string | null;
}

interface UnjudgedRow extends Omit<UnjudgedAsset, 'observedAtMs'> {
  readonly observed_at: Date | null;
}

const PROOFS: Table<ProofRecord> = {
  name: 'balance_proofs',
  owner: ['exchange_id', 'account'],
  shared: [],
  key: [{ name: 'asset', type: 'text', field: 'asset' }],
  columns: [
    { name: 'state', type: 'text', field: 'state' },
    { name: 'reason', type: 'text', field: 'reason' },
    { name: 'horizon', type: 'timestamptz', field: 'horizonMs' },
    { name: 'opening', type: 'numeric', field: 'opening' },
    { name: 'opening_source', type: 'text', field: 'openingSource' },
    { name: 'fills', type: 'numeric', field: 'fills' },
    { name: 'fees', type: 'numeric', field: 'fees' },
    { name: 'transfers', type: 'numeric', field: 'transfers' },
    { name: 'ledger', type: 'numeric', field: 'ledger' },
    { name: 'expected', type: 'numeric', field: 'expected' },
    { name: 'reported', type: 'numeric', field: 'reported' },
    { name: 'unexplained_quantity', type: 'numeric', field: 'unexplainedQuantity' },
    { name: 'observed_at', type: 'timestamptz', field: 'observedAtMs' },
    { name: 'checked_at', type: 'timestamptz', field: 'checkedAtMs' },
    { name: 'reread_at', type: 'timestamptz', field: 'rereadAtMs' },
    { name: 'announced_quantity', type: 'numeric', field: 'announcedQuantity' },
  ],
};

/** While these stay the same, it is the same answer with newer numbers. */
const ANSWER = ['state', 'reason', 'opening_source', 'unexplained_quantity'];

const COLUMNS: readonly Column<ProofRecord>[] = [...PROOFS.key, ...PROOFS.columns];

/** `balance_proofs`. */
export class ProofRepository {
  readonly #target: string;
  readonly #accounts: string;
  readonly #balances: string;
  readonly #scopes: string;

  constructor({ schema }: RepositoryOptions) {
    this.#target = qualifiedName(schema, PROOFS.name);
    this.#accounts = qualifiedName(schema, 'sync_accounts');
    this.#balances = qualifiedName(schema, 'exchange_balances');
    this.#scopes = qualifiedName(schema, 'sync_scopes');
  }

  /** Writes the answers, one for each asset, and gives the assets whose answer is another one than before. */
  async record(
    transaction: Transaction,
    account: AccountRef,
    proofs: readonly ProofRecord[],
  ): Promise<readonly string[]> {
    if (proofs.length === 0) return [];
    const names = COLUMNS.map(({ name }) => quoteIdentifier(name));
    const same = (alias: string) => `ROW(${ANSWER.map((name) => `${alias}.${name}`).join(', ')})`;
    const { rows } = await transaction.query<{ asset: string }>(
      `WITH incoming AS MATERIALIZED (
         SELECT * FROM unnest(${COLUMNS.map(({ type }, index) => `$${index + 3}::${type}[]`).join(', ')})
           AS u (${names.join(', ')})
       ), judged AS MATERIALIZED (
         SELECT incoming.*, latest.since AS before,
           latest.since IS NOT NULL AND ${same('incoming')} IS NOT DISTINCT FROM ${same('latest')} AS same
         FROM incoming LEFT JOIN LATERAL (
           SELECT since, ${ANSWER.join(', ')} FROM ${this.#target} AS stored
           WHERE stored.exchange_id = $1 AND stored.account = $2 AND stored.asset = incoming.asset
           ORDER BY since DESC LIMIT 1
         ) AS latest ON true
       ), written AS (
         INSERT INTO ${this.#target} AS stored (exchange_id, account, since, ${names.join(', ')})
         SELECT $1, $2,
           CASE WHEN same THEN before ELSE greatest(checked_at, before + INTERVAL '1 millisecond') END,
           ${names.join(', ')}
         FROM judged ORDER BY asset
         ON CONFLICT (exchange_id, account, asset, since) DO UPDATE
         SET ${PROOFS.columns.map(({ name }) => `${name} = excluded.${name}`).join(', ')}
       )
       SELECT asset FROM judged WHERE NOT same ORDER BY asset COLLATE "C"`,
      [
        account.exchange,
        account.account,
        ...COLUMNS.map(({ type, field }) =>
          proofs.map((proof) => toColumn(type, field === undefined ? undefined : proof[field])),
        ),
      ],
    );
    return rows.map(({ asset }) => asset);
  }

  /** The latest answer for each asset, in order of exchange, account and asset; none of retired accounts. */
  async latest(queryable: Queryable, account: Partial<AccountRef>): Promise<readonly StoredProof[]> {
    const { rows } = await queryable.query<ProofRow>(
      // Goes from asset to asset by the index: an asset that never adds up has thousands of answers.
      `WITH RECURSIVE assets AS (
         (SELECT exchange_id, account, asset FROM ${this.#target}
          ORDER BY exchange_id, account, asset LIMIT 1)
         UNION ALL
         SELECT next.* FROM assets, LATERAL (
           SELECT exchange_id, account, asset FROM ${this.#target}
           WHERE (exchange_id, account, asset) > (assets.exchange_id, assets.account, assets.asset)
           ORDER BY exchange_id, account, asset LIMIT 1
         ) AS next
       )
       SELECT proof.* FROM assets, LATERAL (
         SELECT * FROM ${this.#target} AS stored
         WHERE (stored.exchange_id, stored.account, stored.asset)
           = (assets.exchange_id, assets.account, assets.asset)
         ORDER BY since DESC LIMIT 1
       ) AS proof
       WHERE ($1::text IS NULL OR assets.exchange_id = $1)
         AND ($2::text IS NULL OR assets.account = $2)
         AND NOT EXISTS (
           SELECT FROM ${this.#accounts} AS a
           WHERE (a.exchange_id, a.account) = (proof.exchange_id, proof.account) AND a.retired_at IS NOT NULL
         )
       ORDER BY proof.exchange_id, proof.account, proof.asset`,
      [account.exchange ?? null, account.account ?? null],
    );
    return rows.map((row) => ({
      ...recordOf(PROOFS, row),
      exchange: row.exchange_id,
      account: row.account,
      sinceMs: row.since.getTime(),
    }));
  }

  /** What accounts hold that was never judged; none of retired accounts. */
  async unjudged(queryable: Queryable, account: Partial<AccountRef>): Promise<readonly UnjudgedAsset[]> {
    const { rows } = await queryable.query<UnjudgedRow>(
      `SELECT balance.exchange_id AS exchange, balance.account, balance.currency AS asset,
         trim_scale(sum(balance.total)) AS reported, min(scope.last_complete_at) AS observed_at,
         (SELECT string_agg(unread.scope, ', ' ORDER BY unread.scope) FROM ${this.#scopes} AS unread
          WHERE (unread.exchange_id, unread.account, unread.data_type)
              = (balance.exchange_id, balance.account, 'balances')
            AND unread.last_complete_at IS NULL) AS "unreadWallets"
       FROM ${this.#balances} AS balance
       LEFT JOIN ${this.#scopes} AS scope
         ON (scope.exchange_id, scope.account, scope.data_type, scope.scope)
           = (balance.exchange_id, balance.account, 'balances', balance.scope)
       WHERE ($1::text IS NULL OR balance.exchange_id = $1)
         AND ($2::text IS NULL OR balance.account = $2)
         AND NOT EXISTS (
           SELECT FROM ${this.#target} AS proof
           WHERE (proof.exchange_id, proof.account, proof.asset)
             = (balance.exchange_id, balance.account, balance.currency)
         )
         AND NOT EXISTS (
           SELECT FROM ${this.#accounts} AS a
           WHERE (a.exchange_id, a.account) = (balance.exchange_id, balance.account) AND a.retired_at IS NOT NULL
         )
       GROUP BY 1, 2, 3 HAVING sum(balance.total) <> 0
       ORDER BY 1, 2, 3`,
      [account.exchange ?? null, account.account ?? null],
    );
    return rows.map(({ observed_at, ...row }) => ({ ...row, observedAtMs: observed_at?.getTime() }));
  }

  /** Up to when each asset has last added up, in milliseconds; assets that never did are absent. */
  async lastProven(queryable: Queryable, account: AccountRef): Promise<ReadonlyMap<string, number>> {
    const { rows } = await queryable.query<{ asset: string; observed_at: Date }>(
      `SELECT asset, max(observed_at) AS observed_at FROM ${this.#target}
       WHERE exchange_id = $1 AND account = $2 AND state = 'proven' GROUP BY asset`,
      [account.exchange, account.account],
    );
    return new Map(rows.map(({ asset, observed_at }) => [asset, observed_at.getTime()]));
  }
}

interface ProofRow extends Record<string, unknown> {
  readonly exchange_id: string;
  readonly account: string;
  readonly since: Date;
}
