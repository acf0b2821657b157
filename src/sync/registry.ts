import type { SyncedDataType } from '../domain/data-type.js';
import type { ExchangeClients } from '../exchange/exchange-client.js';
import type { Queryable } from '../storage/database.js';
import { type BalancesSyncOptions, balancesSync } from './balances-sync.js';
import type { DataSync } from './data-sync.js';
import { HistorySync } from './history-sync.js';
import { OrdersSync, type OrdersSyncOptions } from './orders-sync.js';
import { PortfolioSync, type PortfolioSyncOptions } from './portfolio-sync.js';
import { type PositionsSyncOptions, positionsSync } from './positions-sync.js';
import { PricesSync, type PricesSyncOptions } from './prices-sync.js';

/** One strategy for each data type; a data type without one does not compile. */
export type DataSyncRegistry = Readonly<Record<SyncedDataType, DataSync>>;

export interface DataSyncRegistryOptions {
  readonly clients: ExchangeClients;
  readonly database: Queryable;
  readonly balances: BalancesSyncOptions['table'] & PortfolioSyncOptions['balances'];
  readonly positions: PositionsSyncOptions['table'];
  readonly orders: OrdersSyncOptions['table'];
  readonly prices: PricesSyncOptions['table'] & PortfolioSyncOptions['prices'];
  readonly portfolio: PortfolioSyncOptions['table'];
  readonly scopes: PortfolioSyncOptions['scopes'];
  readonly observations: BalancesSyncOptions['observations'];
  readonly snapshotKeeper: PortfolioSyncOptions['snapshots'];
  readonly quoteCurrency: string;
  readonly now: () => number;
}

export function createDataSyncRegistry(options: DataSyncRegistryOptions): DataSyncRegistry {
  const { balances, positions, orders, prices, portfolio } = options;
  return {
    balances: balancesSync({ ...options, table: balances }),
    positions: positionsSync({ ...options, table: positions }),
    orders: new OrdersSync({ ...options, table: orders }),
    prices: new PricesSync({ ...options, table: prices }),
    transfers: new HistorySync({ ...options, dataType: 'transfers' }),
    ledger: new HistorySync({ ...options, dataType: 'ledger' }),
    trades: new HistorySync({ ...options, dataType: 'trades' }),
    portfolio: new PortfolioSync({ ...options, table: portfolio, snapshots: options.snapshotKeeper }),
  };
}
