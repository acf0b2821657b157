import type { HistoryChunk } from '../domain/backfill-report.js';
import type { Clock } from '../domain/clock.js';
import type { HistoryDataType, SyncedDataType } from '../domain/data-type.js';
import type { ExchangeClients } from '../exchange/exchange-client.js';
import type { Queryable } from '../storage/database.js';
import { type BalancesSyncOptions, balancesSync } from './balances-sync.js';
import type { DataSync } from './data-sync.js';
import type { SymbolsFor } from './history/history-scopes.js';
import type { HistoryStore } from './history/history-store.js';
import { HistorySync } from './history/history-sync.js';
import { OrdersSync, type OrdersSyncOptions } from './orders-sync.js';
import { PortfolioSync, type PortfolioSyncOptions } from './portfolio-sync.js';
import { type PositionsSyncOptions, positionsSync } from './positions-sync.js';
import { PricesSync, type PricesSyncOptions } from './prices-sync.js';

/** One strategy for each data type; a data type without one does not compile. */
export type DataSyncRegistry = Readonly<Record<SyncedDataType, DataSync>>;

export interface DataSyncRegistryOptions {
  readonly clients: ExchangeClients;
  readonly database: Queryable;
  readonly balances: BalancesSyncOptions['table'] &
    PortfolioSyncOptions['balances'] &
    OrdersSyncOptions['balances'];
  readonly positions: PositionsSyncOptions['table'];
  readonly orders: OrdersSyncOptions['table'];
  readonly prices: PricesSyncOptions['table'] & PortfolioSyncOptions['prices'];
  readonly portfolio: PortfolioSyncOptions['table'];
  readonly scopes: PortfolioSyncOptions['scopes'];
  readonly observations: BalancesSyncOptions['observations'];
  readonly heldCosts: PortfolioSyncOptions['costs'];
  readonly snapshotKeeper: PortfolioSyncOptions['snapshots'];
  readonly histories: { readonly [Type in HistoryDataType]: HistoryStore<Type>['rows'] };
  readonly coverage: HistoryStore<HistoryDataType>['coverage'];
  readonly rereads: HistoryStore<HistoryDataType>['rereads'];
  readonly setAside: HistoryStore<HistoryDataType>['setAside'];
  readonly status: HistoryStore<HistoryDataType>['status'];
  readonly symbolsFor: SymbolsFor;
  readonly accountOpenings: Readonly<Record<string, number>>;
  readonly emitChunk: (chunk: HistoryChunk) => void;
  readonly prover: PortfolioSyncOptions['prover'];
  readonly quoteCurrency: string;
  readonly now: () => number;
  readonly clock: Clock;
}

export function createDataSyncRegistry(options: DataSyncRegistryOptions): DataSyncRegistry {
  const { balances, positions, orders, prices, portfolio } = options;
  const historySync = <Type extends HistoryDataType>(dataType: Type) =>
    new HistorySync<Type>({
      ...options,
      dataType,
      store: { ...options, rows: options.histories[dataType] },
    });
  return {
    balances: balancesSync({ ...options, table: balances }),
    positions: positionsSync({ ...options, table: positions }),
    orders: new OrdersSync({ ...options, table: orders }),
    prices: new PricesSync({ ...options, table: prices }),
    transfers: historySync('transfers'),
    ledger: historySync('ledger'),
    trades: historySync('trades'),
    portfolio: new PortfolioSync({
      ...options,
      table: portfolio,
      costs: options.heldCosts,
      snapshots: options.snapshotKeeper,
    }),
  };
}
