import type { PriceRecord } from '../domain/records.js';
import type { ScopeId } from '../domain/scope-read.js';
import type { ExchangeClients } from '../exchange/exchange-client.js';
import type { Transaction } from '../storage/database.js';
import type { DataSync, PreparedSync, SyncRun } from './data-sync.js';
import { notSupported } from './not-supported.js';
import { preparedSync } from './prepared-sync.js';
import { readScope, type ScopeSnapshot } from './read-scope.js';

export interface PriceTable {
  /** Without `completeAtMs` nothing is said about prices that are not among the records. */
  apply(
    transaction: Transaction,
    exchange: string,
    scope: ScopeId,
    records: readonly PriceRecord[],
    completeAtMs: number | undefined,
  ): Promise<number>;
}

export interface PricesSyncOptions {
  readonly clients: ExchangeClients;
  readonly table: PriceTable;
  readonly now: () => number;
}

/** PRICES: whole ticker lists of an exchange, read once for all its accounts. */
export class PricesSync implements DataSync {
  readonly dataType = 'prices';
  readonly #options: PricesSyncOptions;

  constructor(options: PricesSyncOptions) {
    this.#options = options;
  }

  async prepare(run: SyncRun): Promise<PreparedSync> {
    const { clients, table, now } = this.#options;
    const client = await clients.marketData(run.exchange, run);
    const scopes = client.priceScopes();
    if (scopes.length === 0) throw notSupported(run, this.dataType);

    const snapshots: ScopeSnapshot<PriceKey, PriceRecord>[] = [];
    for (const scope of scopes) {
      const snapshot = await readScope<PriceKey, PriceRecord>({
        scope,
        read: () => client.readPrices(scope, run),
        present: [],
        identify: ({ base, quote }) => JSON.stringify([base, quote]),
        now,
        signal: run.signal,
      });
      snapshots.push(snapshot);
    }
    return preparedSync(snapshots, async (transaction) => {
      for (const { result, records } of snapshots) {
        await table.apply(transaction, run.exchange, result.scope, records, result.completeAtMs);
      }
    });
  }
}

type PriceKey = Pick<PriceRecord, 'base' | 'quote'>;
