import { unlessAborted } from '../ccxt/abortable.js';
import type { ReadContext } from '../exchange-client.js';

/** Never aborted: the closing of the manager ends a session's calls anyway. */
const NEVER = new AbortController().signal;

/**
 * One run of a task serves everybody who asks for it meanwhile. Its requests count for whoever asked first;
 * but when that one gives up, the run goes on for the others.
 */
export class SharedTask {
  readonly #task: (context: ReadContext) => Promise<void>;
  #running: Promise<void> | undefined;

  constructor(task: (context: ReadContext) => Promise<void>) {
    this.#task = task;
  }

  run(context: ReadContext): Promise<void> {
    this.#running ??= this.#task({ ...context, signal: NEVER }).finally(() => {
      this.#running = undefined;
    });
    return unlessAborted(this.#running, context.signal);
  }
}
