import { type ResourceLimits, Worker } from 'node:worker_threads';
import { assertNever } from '../domain/assert-never.js';
import type { Clock } from '../domain/clock.js';
import { ExchangeSyncError } from '../domain/errors.js';
import { stoppedBefore, type WorkerExit, workerLost } from './bridge-errors.js';
import { Deferred } from './deferred.js';
import { cleanForeignError, decodeError, decodeValue } from './error-envelope.js';
import { Heartbeat, type HeartbeatTiming } from './heartbeat.js';
import { HOST_METHODS, WORKER_METHODS } from './method-table.js';
import type { BridgeMessage, SendNotice } from './protocol.js';
import { RpcPeer } from './rpc-peer.js';
import type { HostApi, WorkerApi, WorkerNotice } from './worker-api.js';
import { captureOutput, type OnOutput } from './worker-output.js';

export interface WorkerThreadOptions {
  /** The compiled module that calls `serveWorker`. */
  readonly entry: URL;
  /** Structured-cloned into the worker's memory: the one way in for secrets, never argv or environment. */
  readonly data: unknown;
  readonly hostApi: HostApi;
  readonly onNotice: SendNotice;
  readonly onOutput: OnOutput;
  readonly clock: Clock;
  readonly heartbeat: HeartbeatTiming;
  /** From the thread's start to its `ready`. */
  readonly startDeadlineMs: number;
  readonly resourceLimits: ResourceLimits;
}

/** Beyond the deadline that the worker was given: for its answer to arrive. */
const STOP_GRACE_MS = 1_000;

/** One life of the worker, seen from the host's thread. */
export class WorkerThread {
  /** Rejects with WORKER_LOST when the thread is gone, with STOPPED when it was stopped. */
  readonly api: WorkerApi;
  readonly #options: WorkerThreadOptions;
  readonly #peer: RpcPeer<HostApi>;
  readonly #heartbeat: Heartbeat;
  readonly #ready = new Deferred<void>();
  readonly #exited = new Deferred<WorkerExit>();
  readonly #startTimer = new AbortController();
  #worker: Worker | undefined;
  #exit: WorkerExit | undefined;
  #stopping = false;

  constructor(options: WorkerThreadOptions) {
    this.#options = options;
    this.#peer = new RpcPeer({
      send: (message) => this.#worker?.postMessage(message),
      api: options.hostApi,
      methods: HOST_METHODS,
    });
    this.api = this.#peer.remote<WorkerApi>(WORKER_METHODS);
    this.#heartbeat = new Heartbeat({
      clock: options.clock,
      timing: options.heartbeat,
      ping: () => this.#worker?.postMessage({ kind: 'ping' } satisfies BridgeMessage),
      onSilence: (silentMs) => this.#kill({ reason: `the worker thread did not answer for ${silentMs} ms` }),
    });
  }

  /** Settles when the worker answers calls, or cannot: with its own error, or WORKER_LOST. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** Resolves when the thread is gone, for whatever reason. */
  get exited(): Promise<WorkerExit> {
    return this.#exited.promise;
  }

  start(): void {
    try {
      this.#worker = this.#spawn();
    } catch (cause: unknown) {
      this.#exit = { reason: 'the worker thread could not be created', cause: cause as Error };
      this.#onExit(1);
      return;
    }
    void this.#limitStart();
  }

  /** At once; what is under way rejects with WORKER_LOST. */
  end(reason: string): void {
    this.#kill({ reason });
  }

  /** Lets the worker finish within the deadline, then ends it. Rejects if it did not stop cleanly. */
  async stop(deadlineMs: number): Promise<void> {
    if (!this.#worker) return;
    if (this.#exit) {
      // Lost before it was asked to stop: there is nothing to finish.
      await this.exited;
      return;
    }
    this.#stopping = true;
    const limit = new AbortController();
    try {
      await Promise.race([
        this.#peer.request((id) => ({ kind: 'stop', id, deadlineMs })),
        this.#options.clock.sleep(deadlineMs + STOP_GRACE_MS, limit.signal).then(() => {
          throw new ExchangeSyncError(
            'ABORTED',
            `The worker did not stop within ${deadlineMs} ms and was ended.`,
          );
        }),
      ]);
    } catch (error: unknown) {
      throw this.#exit ? workerLost(this.#exit) : error;
    } finally {
      limit.abort();
      this.#kill({ reason: 'the worker thread was stopped' });
      await this.exited;
    }
  }

  #spawn(): Worker {
    const worker = new Worker(this.#options.entry, {
      name: 'exchange-sync',
      workerData: this.#options.data,
      argv: [],
      env: {},
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: this.#options.resourceLimits,
    });
    captureOutput(worker, this.#options.onOutput);
    worker.on('message', (message: BridgeMessage) => this.#receive(message));
    worker.on('messageerror', (cause) => this.#kill({ reason: 'a message could not be read', cause }));
    worker.on('error', (error) => this.#diagnose(cleanForeignError(error)));
    worker.on('exit', (code) => this.#onExit(code));
    return worker;
  }

  #receive(message: BridgeMessage): void {
    this.#heartbeat.heard();
    switch (message.kind) {
      case 'call':
        void this.#peer.answer(message);
        return;
      case 'result':
      case 'error':
        this.#peer.settle(message);
        return;
      case 'notice':
        this.#options.onNotice(decodeValue(message.notice) as WorkerNotice);
        return;
      case 'ping':
        this.#worker?.postMessage({ kind: 'pong' } satisfies BridgeMessage);
        return;
      case 'pong':
        return;
      case 'ready':
        this.#startTimer.abort();
        this.#heartbeat.start();
        this.#ready.resolve();
        return;
      case 'start-failed': {
        const cause = decodeError(message.error);
        this.#ready.reject(cause);
        this.#kill({ reason: 'the worker thread could not start', cause });
        return;
      }
      case 'stop':
        // Only the host sends it.
        return;
      default:
        assertNever(message);
    }
  }

  async #limitStart(): Promise<void> {
    const { clock, startDeadlineMs } = this.#options;
    try {
      await clock.sleep(startDeadlineMs, this.#startTimer.signal);
    } catch {
      // Ready, or gone: both end the wait.
      return;
    }
    this.#kill({ reason: `the worker thread was not ready after ${startDeadlineMs} ms` });
  }

  /** The first reason stands: what follows from ending the thread is not why it ended. */
  #diagnose(cause: Error): void {
    const outOfMemory = 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY';
    this.#exit ??= {
      reason: outOfMemory
        ? 'the worker thread ran out of memory'
        : `the worker thread crashed: ${cause.message}`,
      cause,
    };
  }

  #kill(exit: WorkerExit): void {
    this.#exit ??= exit;
    void this.#worker?.terminate();
  }

  #onExit(code: number): void {
    this.#exit ??= { reason: `the worker thread exited with code ${code}` };
    const exit = this.#exit;
    this.#startTimer.abort();
    this.#heartbeat.stop();
    const lost = () => (this.#stopping ? stoppedBefore() : workerLost(exit));
    this.#peer.close(lost);
    this.#ready.reject(lost());
    this.#exited.resolve(exit);
  }
}
