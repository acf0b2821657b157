import type { ResourceLimits } from 'node:worker_threads';
import type { EmbeddedDatabaseSettings, ServerDatabaseSettings } from '../config/settings.js';
import { type Clock, systemClock } from '../domain/clock.js';
import { createLogSink, type LogSink, type LogSinkOptions } from '../logging/log-sink.js';
import type { Logger } from '../logging/logger.js';
import { HEARTBEAT, type HeartbeatTiming } from './heartbeat.js';
import { RESTART, type RestartTiming } from './restart-backoff.js';

/** A database server that the host's thread keeps running for the worker. */
export interface DatabaseServer {
  readonly settings: ServerDatabaseSettings;
  /** Can be called again after it failed. */
  stop(): Promise<void>;
}

/** What the host's side is made of. */
export interface HostParts {
  readonly entry: URL;
  readonly clock: Clock;
  readonly heartbeat: HeartbeatTiming;
  readonly restart: RestartTiming;
  /** For the worker to load its code and to become ready; reaching the database is not part of it. */
  readonly startDeadlineMs: number;
  /** For each of the host's credential providers to answer. */
  readonly hostCallDeadlineMs: number;
  readonly resourceLimits: ResourceLimits;
  readonly openLog: (options: LogSinkOptions) => Promise<LogSink>;
  /** `onEnd` is called when the server ends without having been stopped. */
  readonly startDatabase: (
    settings: EmbeddedDatabaseSettings,
    logger: Logger,
    onEnd: () => void,
  ) => Promise<DatabaseServer>;
}

export const HOST_PARTS: HostParts = Object.freeze({
  entry: new URL('./thread.js', import.meta.url),
  clock: systemClock,
  heartbeat: HEARTBEAT,
  restart: RESTART,
  startDeadlineMs: 60_000,
  hostCallDeadlineMs: 30_000,
  // Markets of many exchanges at once take a few hundred; more than this is a leak that must not take the
  // host down with it.
  resourceLimits: Object.freeze({ maxOldGenerationSizeMb: 1_024 }),
  openLog: createLogSink,
  startDatabase: startEmbeddedDatabase,
});

/** The name of the database inside the embedded server. */
const EMBEDDED_DATABASE = 'exchange_sync';

async function startEmbeddedDatabase(
  { dataDir, schema }: EmbeddedDatabaseSettings,
  logger: Logger,
  onEnd: () => void,
): Promise<DatabaseServer> {
  // Loaded only where it is needed: most hosts have a server of their own.
  const { startEmbeddedPostgres } = await import('../storage/embedded/embedded-postgres.js');
  const server = await startEmbeddedPostgres({ dataDir, database: EMBEDDED_DATABASE, logger, onExit: onEnd });
  return {
    settings: { kind: 'server', ...server.connection, schema, tls: 'disable' },
    stop: () => server.stop(),
  };
}
