import type { DecimalString } from '../domain/decimal-string.js';
import type { BalanceRecord } from '../domain/records.js';
import type { ExchangeClients } from '../exchange/exchange-client.js';
import { add } from '../ledger/decimal.js';
import type { BalanceKey } from '../storage/balance-repository.js';
import type { Queryable } from '../storage/database.js';
import type { ObservationRepository } from '../storage/observation-repository.js';
import type { DataSync } from './data-sync.js';
import type { MirrorTable } from './mirror-table.js';
import { SnapshotSync } from './snapshot-sync.js';

export interface BalancesSyncOptions {
  readonly clients: ExchangeClients;
  readonly database: Queryable;
  readonly table: MirrorTable<BalanceKey, BalanceRecord>;
  readonly observations: Pick<ObservationRepository, 'record' | 'thin'>;
  readonly now: () => number;
}

/** History is behind the balances: one may be waiting for it, while others come and go. */
const KEPT_OBSERVATIONS = { oldest: 2, newest: 2 } as const;

/** BALANCES: each wallet is a scope; a currency that a wallet no longer lists has the quantity 0. */
export function balancesSync({ observations, ...options }: BalancesSyncOptions): DataSync {
  return new SnapshotSync<BalanceKey, BalanceRecord>({
    ...options,
    dataType: 'balances',
    identify: ({ wallet, currency }) => JSON.stringify([wallet, currency]),
    scopes: (client) => client.balanceScopes(),
    read: (client, scope, context) => client.readBalances(scope, context),
    async whenComplete(transaction, account, { records, askedAtMs, answeredAtMs }) {
      const observation = {
        observedFromMs: askedAtMs,
        observedToMs: Math.max(askedAtMs, answeredAtMs),
        quantities: overAllWallets(records),
      };
      await observations.record(transaction, account, observation);
      await observations.thin(transaction, account, KEPT_OBSERVATIONS);
    },
  });
}

/** A move between two wallets while they are read makes no sum wrong by itself: it flows within the observation. */
function overAllWallets(records: readonly BalanceRecord[]): ReadonlyMap<string, DecimalString> {
  const quantities = new Map<string, DecimalString>();
  for (const { currency, total } of records) {
    quantities.set(currency, add(quantities.get(currency) ?? '0', total));
  }
  return quantities;
}
