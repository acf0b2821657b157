import { parentPort, workerData } from 'node:worker_threads';
import { ExchangeSyncError } from '../domain/errors.js';
import { encodeError, encodeValue } from './error-envelope.js';
import { watchHost } from './host-watch.js';
import { HOST_METHODS, invoke, stubs, WORKER_METHODS } from './method-table.js';
import type { BridgeMessage, SendNotice } from './protocol.js';
import { RpcPeer } from './rpc-peer.js';
import type { HostApi, WorkerApi } from './worker-api.js';

/** What runs in the worker. */
export interface WorkerProgram extends WorkerApi {
  /** Finishes or aborts what is under way, closes everything, resolves within the deadline. */
  stop(deadlineMs: number): Promise<void>;
}

/** What the program finds around it. */
export interface WorkerSurroundings {
  /** What the host passed when it started the thread. */
  readonly data: unknown;
  readonly host: HostApi;
  readonly notify: SendNotice;
}

/**
 * Connects the program that `create` makes to the host's thread. Pings are answered from the first moment
 * on.
 */
export function serveWorker(create: (surroundings: WorkerSurroundings) => Promise<WorkerProgram>): void {
  if (!parentPort) throw new ExchangeSyncError('INTERNAL', 'This module only runs as a worker thread.');
  const port = parentPort;
  const send = (message: BridgeMessage) => port.postMessage(message);
  const notify: SendNotice = (notice) => send({ kind: 'notice', notice: encodeValue(notice) });
  const program = new Promise<WorkerProgram>((resolve) => {
    // In a later turn, so that the port already listens when `create` blocks or throws.
    setImmediate(() => resolve(create({ data: workerData, host, notify })));
  });
  // Calls that arrive before the program is there wait for it.
  const api = stubs<WorkerApi>(WORKER_METHODS, async (method, args) => invoke(await program, method, args));
  const peer = new RpcPeer({ send, api, methods: WORKER_METHODS });
  const host = peer.remote<HostApi>(HOST_METHODS);
  const notePing = watchHost((record) => notify({ kind: 'log', record }));

  port.on('message', (message: BridgeMessage) => {
    if (message.kind === 'ping') {
      send({ kind: 'pong' });
      notePing();
    } else if (message.kind === 'call') void peer.answer(message);
    else if (message.kind === 'result' || message.kind === 'error') peer.settle(message);
    else if (message.kind === 'stop') {
      const { id, deadlineMs } = message;
      void peer.respond(id, async () => {
        await (await program).stop(deadlineMs);
        // The thread is ended on this answer: those of the calls that were drained go out before it.
        await new Promise((resolve) => setImmediate(resolve));
      });
    }
  });
  program.then(
    () => send({ kind: 'ready' }),
    (error: unknown) => send({ kind: 'start-failed', error: encodeError(error) }),
  );
}
