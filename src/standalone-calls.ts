import type { BackfillOptions, RepairOptions } from './domain/backfill-report.js';
import type { BackupOptions, RestoreOptions } from './domain/backup-report.js';
import type { CoverageFilter } from './domain/coverage-view.js';
import type { MigrationOptions } from './domain/migration-report.js';
import type { PortfolioFilter } from './domain/portfolio-view.js';
import type { ProofFilter } from './domain/proof-view.js';
import type { HistoryFilter } from './domain/sync-history.js';
import type { StartOptions } from './start-options.js';
import { exchangeDataSynchronizer } from './synchronizer.js';

/*
 * The synchronizer's calls that need no start, as functions. They run in its worker while it is started, and
 * otherwise in one that lives as long as the call.
 */

export const runOnce = (options?: StartOptions) => exchangeDataSynchronizer.runOnce(options);
export const status = (options?: StartOptions) => exchangeDataSynchronizer.status(options);
export const portfolio = (filter?: PortfolioFilter, options?: StartOptions) =>
  exchangeDataSynchronizer.portfolio(filter, options);
export const history = (filter?: HistoryFilter, options?: StartOptions) =>
  exchangeDataSynchronizer.history(filter, options);
export const mirror = (filter?: PortfolioFilter, options?: StartOptions) =>
  exchangeDataSynchronizer.mirror(filter, options);
export const backfill = (options?: BackfillOptions, start?: StartOptions) =>
  exchangeDataSynchronizer.backfill(options, start);
export const repair = (options: RepairOptions, start?: StartOptions) =>
  exchangeDataSynchronizer.repair(options, start);
export const coverage = (filter?: CoverageFilter, options?: StartOptions) =>
  exchangeDataSynchronizer.coverage(filter, options);
export const proof = (filter?: ProofFilter, options?: StartOptions) =>
  exchangeDataSynchronizer.proof(filter, options);
export const migrate = (options?: StartOptions & MigrationOptions) =>
  exchangeDataSynchronizer.migrate(options);
export const backup = (options: BackupOptions, start?: StartOptions) =>
  exchangeDataSynchronizer.backup(options, start);
export const restore = (options: RestoreOptions, start?: StartOptions) =>
  exchangeDataSynchronizer.restore(options, start);
export const databaseConnection = (options?: StartOptions) =>
  exchangeDataSynchronizer.databaseConnection(options);
