import type { CostBasisMethod } from '../domain/cost-basis-method.js';
import type { SyncedDataType } from '../domain/data-type.js';
import type { LogLevel } from '../domain/log-level.js';

/** Settings that have been checked, completed with defaults, and cannot change: what the program runs on. */
export interface Settings {
  readonly exchanges: readonly ExchangeSettings[];
  readonly schedule: ScheduleSettings;
  readonly database: DatabaseSettings;
  readonly vault: VaultSettings;
  readonly logging: LoggingSettings;
  /** Portfolios are valued in this currency, e.g. `USDT`. */
  readonly quoteCurrency: string;
  readonly costBasisMethod: CostBasisMethod;
  /** Rows of `sync_history` older than this are removed. */
  readonly historyRetentionDays: number;
  /** By `bybit/main`: when the day began on which the account was opened, in milliseconds since the epoch. */
  readonly accountOpenings: Readonly<Record<string, number>>;
  readonly snapshots: SnapshotSettings;
}

/** How long `portfolio_snapshots` keeps every row, and then one an hour; later one a day, for ever. */
export interface SnapshotSettings {
  readonly fullDays: number;
  readonly hourlyDays: number;
}

export interface ScheduleSettings {
  /** False turns the schedule off and leaves triggers working. */
  readonly enabled: boolean;
  readonly intervalMs: Readonly<Record<SyncedDataType, number>>;
}

export interface ExchangeSettings {
  /** ccxt's exchange id. */
  readonly id: string;
  /** For public requests, and for accounts that have none of their own. */
  readonly connection: ConnectionSettings;
  /** By account name: those that differ from the exchange's. */
  readonly accountConnections: Readonly<Record<string, ConnectionSettings>>;
}

/** How an exchange is reached. At most one of the three proxies is set; each may hold a secret. */
export interface ConnectionSettings {
  readonly testnet: boolean;
  /** ccxt's `proxyUrl`: a prefix that the whole URL is appended to. */
  readonly proxyUrl?: string;
  readonly httpsProxy?: string;
  readonly socksProxy?: string;
}

export type DatabaseSettings = ServerDatabaseSettings | EmbeddedDatabaseSettings;

interface SchemaSettings {
  /** All tables and views live in this schema. */
  readonly schema: string;
}

/** A PostgreSQL 14 to 18 that somebody runs. */
export interface ServerDatabaseSettings extends SchemaSettings {
  readonly kind: 'server';
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly tls: 'disable' | 'require' | 'verify-full';
}

/** The PostgreSQL that comes with the package, in a directory of its own. */
export interface EmbeddedDatabaseSettings extends SchemaSettings {
  readonly kind: 'embedded';
  readonly dataDir: string;
}

/** Absolute paths. */
export interface VaultSettings {
  readonly file: string;
  /** Holds the master key. Absent: a passphrase or the keyring opens the vault. */
  readonly keyFile?: string;
}

export interface LoggingSettings {
  readonly level: LogLevel;
  /** The least that the console gets of that. */
  readonly consoleLevel: LogLevel;
  readonly directory: string;
}
