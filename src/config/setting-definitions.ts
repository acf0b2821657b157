import { SYNCED_DATA_TYPES, type SyncedDataType } from '../domain/data-type.js';
import type { Parser } from './setting-parser.js';
import {
  costBasisMethod,
  currency,
  exchangeList,
  flag,
  intervalMinutes,
  logLevel,
  password,
  port,
  schemaName,
  text,
  tls,
  wholeDays,
} from './value-parsers.js';

/** One setting: how it is called, checked and explained. docs/configuration.md is generated from these. */
export interface SettingDefinition<Value = unknown> {
  /** The environment variable. The option of `start()` is the key in the table. */
  readonly variable: string;
  /** The command line's option, if it has one. */
  readonly flag?: string;
  readonly parse: Parser<Value>;
  /** As a person would write it. Absent: the setting may be left out. */
  readonly defaultText?: string;
  readonly description: string;
  /** Its value is shown to nobody. */
  readonly secret?: boolean;
  /** An empty variable is a value of its own; otherwise it counts as not set. */
  readonly emptyIsValue?: boolean;
}

function define<Value>(definition: SettingDefinition<Value>): SettingDefinition<Value> {
  return Object.freeze(definition);
}

export const SCHEDULE_SETTINGS = {
  exchanges: define({
    variable: 'EXCHANGE_SYNC_EXCHANGES',
    flag: '--exchanges',
    parse: exchangeList,
    defaultText: 'bybit',
    description: "The exchanges to mirror: ccxt's ids, separated by commas.",
    emptyIsValue: true,
  }),
  enabled: define({
    variable: 'EXCHANGE_SYNC_ENABLED',
    parse: flag,
    defaultText: 'true',
    description: '`false` turns the schedule off; triggers still work.',
  }),
  intervalMinutes: define({
    variable: 'EXCHANGE_SYNC_INTERVAL_MINUTES',
    flag: '--interval',
    parse: intervalMinutes,
    defaultText: '30',
    description: 'Minutes from one sync to the next, whole or decimal.',
  }),
} as const;

export const INTERVAL_SETTINGS = Object.fromEntries(
  SYNCED_DATA_TYPES.map((dataType) => [
    `intervalMinutes${dataType[0]?.toUpperCase()}${dataType.slice(1)}`,
    define({
      variable: `EXCHANGE_SYNC_INTERVAL_MINUTES_${dataType.toUpperCase()}`,
      parse: intervalMinutes,
      description: `The same for ${dataType} alone.`,
    }),
  ]),
) as { readonly [Type in SyncedDataType as IntervalOption<Type>]: SettingDefinition<number> };

export type IntervalOption<Type extends SyncedDataType> = `intervalMinutes${Capitalize<Type>}`;

export function intervalOption<Type extends SyncedDataType>(dataType: Type): IntervalOption<Type> {
  return `intervalMinutes${dataType[0]?.toUpperCase()}${dataType.slice(1)}` as IntervalOption<Type>;
}

export const VALUE_SETTINGS = {
  quoteCurrency: define({
    variable: 'EXCHANGE_SYNC_QUOTE_CURRENCY',
    parse: currency,
    defaultText: 'USDT',
    description: 'Portfolios are valued in this currency. Another one starts a new series.',
  }),
  costBasis: define({
    variable: 'EXCHANGE_SYNC_COST_BASIS',
    parse: costBasisMethod,
    defaultText: 'average',
    description:
      'Which units are sold first: `average`, a share of all at their average cost, or `fifo`, the oldest.',
  }),
  historyRetentionDays: define({
    variable: 'EXCHANGE_SYNC_HISTORY_RETENTION_DAYS',
    parse: wholeDays,
    defaultText: '90',
    description: 'Rows of `sync_history` older than this are removed.',
  }),
  snapshotFullDays: define({
    variable: 'EXCHANGE_SYNC_SNAPSHOT_FULL_DAYS',
    parse: wholeDays,
    defaultText: '7',
    description: 'Every row of `portfolio_snapshots` is kept for so long.',
  }),
  snapshotHourlyDays: define({
    variable: 'EXCHANGE_SYNC_SNAPSHOT_HOURLY_DAYS',
    parse: wholeDays,
    defaultText: '90',
    description:
      'Then the last of each hour is kept for so long, and after that the last of each day for ever.',
  }),
} as const;

