import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../domain/clock.js';
import type { Cluster } from './cluster.js';
import type { DataLocation } from './data-location.js';
import { embeddedFailure, programFailure } from './failure.js';
import { Lifeline } from './lifeline.js';
import type { NativeBinaries } from './native-binaries.js';
import { acceptsConnections, findPostmaster, LOOPBACK, readPostmaster } from './postmaster.js';
import type { ServerLog } from './server-log.js';
import { isPortFree, rememberPort } from './server-port.js';
import { spawnWatched, type WatchedServer } from './watchdog.js';

const POLL_MS = 5;
/** Recovery after a power cut replays at most max_wal_size; this is generous even for a slow disk. */
const READY_DEADLINE_MS = 300_000;
/** Processes of a crashed server need a moment to notice it; PostgreSQL refuses to start beside them. */
const ORPHANS_DEADLINE_MS = 5_000;
const ORPHANS_POLL_MS = 100;

export interface LaunchedServer extends WatchedServer {
  readonly port: number;
  readonly lifeline: Lifeline;
}

export interface LaunchOptions {
  readonly location: DataLocation;
  readonly native: NativeBinaries;
  readonly cluster: Cluster;
  readonly log: ServerLog;
  readonly port: number;
}

/**
 * Starts the server and waits until it is ready. Undefined when it should be tried again: its port was taken
 * between looking and listening, or another server of this directory was faster.
 */
export async function launch(options: LaunchOptions): Promise<LaunchedServer | undefined> {
  const logFile = await options.log.open(options.location.user);
  try {
    return await launchOnceOrphansAreGone(options, logFile);
  } finally {
    await logFile.close();
  }
}

async function launchOnceOrphansAreGone(
  options: LaunchOptions,
  logFile: FileHandle,
): Promise<LaunchedServer | undefined> {
  const afterCrash = (await readPostmaster(options.cluster.pgData)) !== undefined;
  const givesUpAt = systemClock.now() + (afterCrash ? ORPHANS_DEADLINE_MS : 0);
  for (;;) {
    try {
      return await launchLogged(options, logFile);
    } catch (error) {
      if (systemClock.now() >= givesUpAt) throw error;
    }
    await systemClock.sleep(ORPHANS_POLL_MS);
  }
}

async function launchLogged(
  options: LaunchOptions,
  logFile: FileHandle,
): Promise<LaunchedServer | undefined> {
  const { location, cluster, log, port } = options;
  const { size } = await logFile.stat();
  const lifelinePath = lifelineIn(location.directory);
  const { lifeline, readEnd } = await Lifeline.create(lifelinePath, location.owner);
  try {
    const server = await spawnWatched(serverCommand(options), location.user, readEnd, logFile);
    if (await becomesReady(server, cluster.pgData)) {
      await lifeline.publish(lifelinePath);
      await rememberPort(location, port);
      return { ...server, port, lifeline };
    }
    await lifeline.discard();
    if (!(await isPortFree(port)) || (await findPostmaster(cluster.pgData)) !== undefined) return undefined;
    throw await programFailure('postgres', await log.since(size), location.directory);
  } catch (error) {
    await lifeline.discard();
    throw error;
  } finally {
    await readEnd.close();
  }
}

export function lifelineIn(directory: string): string {
  return join(directory, 'lifeline');
}

function serverCommand({ native, cluster, port }: LaunchOptions): string[] {
  const settings = {
    listen_addresses: LOOPBACK,
    port: String(port),
    unix_socket_directories: '',
    logging_collector: 'off',
    log_destination: 'stderr',
  };
  return [
    native.postgres,
    '-D',
    cluster.pgData,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
}

async function becomesReady({ pid, watchdog }: WatchedServer, pgData: string): Promise<boolean> {
  const givesUpAt = systemClock.now() + READY_DEADLINE_MS;
  while (watchdog.exitCode === null && watchdog.signalCode === null) {
    const postmaster = await readPostmaster(pgData);
    if (postmaster?.pid === pid && postmaster.status === 'ready') return acceptsConnections(postmaster.port);
    if (systemClock.now() > givesUpAt) {
      throw embeddedFailure(
        `the server was not ready within ${READY_DEADLINE_MS / 1000} s`,
        'look into its log file',
      );
    }
    await systemClock.sleep(POLL_MS);
  }
  return false;
}
