import { AccountRepository } from './account-repository.js';
import { BalanceRepository } from './balance-repository.js';
import { CostBasisRepository } from './cost-basis-repository.js';
import { CoverageRepository } from './coverage-repository.js';
import { FlowRepository } from './flow-repository.js';
import { HistoryRepository } from './history-repository.js';
import { LEDGER, TRADES, TRANSFERS } from './history-tables.js';
import { HoldRepository } from './hold-repository.js';
import { LeaseRepository } from './lease-repository.js';
import { MarketListRepository } from './market-list-repository.js';
import { MirrorReader } from './mirror-reader.js';
import type { RepositoryOptions } from './mirror-repository.js';
import { ObservationRepository } from './observation-repository.js';
import { OpeningRepository } from './opening-repository.js';
import { OrderRepository } from './order-repository.js';
import { PortfolioRepository } from './portfolio-repository.js';
import { PositionRepository } from './position-repository.js';
import { PriceHistoryRepository } from './price-history-repository.js';
import { PriceRepository } from './price-repository.js';
import { ProofRepository } from './proof-repository.js';
import { RereadRepository } from './reread-repository.js';
import { ScopeRepository } from './scope-repository.js';
import { SetAsideRepository } from './set-aside-repository.js';
import { SnapshotRepository } from './snapshot-repository.js';
import { SymbolRepository } from './symbol-repository.js';
import { SyncHistoryRepository } from './sync-history-repository.js';
import { SyncStatusRepository } from './sync-status-repository.js';
import { TraceRepository } from './trace-repository.js';

export type Repositories = ReturnType<typeof createRepositories>;

/** One of each, for the tables of one schema. */
export function createRepositories(options: RepositoryOptions) {
  return {
    accounts: new AccountRepository(options),
    balances: new BalanceRepository(options),
    positions: new PositionRepository(options),
    orders: new OrderRepository(options),
    prices: new PriceRepository(options),
    priceHistory: new PriceHistoryRepository(options),
    costBasis: new CostBasisRepository(options),
    portfolio: new PortfolioRepository(options),
    scopes: new ScopeRepository(options),
    status: new SyncStatusRepository(options),
    history: new SyncHistoryRepository(options),
    leases: new LeaseRepository(options),
    holds: new HoldRepository(options),
    marketLists: new MarketListRepository(options),
    mirror: new MirrorReader(options),
    /** By data type. */
    histories: {
      trades: new HistoryRepository(TRADES, options),
      transfers: new HistoryRepository(TRANSFERS, options),
      ledger: new HistoryRepository(LEDGER, options),
    },
    coverage: new CoverageRepository(options),
    rereads: new RereadRepository(options),
    setAside: new SetAsideRepository(options),
    symbols: new SymbolRepository(options),
    flows: new FlowRepository(options),
    observations: new ObservationRepository(options),
    openings: new OpeningRepository(options),
    proofs: new ProofRepository(options),
    snapshots: new SnapshotRepository(options),
    traces: new TraceRepository(options),
  } as const;
}
