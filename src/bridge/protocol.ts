import type { ErrorEnvelope } from './error-envelope.js';
import type { WorkerNotice } from './worker-api.js';

/** Everything that crosses the port between the host's thread and the worker, in either direction. */
export type BridgeMessage =
  | { readonly kind: 'call'; readonly id: number; readonly method: string; readonly args: readonly unknown[] }
  /** Host to worker: finish or abort what is under way within the deadline, then answer with `result`. */
  | { readonly kind: 'stop'; readonly id: number; readonly deadlineMs: number }
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: ErrorEnvelope }
  /** Worker to host; errors inside are envelopes. */
  | { readonly kind: 'notice'; readonly notice: unknown }
  | { readonly kind: 'ping' }
  | { readonly kind: 'pong' }
  /** Worker to host, once: calls are answered from now on. */
  | { readonly kind: 'ready' }
  /** Worker to host, instead of `ready`: it could not start. */
  | { readonly kind: 'start-failed'; readonly error: ErrorEnvelope };

/** One end of the port. */
export type SendMessage = (message: BridgeMessage) => void;
export type SendNotice = (notice: WorkerNotice) => void;
