import { systemClock } from '../../domain/clock.js';
import type { Logger } from '../../logging/logger.js';
import { embeddedFailure } from './failure.js';
import { lifelineIn } from './launch.js';
import { Lifeline } from './lifeline.js';
import {
  acceptsConnections,
  disownStalePostmaster,
  findPostmaster,
  type Postmaster,
  waitUntilGone,
} from './postmaster.js';

const POLL_MS = 10;
const STOP_DEADLINE_MS = 60_000;

export interface AdoptOptions {
  readonly directory: string;
  readonly pgData: string;
  /** How long a server that is watched may take to be ready and reachable. */
  readonly patienceMs: number;
  readonly logger: Logger;
}

export interface AdoptedServer {
  readonly pid: number;
  readonly port: number;
  readonly lifeline: Lifeline;
}

/**
 * Joins the server that runs on this data directory. Undefined when none does; then the way is clear for a new
 * one: a server that nobody watches (its watchdog was killed) has been stopped, and a stale postmaster.pid disowned.
 */
export async function adopt(options: AdoptOptions): Promise<AdoptedServer | undefined> {
  const { directory, pgData, logger } = options;
  const lifeline = await Lifeline.join(lifelineIn(directory));
  if (lifeline === undefined) {
    await clearTheWay(pgData, logger);
    return undefined;
  }
  try {
    const postmaster = await becomesReady(options);
    if (postmaster !== undefined) return { pid: postmaster.pid, port: postmaster.port, lifeline };
  } catch (error) {
    await lifeline.release();
    throw error;
  }
  await lifeline.release();
  await clearTheWay(pgData, logger);
  return undefined;
}

async function becomesReady({
  directory,
  pgData,
  patienceMs,
}: AdoptOptions): Promise<Postmaster | undefined> {
  const givesUpAt = systemClock.now() + patienceMs;
  while (await isWatched(directory)) {
    const postmaster = await findPostmaster(pgData);
    if (postmaster?.status === 'ready' && (await acceptsConnections(postmaster.port))) return postmaster;
    if (systemClock.now() > givesUpAt) {
      throw embeddedFailure(
        `a server is running on ${pgData} but cannot be reached from here; it may belong to another container`,
        'let one container own the data directory, choose another EXCHANGE_SYNC_DATA_DIR',
      );
    }
    await systemClock.sleep(POLL_MS);
  }
  return undefined;
}

async function isWatched(directory: string): Promise<boolean> {
  const another = await Lifeline.join(lifelineIn(directory));
  await another?.release();
  return another !== undefined;
}

async function clearTheWay(pgData: string, logger: Logger): Promise<void> {
  const unwatched = await findPostmaster(pgData);
  if (unwatched !== undefined) {
    const { pid } = unwatched;
    logger.warning('Stopping a PostgreSQL server that its hosts left behind', { pid, pgData });
    process.kill(pid, 'SIGINT');
    if (!(await waitUntilGone(pid, STOP_DEADLINE_MS))) {
      throw embeddedFailure(
        `the server that was left behind (process ${pid}) does not stop`,
        `kill process ${pid}`,
      );
    }
  }
  await disownStalePostmaster(pgData);
}
