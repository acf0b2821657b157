import { WHOLE_EXCHANGE } from '../domain/account.js';
import type { PriceRecord } from '../domain/records.js';
import type { ScopeId } from '../domain/scope-read.js';
import type { Queryable, Transaction } from './database.js';
import { qualifiedName } from './identifier.js';
import type { RepositoryOptions } from './mirror-repository.js';
import { recordOf, type Table, toColumn, toTimestamp } from './table.js';
import { upsert } from './upsert.js';

const PRICES: Table<PriceRecord> = {
  name: 'exchange_prices',
  owner: ['exchange_id'],
  shared: ['scope'],
  key: [
    { name: 'base', type: 'text', field: 'base' },
    { name: 'quote', type: 'text', field: 'quote' },
  ],
  columns: [
    { name: 'price', type: 'numeric', field: 'price' },
    { name: 'source', type: 'text', field: 'source' },
    { name: 'timestamp', type: 'timestamptz', field: 'timestampMs' },
    { name: 'observed_until', type: 'timestamptz' },
  ],
};

export interface StoredPrice extends PriceRecord {
  readonly scope: ScopeId;
  /** The last complete read that had it, when a later one has none; undefined: it is current. */
  readonly observedUntilMs: number | undefined;
  /** When the last complete read that had it began, current or not; undefined if there was none yet. */
  readonly observedAtMs: number | undefined;
}

interface PriceRow extends Readonly<Record<string, unknown>> {
  readonly observed_until: Date | null;
  readonly observed_at: Date | null;
}

/** `exchange_prices`. */
export class PriceRepository {
  readonly #schema: string;
  readonly #target: string;
  readonly #scopes: string;

  constructor({ schema }: RepositoryOptions) {
    this.#schema = schema;
    this.#target = qualifiedName(schema, PRICES.name);
    this.#scopes = qualifiedName(schema, 'sync_scopes');
  }

  /**
   * Writes one read of the scope and gives how many rows changed. `completeAtMs`: when the read began, if
   * it proves absence; a price it no longer has stays, with the time until which it was seen. Must come
   * before the read is recorded in `sync_scopes`, whose last complete read is that time.
   */
  async apply(
    transaction: Transaction,
    exchange: string,
    scope: ScopeId,
    records: readonly PriceRecord[],
    completeAtMs: number | undefined,
  ): Promise<number> {
    const changed = await upsert(
      transaction,
      this.#schema,
      PRICES,
      { exchange_id: exchange, scope },
      records,
    );
    if (completeAtMs === undefined) return changed;
    return changed + (await this.#endAbsent(transaction, exchange, scope, records, completeAtMs));
  }

  /** Every price of the exchange, current or not. */
  async list(queryable: Queryable, exchange: string): Promise<readonly StoredPrice[]> {
    const { rows } = await queryable.query<PriceRow>(
      `SELECT p.*, coalesce(p.observed_until, s.last_complete_at) AS observed_at
       FROM ${this.#target} p
       LEFT JOIN ${this.#scopes} s
         ON s.exchange_id = p.exchange_id AND s.account = $2 AND s.data_type = 'prices' AND s.scope = p.scope
       WHERE p.exchange_id = $1
       ORDER BY p.base, p.quote`,
      [exchange, WHOLE_EXCHANGE],
    );
    return rows.map((row) => ({
      ...recordOf(PRICES, row),
      scope: row.scope as ScopeId,
      observedUntilMs: row.observed_until?.getTime(),
      observedAtMs: row.observed_at?.getTime(),
    }));
  }

  async #endAbsent(
    transaction: Transaction,
    exchange: string,
    scope: ScopeId,
    records: readonly PriceRecord[],
    completeAtMs: number,
  ): Promise<number> {
    const { rowCount } = await transaction.query(
      `UPDATE ${this.#target} AS stored
       SET observed_until = coalesce(
           (SELECT s.last_complete_at FROM ${this.#scopes} s
            WHERE s.exchange_id = $1 AND s.account = $3 AND s.data_type = 'prices' AND s.scope = $2
              AND s.last_complete_at < $4),
           stored.updated_at),
         updated_at = now()
       WHERE stored.exchange_id = $1 AND stored.scope = $2 AND stored.observed_until IS NULL
         AND NOT EXISTS (
           SELECT FROM unnest($5::text[], $6::text[]) AS seen (base, quote)
           WHERE seen.base = stored.base AND seen.quote = stored.quote
         )`,
      [
        exchange,
        scope,
        WHOLE_EXCHANGE,
        toTimestamp(completeAtMs),
        records.map(({ base }) => toColumn('text', base)),
        records.map(({ quote }) => toColumn('text', quote)),
      ],
    );
    return rowCount;
  }
}
