import type { AccountRef } from './account.js';
import type { SyncedDataType } from './data-type.js';
import type { DecimalString } from './decimal-string.js';
import type { ReportedError, SyncOutcome } from './report.js';
import type { ScopeId } from './scope-read.js';

/*
 * What readers get back: plain JSON. `null` is unknown. Times are ISO 8601 in UTC.
 */

export interface PortfolioFilter {
  readonly exchange?: string;
  readonly account?: string;
}

export interface PortfolioItem extends AccountRef {
  readonly asset: string;
  readonly quantity: DecimalString;
  readonly currentPrice: DecimalString | null;
  readonly quoteCurrency: string;
  /** How the price was found, e.g. `BTC/USDT last` or `XYZ/BTC last x BTC/USDT last`. */
  readonly priceSource: string | null;
  readonly pricedAt: string | null;
  readonly value: DecimalString | null;
  readonly avgEntryPrice: DecimalString | null;
  /** Why there is no average entry price, or what it covers. */
  readonly basisNote: string | null;
  /** The oldest and newest complete read of the wallets that the quantity is summed over. */
  readonly observedFrom: string;
  readonly observedTo: string;
}

/** What the priced part is worth, and how much is not priced: never one number that hides the other. */
export interface PortfolioValue {
  readonly quoteCurrency: string;
  /** Of the assets that have a price. */
  readonly value: DecimalString;
  /** Assets with a quantity other than 0: with a price, and without one. */
  readonly pricedAssets: number;
  readonly unpricedAssets: number;
  /** `pricedAssets` of all, 0 to 1; null when there is none. */
  readonly pricedShare: DecimalString | null;
  /** The oldest observation that the sum rests on. */
  readonly oldestObservation: string | null;
  /** Accounts (`bybit/main`) that have something whose last complete read is older than twice its interval. */
  readonly staleAccounts: readonly string[];
  /** Of open positions, in their settle currencies' own units valued in the quote currency; apart from `value`. */
  readonly unrealizedPnl: DecimalString | null;
}

export interface Portfolio {
  readonly items: readonly PortfolioItem[];
  readonly values: readonly PortfolioValue[];
}

export interface HistoryFilter extends PortfolioFilter {
  readonly dataType?: SyncedDataType;
  readonly status?: SyncOutcome;
  /** At most this many, newest first; 50 by default. */
  readonly limit?: number;
}

export interface HistoryEntry extends AccountRef {
  readonly id: string;
  readonly runId: string;
  readonly dataType: SyncedDataType;
  readonly status: SyncOutcome;
  readonly itemsProcessed: number;
  readonly itemsSynced: number;
  readonly startedAt: string;
  readonly finishedAt: string;
  /** null: they were not counted. */
  readonly requests: number | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
}

export interface ScopeStatus {
  readonly scope: ScopeId;
  readonly lastCompleteAt: string | null;
  readonly lastAttemptAt: string | null;
  readonly errorCode: string | null;
}

export interface DataTypeStatus extends AccountRef {
  readonly dataType: SyncedDataType;
  /** Of the last finished sync; null before the first. */
  readonly status: SyncOutcome | null;
  readonly running: boolean;
  readonly lastSync: string | null;
  readonly lastSuccess: string | null;
  readonly nextSync: string | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly scopes: readonly ScopeStatus[];
}

export interface CircuitStatus {
  readonly exchange: string;
  readonly state: 'open' | 'half-open';
  readonly until: string;
  readonly reason: string;
}

/** The exchange asked for no requests, or has banned this address or key: nothing is sent before `until`. */
export interface LimitStatus {
  readonly exchange: string;
  readonly appliesTo: 'address' | 'key';
  readonly code: 'RATE_LIMITED' | 'BANNED';
  readonly reason: string;
  readonly until: string;
}

export interface SuspensionStatus extends AccountRef {
  /** What the key may not read; null: the whole account is suspended. */
  readonly scope: string | null;
  readonly reason: string;
  readonly until: string;
}

export interface SynchronizerStatus {
  readonly scheduled: boolean;
  readonly dataTypes: readonly DataTypeStatus[];
  readonly circuits: readonly CircuitStatus[];
  readonly limits: readonly LimitStatus[];
  readonly suspensions: readonly SuspensionStatus[];
  /** Syncs, since ever and of all processes, that wrote nothing because they had lost their lease by then. */
  readonly refusedWrites: number;
}

/** One sync that a trigger asks for. What belongs to the exchange as a whole has the account `*`. */
export interface PlannedSync extends AccountRef {
  readonly dataType: SyncedDataType;
}

export interface MigrationOptions {
  /** Says what would be done and does nothing. */
  readonly dryRun?: boolean | undefined;
  /**
   * The time zone, e.g. `Europe/Berlin`, of the machine that wrote the tables of the older program that are
   * taken over; needed where their times have none.
   */
  readonly legacyTimezone?: string | undefined;
}

export interface MigrationReport {
  readonly schema: string;
  readonly fromVersion: number;
  readonly toVersion: number;
  /** The migrations that were applied; in a dry run, those that would be. */
  readonly applied: readonly string[];
  readonly dryRun: boolean;
  /** null: there was nothing to take over. */
  readonly adoption: AdoptionReport | null;
}

