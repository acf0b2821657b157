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
/** Starters hold the start lock until their server is ready, so there is hardly ever anything to wait for. */
const READY_DEADLINE_MS = 20_000;
const STOP_DEADLINE_MS = 60_000;

export interface AdoptedServer {
  readonly pid: number;
  readonly port: number;
  readonly lifeline: Lifeline;
}

/**
 * Joins the server that runs on this data directory. Undefined when none does; then the way is clear for a new
 * one: a server that nobody watches (its watchdog was killed) has been stopped, and a stale postmaster.pid disowned.
 */
export async function adopt(
  directory: string,
  pgData: string,
  logger: Logger,
): Promise<AdoptedServer | undefined> {
  const lifeline = await Lifeline.join(lifelineIn(directory));
  if (lifeline === undefined) {
    await clearTheWay(pgData, logger);
    return undefined;
  }
  try {
    const postmaster = await becomesReady(directory, pgData);
    if (postmaster !== undefined) return { pid: postmaster.pid, port: postmaster.port, lifeline };
  } catch (error) {
    await lifeline.release();
    throw error;
  }
  await lifeline.release();
  await clearTheWay(pgData, logger);
  return undefined;
}

async function becomesReady(directory: string, pgData: string): Promise<Postmaster | undefined> {
  const givesUpAt = systemClock.now() + READY_DEADLINE_MS;
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
