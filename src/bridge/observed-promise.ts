import type { ExchangeSyncError } from '../domain/errors.js';

/** A promise that knows whether anybody awaits it, so that a failure which nobody would see can be told otherwise. */
export class ObservedPromise<T> extends Promise<T> {
  #observed = false;

  /** What `then` gives is an ordinary promise. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  /** Handled from the beginning: an unseen rejection does not end the process. */
  static deferred<T>(): { promise: ObservedPromise<T>; resolve: (value: T | PromiseLike<T>) => void } {
    const settle: { resolve?: (value: T | PromiseLike<T>) => void } = {};
    const promise = new ObservedPromise<T>((resolve) => {
      settle.resolve = resolve;
    });
    promise.#markHandled();
    return { promise, resolve: (value) => settle.resolve?.(value) };
  }

  /** Certain from the next turn of the event loop on: `await` only gets here in a microtask. */
  get observed(): boolean {
    return this.#observed;
  }

  // biome-ignore lint/suspicious/noThenProperty: this is a promise, and then is how it is awaited.
  override then<Fulfilled = T, Rejected = never>(
    onFulfilled?: ((value: T) => Fulfilled | PromiseLike<Fulfilled>) | null,
    onRejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Fulfilled | Rejected> {
    this.#observed = true;
    return super.then(onFulfilled, onRejected);
  }

  #markHandled(): void {
    super.then(undefined, () => undefined);
  }
}

/** For who neither awaits nor listens, and would never know. */
export function warnUnlessObserved(promise: ObservedPromise<unknown>, error: ExchangeSyncError): void {
  setImmediate(() => {
    if (promise.observed) return;
    process.emitWarning(error.message, { type: 'ExchangeSyncError', code: error.code });
  });
}
