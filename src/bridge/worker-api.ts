import type { ResolvedCredentials } from '../credentials/credentials.js';
import type { AccountRef } from '../domain/account.js';
import type { BackfillReport } from '../domain/backfill-report.js';
import type { BackupOptions, BackupReport, RestoreOptions, RestoreReport } from '../domain/backup-report.js';
import type { Coverage, CoverageFilter } from '../domain/coverage-view.js';
import type { CredentialTest } from '../domain/credential-report.js';
import type { DataType } from '../domain/data-type.js';
import type { SynchronizerEvent } from '../domain/events.js';
import type { PartHealth } from '../domain/health.js';
import type { BackfillWork, RepairWork } from '../domain/history-work.js';
import type { MigrationOptions, MigrationReport } from '../domain/migration-report.js';
import type { Mirror } from '../domain/mirror.js';
import type { Portfolio, PortfolioFilter } from '../domain/portfolio-view.js';
import type { Proof, ProofFilter } from '../domain/proof-view.js';
import type { SyncReport } from '../domain/report.js';
import type { HistoryEntry, HistoryFilter } from '../domain/sync-history.js';
import type { PlannedSync, SynchronizerStatus } from '../domain/synchronizer-status.js';
import type { LogRecord } from '../logging/logger.js';

/** What the host's thread asks of the worker: the engine implements it. */
export interface WorkerApi {
  /** `account` undefined: all accounts of the exchange. */
  triggerSync(
    exchange: string,
    account: string | undefined,
    dataType: DataType,
  ): Promise<readonly SyncReport[]>;
  /** What `triggerSync` would sync; rejects as it does, and syncs nothing. */
  plan(exchange: string, account: string | undefined, dataType: DataType): Promise<readonly PlannedSync[]>;
  /** Every configured account and data type once. */
  syncAll(): Promise<readonly SyncReport[]>;
  /** `exchange` undefined: all of them; `account` undefined: all of the exchange. */
  testCredentials(
    exchange: string | undefined,
    account: string | undefined,
  ): Promise<readonly CredentialTest[]>;
  status(): Promise<SynchronizerStatus>;
  portfolio(filter: PortfolioFilter): Promise<Portfolio>;
  history(filter: HistoryFilter): Promise<readonly HistoryEntry[]>;
  mirror(filter: PortfolioFilter): Promise<Mirror>;
  /** Reads what is missing of the histories until nothing is left; tells each page as `history:chunk`. */
  backfill(work: BackfillWork): Promise<BackfillReport>;
  /** Reads a range once more, whether it is covered or not. */
  repair(work: RepairWork): Promise<BackfillReport>;
  coverage(filter: CoverageFilter): Promise<Coverage>;
  proof(filter: ProofFilter): Promise<Proof>;
  migrate(options: MigrationOptions): Promise<MigrationReport>;
  backup(options: BackupOptions): Promise<BackupReport>;
  restore(options: RestoreOptions): Promise<RestoreReport>;
  /** Asks the database, and answers within the deadline how it is. */
  ping(deadlineMs: number): Promise<PartHealth>;
}

/** What the worker asks of the host's thread: functions that must run there. */
export interface HostApi {
  listAccounts(exchange: string): Promise<readonly string[]>;
  resolveCredentials(account: AccountRef): Promise<ResolvedCredentials | undefined>;
}

/** What the worker tells the host's thread without expecting an answer. */
export type WorkerNotice =
  | { readonly kind: 'log'; readonly record: LogRecord }
  | { readonly kind: 'event'; readonly event: SynchronizerEvent };
