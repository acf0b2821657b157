import type { BalanceRecord } from '../domain/records.js';
import type { ExchangeClients } from '../exchange/exchange-client.js';
import type { BalanceKey } from '../storage/balance-repository.js';
import type { Queryable } from '../storage/database.js';
import type { DataSync } from './data-sync.js';
import type { MirrorTable } from './mirror-table.js';
import { SnapshotSync } from './snapshot-sync.js';

export interface BalancesSyncOptions {
  readonly clients: ExchangeClients;
  readonly database: Queryable;
  readonly table: MirrorTable<BalanceKey, BalanceRecord>;
  readonly now: () => number;
}

/** BALANCES: each wallet is a scope; a currency that a wallet no longer lists has the quantity 0. */
export function balancesSync(options: BalancesSyncOptions): DataSync {
  return new SnapshotSync<BalanceKey, BalanceRecord>({
    ...options,
    dataType: 'balances',
    identify: ({ wallet, currency }) => JSON.stringify([wallet, currency]),
    scopes: (client) => client.balanceScopes(),
    read: (client, scope, context) => client.readBalances(scope, context),
  });
}