/** What became of the tables of the program that this one replaces; in a dry run, what would. */
export interface AdoptionReport {
  /** In which their times were read, where they have none of their own. */
  readonly timezone: string | null;
  /** Only in a dry run: there are times that mean nothing without `legacyTimezone`. */
  readonly timezoneMissing: boolean;
  readonly tables: readonly AdoptedTable[];
}

/** `rows` = `copied` + `merged` + `setAside`: all of them stay in `legacyTable`. */
export interface AdoptedTable {
  readonly table: string;
  /** Where the rows are as they were. */
  readonly legacyTable: string;
  readonly rows: number;
  readonly copied: number;
  /** Left out for a newer row of the same thing: `Bybit` and `bybit`. */
  readonly merged: number;
  /** Cannot be rows here. */
  readonly setAside: number;
  /** Why rows were merged or set aside. */
  readonly reasons: readonly { readonly reason: string; readonly rows: number }[];
  /** Columns that are in `legacyTable` only. */
  readonly columnsLeftBehind: readonly string[];
}

export interface BackupOptions {
  /** Where to write it. */
  readonly file: string;
  /** Replaces the file if it is there. */
  readonly force?: boolean | undefined;
  /** Restores it at once beside the data, compares every table, and takes that back. */
  readonly check?: boolean | undefined;
}

export interface BackedUpTable {
  readonly table: string;
  readonly rows: number;
}

export interface BackupReport {
  readonly file: string;
  /** Of the file. */
  readonly bytes: number;
  readonly schema: string;
  readonly schemaVersion: number;
  readonly createdAt: string;
  readonly tables: readonly BackedUpTable[];
  /** Tables of the schema that are not this program's. */
  readonly leftOut: readonly string[];
  /** Whether it was restored and compared. */
  readonly checked: boolean;
}

export interface RestoreOptions {
  readonly file: string;
  /** Replaces what the schema holds of this program. */
  readonly force?: boolean | undefined;
}

export interface RestoreReport {
  readonly file: string;
  readonly schema: string;
  /** When the backup was taken. */
  readonly createdAt: string;
  /** The schema's version in the backup, and now. */
  readonly fromVersion: number;
  readonly toVersion: number;
  readonly tables: readonly BackedUpTable[];
}

/** How other programs reach the database. */
export interface DatabaseConnection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly schema: string;
  readonly tls: 'disable' | 'require' | 'verify-full';
  /** It comes with the package, and runs only while some process uses it. */
  readonly embedded: boolean;
}

/** The mirror's rows as they are stored: what is held, open and priced now. */
export interface Mirror {
  readonly balances: readonly MirroredBalance[];
  /** Open positions. */
  readonly positions: readonly MirroredPosition[];
  /** Open orders. */
  readonly orders: readonly MirroredOrder[];
  readonly prices: readonly MirroredPrice[];
}

export interface MirroredBalance extends AccountRef {
  readonly wallet: string;
  readonly currency: string;
  readonly available: DecimalString | null;
  readonly locked: DecimalString | null;
  readonly total: DecimalString;
}

export interface MirroredPosition extends AccountRef {
  readonly symbol: string;
  readonly side: string;
  readonly marginMode: string;
  readonly quantity: DecimalString | null;
  readonly contracts: DecimalString;
  readonly entryPrice: DecimalString | null;
  readonly markPrice: DecimalString | null;
  readonly unrealizedPnl: DecimalString | null;
  readonly leverage: DecimalString | null;
  readonly liquidationPrice: DecimalString | null;
  readonly settleCurrency: string | null;
}

export interface MirroredOrder extends AccountRef {
  readonly symbol: string;
  readonly orderId: string;
  readonly orderType: string | null;
  readonly side: string | null;
  readonly price: DecimalString | null;
  readonly triggerPrice: DecimalString | null;
  readonly average: DecimalString | null;
  readonly amount: DecimalString | null;
  readonly filled: DecimalString | null;
  readonly remaining: DecimalString | null;
  readonly status: string;
  readonly rawStatus: string | null;
}

export interface MirroredPrice {
  readonly exchange: string;
  readonly base: string;
  readonly quote: string;
  readonly price: DecimalString;
  readonly source: string;
}

/** What one key can read: the outcome of one signed request per scope. */
export interface CredentialTest {
  readonly exchange: string;
  readonly account: string;
  /** Where the key came from: `vault`, `environment`, the name of a host's provider. Null when there is none. */
  readonly source: string | null;
  /** `partial`: some scopes can be read and some cannot. `failed`: none can. */
  readonly status: 'ok' | 'partial' | 'failed';
  readonly scopes: readonly ScopeTest[];
  /** What kept everything from being asked, e.g. missing credentials. */
  readonly error: ReportedError | null;
  /** The account had been suspended and no longer is. */
  readonly resumed: boolean;
}

export interface ScopeTest {
  readonly dataType: SyncedDataType;
  readonly scope: string;
  readonly readable: boolean;
  /** Why not; null where it is readable. */
  readonly error: ReportedError | null;
}

/** One account that there are credentials for, without any part of them. */
export interface CredentialListing {
  readonly exchange: string;
  readonly account: string;
  /** The first source that knows it, which is the one that is used. */
  readonly source: string;
  /** By name: those that are set. Null: the vault is locked. */
  readonly fields: readonly string[] | null;
  /** By name: what the exchange requires beyond that. */
  readonly missing: readonly string[];
  /** Further sources that know the account and are not used for it. */
  readonly shadowed: readonly string[];
  /** False: the exchange is not among the configured ones. */
  readonly configured: boolean;
}
