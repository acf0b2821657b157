import type { PriceRecord } from '../domain/records.js';
import type { ExchangeClients } from '../exchange/exchange-client.js';
import type { PriceRepository } from '../storage/price-repository.js';
import type { DataSync, PreparedSync, SyncRun } from './data-sync.js';
import { notSupported } from './not-supported.js';
import { preparedSync } from './prepared-sync.js';
import { readScope, type ScopeSnapshot } from './read-scope.js';

export interface PricesSyncOptions {
  readonly clients: ExchangeClients;
  readonly table: Pick<PriceRepository, 'apply'>;
  readonly now: () => number;
}

/** PRICES: whole ticker lists of an exchange, read once for all its accounts. */
export class PricesSync implements DataSync {
  readonly dataType = 'prices';
  readonly #options: PricesSyncOptions;

  constructor(options: PricesSyncOptions) {
    this.#options = options;
  }

  async prepare({ account, context }: SyncRun): Promise<PreparedSync> {
    const { clients, table, now } = this.#options;
    const client = await clients.marketData(account.exchange, context);
    const scopes = client.priceScopes();
    if (scopes.length === 0) throw notSupported(account, this.dataType);

    const snapshots: ScopeSnapshot<PriceKey, PriceRecord>[] = [];
    for (const scope of scopes) {
      const snapshot = await readScope<PriceKey, PriceRecord>({
        scope,
        read: () => client.readPrices(scope, context),
        present: [],
        identify: ({ base, quote }) => JSON.stringify([base, quote]),
        now,
        signal: context.signal,
      });
      snapshots.push(snapshot);
    }
    return preparedSync(snapshots, async (transaction) => {
      for (const { result, records } of snapshots) {
        await table.apply(transaction, account.exchange, result.scope, records, result.completeAtMs);
      }
    });
  }
}

type PriceKey = Pick<PriceRecord, 'base' | 'quote'>;
