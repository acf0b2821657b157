import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { isAlive } from '../../files/process-identity.js';
import type { Logger } from '../../logging/logger.js';
import { embeddedFailure } from './failure.js';
import type { Lifeline } from './lifeline.js';
import { waitUntilGone } from './postmaster.js';
import type { ServerLog } from './server-log.js';
import { withStartLock } from './start-lock.js';

const CHECK_INTERVAL_MS = 500;
/** Longer than the watchdog needs to get from a polite request to SIGKILL. */
const STOP_DEADLINE_MS = 60_000;

/** How the use of a server ended. */
export interface ServerExit {
  /** False when the server ended although this process had not asked for it. */
  readonly expected: boolean;
  /** Where the server's own messages are. */
  readonly logFile: string;
}

export interface ServerSessionOptions {
  readonly pid: number;
  readonly lifeline: Lifeline;
  /** Known to the process that started the server. */
  readonly watchdog: ChildProcess | undefined;
  readonly log: ServerLog;
  readonly lockPath: string;
  readonly logger: Logger;
}

/** This process's use of a running server, from start to stop. */
export class ServerSession {
  readonly exited: Promise<ServerExit>;
  readonly #options: ServerSessionOptions;
  readonly #settle: (exit: ServerExit) => void;
  readonly #endWatching: () => void;
  #stopping: Promise<void> | undefined;

  constructor(options: ServerSessionOptions) {
    this.#options = options;
    const { promise, resolve } = withResolvers<ServerExit>();
    this.exited = promise;
    this.#settle = resolve;
    this.#endWatching = this.#watch();
  }

  /** Shares the stop under way; one that failed can be tried again. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop().catch((error: unknown) => {
      this.#stopping = undefined;
      throw error;
    });
    return this.#stopping;
  }

  #watch(): () => void {
    const { log, logger, watchdog } = this.#options;
    const check = () => void this.#check();
    const timer = setInterval(check, CHECK_INTERVAL_MS).unref();
    watchdog?.once('exit', check);
    const endTrimming = log.keepBounded((error) => {
      logger.warning('The log file of the embedded PostgreSQL could not be trimmed', { error });
    });
    return () => {
      clearInterval(timer);
      watchdog?.off('exit', check);
      endTrimming();
    };
  }

  async #check(): Promise<void> {
    const { pid, watchdog, lifeline, logger, log } = this.#options;
    if (isAlive(pid)) {
      // Without its watchdog the server would outlive its hosts.
      if (watchdog !== undefined && hasEnded(watchdog)) process.kill(pid, 'SIGINT');
      return;
    }
    if (this.#stopping !== undefined) return;
    this.#endWatching();
    this.#stopping = Promise.resolve();
    logger.error('The embedded PostgreSQL ended unexpectedly', { pid, logFile: log.path });
    await lifeline.release();
    this.#settle({ expected: false, logFile: log.path });
  }

  async #stop(): Promise<void> {
    const { lockPath, log, logger } = this.#options;
    this.#endWatching();
    let locked = false;
    try {
      // The lock keeps a starter from adopting a server that is about to stop.
      await withStartLock(lockPath, () => {
        locked = true;
        return this.#letGo();
      });
    } catch (error) {
      if (locked) throw error;
      // On a full disk, or in a directory that was removed, stopping matters more than whom it surprises.
      logger.warning('Stopping the embedded PostgreSQL without its start lock', { error });
      await this.#letGo();
    }
    this.#settle({ expected: true, logFile: log.path });
  }

  async #letGo(): Promise<void> {
    const { pid, lifeline, watchdog, log } = this.#options;
    if (!(await lifeline.release())) return;
    if (!(await waitUntilGone(pid, STOP_DEADLINE_MS))) {
      throw embeddedFailure(
        `the server (process ${pid}) has not stopped within ${STOP_DEADLINE_MS / 1000} s`,
        `look into ${log.path}`,
      );
    }
    if (watchdog !== undefined && !hasEnded(watchdog)) {
      watchdog.ref();
      await once(watchdog, 'exit');
    }
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
