import type { Environment } from './environment.js';
import type { OptionName, SettingValue } from './setting-definitions.js';
import type { ConnectionSettings } from './settings.js';

/**
 * What can be passed instead of being set in the environment: each setting by its name in camelCase
 * (`EXCHANGE_SYNC_LOG_LEVEL` is `logLevel`, `DB_HOST` is `dbHost`), as text or as its natural type.
 * Intervals are minutes. Options win over the environment.
 */
export type SettingOptions = {
  readonly [Name in OptionName]?: string | SettingValue<Name> | undefined;
} & {
  /** By exchange (`bybit`) or account (`bybit/sub1`): testnet and proxies. */
  readonly connections?: Readonly<Record<string, Partial<ConnectionSettings>>> | undefined;
  /**
   * By account (`bybit` is `bybit/main`): the day it was opened, `YYYY-MM-DD` in UTC. History begins there, and the
   * account held nothing before.
   */
  readonly openedOn?: Readonly<Record<string, string | undefined>> | undefined;
  /** Stands in for both the process's environment and the `.env` file. */
  readonly env?: Environment | undefined;
};
