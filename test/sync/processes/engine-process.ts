/*
 * A synchronizer in a process of its own, without its worker thread: a process that is stopped stops as a
 * whole. Told by its first argument what to sync, it writes each report as a line of JSON to stdout, and
 * ends with its stdin.
 */

import type { Credentials } from '#src/credentials/credentials.js';
import { accountId } from '#src/domain/account.js';
import type { SyncedDataType } from '#src/domain/data-type.js';
import { createEngine } from '#src/engine/engine.js';
import type { EngineSettings } from '#src/engine/engine-options.js';
import type { Logger } from '#src/logging/logger.js';

export interface EngineProcessOptions {
  readonly database: EngineSettings['database'];
  readonly proxyUrl: string;
  /** By account id, of bybit. */
  readonly keys: Readonly<Record<string, Credentials>>;
  readonly intervalMs: Readonly<Record<SyncedDataType, number>>;
  readonly leaseDurationMs: number;
}

const options = JSON.parse(process.env.PROCESS_OPTIONS ?? '') as EngineProcessOptions;
const accounts = Object.keys(options.keys).map((id) => id.slice('bybit/'.length));

function print(line: unknown): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const quiet = () => undefined;
const logger: Logger = {
  debug: quiet,
  info: quiet,
  warning: quiet,
  error: quiet,
  critical: quiet,
  child: () => logger,
};

const engine = await createEngine({
  settings: {
    exchanges: [
      {
        id: 'bybit',
        connection: { testnet: false, proxyUrl: options.proxyUrl },
        accountConnections: {},
      },
    ],
    schedule: { enabled: true, intervalMs: options.intervalMs },
    database: options.database,
    vault: { file: '/nonexistent/vault.json' },
    logging: { level: 'INFO', consoleLevel: 'INFO', directory: '' },
    quoteCurrency: 'USDT',
    costBasisMethod: 'average',
    historyRetentionDays: 90,
    accountOpenings: {},
    snapshots: { fullDays: 7, hourlyDays: 90 },
  },
  mode: 'service',
  leaseDurationMs: options.leaseDurationMs,
  host: {
    credentials: {
      accounts: async () => accounts,
      resolve: async (account) => {
        const credentials = options.keys[accountId(account)];
        return credentials === undefined ? undefined : { credentials, source: 'test' };
      },
    },
    logger,
    emit: ({ name, payload }) => {
      if (name === 'sync:report') print(payload);
    },
  },
});

process.stdin.on('end', async () => {
  await engine.stop(5_000);
  process.exit(0);
});
process.stdin.resume();