export const LOGGING_SETTINGS = {
  logLevel: define({
    variable: 'EXCHANGE_SYNC_LOG_LEVEL',
    flag: '--log-level',
    parse: logLevel,
    defaultText: 'INFO',
    description: 'The least that is logged: DEBUG, INFO, WARNING, ERROR or CRITICAL.',
  }),
  logConsoleLevel: define({
    variable: 'EXCHANGE_SYNC_LOG_CONSOLE_LEVEL',
    parse: logLevel,
    description: 'The least that the console gets of that; by default everything.',
  }),
  logDir: define({
    variable: 'EXCHANGE_SYNC_LOG_DIR',
    flag: '--log-dir',
    parse: text,
    defaultText: 'logs',
    description: 'Where the log files `exchange_sync_*.log` go. They are rotated at 10 MB and kept 7 days.',
  }),
} as const;

export const DATABASE_SETTINGS = {
  databaseUrl: define({
    variable: 'DATABASE_URL',
    parse: text,
    description:
      'Where your PostgreSQL (14 to 18) is: `postgresql://user:password@host:5432/database?sslmode=require`. It wins over `DB_*`.',
    secret: true,
  }),
  dbHost: define({
    variable: 'DB_HOST',
    parse: text,
    defaultText: 'localhost',
    description: 'Host name, address, or directory of the Unix socket.',
  }),
  dbPort: define({ variable: 'DB_PORT', parse: port, defaultText: '5432', description: 'Port.' }),
  dbUser: define({ variable: 'DB_USER', parse: text, defaultText: 'postgres', description: 'User.' }),
  dbPass: define({
    variable: 'DB_PASS',
    parse: password,
    defaultText: 'postgres',
    description: 'Password.',
    secret: true,
    emptyIsValue: true,
  }),
  dbName: define({ variable: 'DB_NAME', parse: text, defaultText: 'alphapulse', description: 'Database.' }),
  dbSsl: define({
    variable: 'DB_SSL',
    parse: tls,
    defaultText: 'disable',
    description:
      'TLS: `disable`, `require` (encrypted, certificate not checked) or `verify-full` (checked, also against `NODE_EXTRA_CA_CERTS`). `true` means `require`.',
  }),
  dbSchema: define({
    variable: 'DB_SCHEMA',
    parse: schemaName,
    defaultText: 'public',
    description: 'The schema that all tables and views live in.',
  }),
  dataDir: define({
    variable: 'EXCHANGE_SYNC_DATA_DIR',
    parse: text,
    defaultText: '.exchange-sync',
    description: 'Where the embedded PostgreSQL lives, which is used when no database is named.',
  }),
} as const;

export const VAULT_SETTINGS = {
  vaultFile: define({
    variable: 'EXCHANGE_SYNC_VAULT_FILE',
    flag: '--vault-file',
    parse: text,
    defaultText: '.exchange-sync/vault.json',
    description: 'Where the vault is that `exchange-sync credentials add` makes. Mode 0600.',
  }),
  vaultKeyFile: define({
    variable: 'EXCHANGE_SYNC_VAULT_KEY_FILE',
    flag: '--vault-key-file',
    parse: text,
    description:
      "A file (mode 0600) whose content is the vault's master key. Without it the vault opens with a passphrase or the desktop's keyring.",
  }),
} as const;

/** Every setting that is not per exchange, by its option's name. */
export const SETTINGS = {
  ...SCHEDULE_SETTINGS,
  ...INTERVAL_SETTINGS,
  ...VALUE_SETTINGS,
  ...LOGGING_SETTINGS,
  ...DATABASE_SETTINGS,
  ...VAULT_SETTINGS,
} as const;

export type OptionName = keyof typeof SETTINGS;
export type SettingValue<Name extends OptionName> =
  (typeof SETTINGS)[Name] extends SettingDefinition<infer Value> ? Value : never;
