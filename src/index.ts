export type { SynchronizerState } from './bridge/synchronizer-lifecycle.js';
export {
  type AddCredentialsOptions,
  type AddedCredentials,
  addCredentials,
  hasCredentials,
  listCredentials,
  type NewMasterKey,
  rekeyVault,
  removeCredentials,
  testCredentials,
} from './credential-calls.js';
export type { CredentialField, CredentialProvider, Credentials } from './credentials/credentials.js';
export type { PassphraseProvider } from './credentials/vault/passphrase.js';
export type { AccountRef } from './domain/account.js';
export type {
  BackfillOptions,
  BackfillReport,
  BackfillResult,
  HistoryChunk,
  RepairOptions,
} from './domain/backfill-report.js';
export type {
  BackedUpTable,
  BackupOptions,
  BackupReport,
  RestoreOptions,
  RestoreReport,
} from './domain/backup-report.js';
export type {
  Coverage,
  CoverageFilter,
  CoverageRange,
  LostRange,
  ScopeCoverage,
} from './domain/coverage-view.js';
export type { CredentialListing, CredentialTest, ScopeTest } from './domain/credential-report.js';
export { DataType, type HistoryDataType, type SyncedDataType } from './domain/data-type.js';
export type { DatabaseConnection } from './domain/database-connection.js';
export type { DecimalString } from './domain/decimal-string.js';
export { type ErrorCode, ExchangeSyncError, type ExchangeSyncErrorOptions } from './domain/errors.js';
export type { SynchronizerEventName, SynchronizerEvents } from './domain/events.js';
export type { Health, PartHealth } from './domain/health.js';
export type {
  AdoptedTable,
  AdoptionReport,
  MigrationOptions,
  MigrationReport,
} from './domain/migration-report.js';
export type {
  Mirror,
  MirroredBalance,
  MirroredOrder,
  MirroredPosition,
  MirroredPrice,
} from './domain/mirror.js';
export type { Portfolio, PortfolioFilter, PortfolioItem, PortfolioValue } from './domain/portfolio-view.js';
export type { AssetProof, OpeningSource, Proof, ProofFilter, ProofState } from './domain/proof-view.js';
export type { ReportedError, SyncOutcome, SyncReport } from './domain/report.js';
export type { HistoryEntry, HistoryFilter } from './domain/sync-history.js';
export type {
  CircuitStatus,
  DataTypeStatus,
  LimitStatus,
  PlannedSync,
  ScopeStatus,
  SuspensionStatus,
  SynchronizerStatus,
} from './domain/synchronizer-status.js';
export type { HostLogger } from './logging/host-logger.js';
export {
  backfill,
  backup,
  coverage,
  databaseConnection,
  history,
  migrate,
  mirror,
  portfolio,
  proof,
  repair,
  restore,
  runOnce,
  status,
} from './standalone-calls.js';
export type { StartOptions } from './start-options.js';
export {
  ExchangeDataSynchronizer,
  exchangeDataSynchronizer,
  type HealthOptions,
  type StopOptions,
} from './synchronizer.js';
