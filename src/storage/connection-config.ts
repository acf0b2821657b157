import type { ClientConfig } from 'pg';
import type { ServerDatabaseSettings } from '../config/settings.js';

const CONNECT_TIMEOUT_MS = 10_000;

export interface ConnectionOptions {
  readonly settings: ServerDatabaseSettings;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** 10 s by default. */
  readonly connectTimeoutMs?: number;
}

/** How pg is told to connect. */
export function connectionConfig(options: ConnectionOptions): ClientConfig {
  const { host, port, user, password, database, tls } = options.settings;
  return {
    host,
    port,
    user,
    password,
    database,
    ssl: tls === 'disable' ? false : { rejectUnauthorized: tls === 'verify-full' },
    application_name: options.applicationName,
    connectionTimeoutMillis: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    keepAlive: true,
  };
}
