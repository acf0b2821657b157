import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Queryable } from './database.js';
import { qualifiedName } from './identifier.js';
import type { RepositoryOptions } from './mirror-repository.js';
import { toTimestamp } from './table.js';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

export interface StoredMarketListKey {
  readonly exchange: string;
  readonly environment: 'mainnet' | 'testnet';
  readonly ccxtVersion: string;
}

/** Plain JSON, of no concern to the database. */
export interface StoredMarketList {
  readonly markets: readonly unknown[];
  readonly currencies: unknown;
  readonly fetchedAtMs: number;
}

/** `exchange_market_lists`. */
export class MarketListRepository {
  readonly #target: string;

  constructor({ schema }: RepositoryOptions) {
    this.#target = qualifiedName(schema, 'exchange_market_lists');
  }

  async load(queryable: Queryable, key: StoredMarketListKey): Promise<StoredMarketList | undefined> {
    const { rows } = await queryable.query<{ body: Buffer; fetched_at: Date }>(
      `SELECT body, fetched_at FROM ${this.#target}
       WHERE exchange_id = $1 AND environment = $2 AND ccxt_version = $3`,
      [key.exchange, key.environment, key.ccxtVersion],
    );
    const [row] = rows;
    if (row === undefined) return undefined;
    const { markets, currencies } = JSON.parse((await decompress(row.body)).toString('utf8'));
    return { markets, currencies, fetchedAtMs: row.fetched_at.getTime() };
  }

  /** The newest list stays, whoever saves last. */
  async save(queryable: Queryable, key: StoredMarketListKey, list: StoredMarketList): Promise<void> {
    const { markets, currencies, fetchedAtMs } = list;
    const body = await compress(JSON.stringify({ markets, currencies }));
    await queryable.query(
      `INSERT INTO ${this.#target} AS stored (exchange_id, environment, ccxt_version, fetched_at, body)
       VALUES ($1, $2, $3, $4::timestamptz, $5)
       ON CONFLICT (exchange_id, environment) DO UPDATE
       SET ccxt_version = excluded.ccxt_version, fetched_at = excluded.fetched_at, body = excluded.body
       WHERE stored.fetched_at <= excluded.fetched_at`,
      [key.exchange, key.environment, key.ccxtVersion, toTimestamp(fetchedAtMs), body],
    );
  }
}
