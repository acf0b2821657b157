/** A promise that is settled from outside, for an outcome that an event brings. Settling it twice is harmless. */
export class Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T | PromiseLike<T>) => void;
  readonly reject: (reason: unknown) => void;

  constructor() {
    let settle: Pick<Deferred<T>, 'resolve' | 'reject'> | undefined;
    this.promise = new Promise<T>((resolve, reject) => {
      settle = { resolve, reject };
    });
    // Whoever awaits it sees the rejection; an outcome that nobody awaits must not end the process.
    this.promise.catch(() => undefined);
    this.resolve = (value) => settle?.resolve(value);
    this.reject = (reason) => settle?.reject(reason);
  }
}
