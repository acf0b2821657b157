import { EventEmitter } from 'eventemitter3';

type Listener = (...args: never[]) => unknown;

/**
 * An emitter whose listeners cannot harm what emits, or each other: what one of them throws, or rejects
 * with, goes to `listenerFailed` and the next one is called.
 */
export abstract class GuardedEmitter<Events extends object> extends EventEmitter<Events> {
  readonly #guards = new WeakMap<Listener, Listener>();

  protected abstract listenerFailed(event: EventEmitter.EventNames<Events>, error: unknown): void;

  override on<Name extends EventEmitter.EventNames<Events>>(
    event: Name,
    listener: EventEmitter.EventListener<Events, Name>,
    context?: unknown,
  ): this {
    return super.on(event, this.#guard(event, listener), context);
  }

  override addListener<Name extends EventEmitter.EventNames<Events>>(
    event: Name,
    listener: EventEmitter.EventListener<Events, Name>,
    context?: unknown,
  ): this {
    return this.on(event, listener, context);
  }

  override once<Name extends EventEmitter.EventNames<Events>>(
    event: Name,
    listener: EventEmitter.EventListener<Events, Name>,
    context?: unknown,
  ): this {
    return super.once(event, this.#guard(event, listener), context);
  }

  override removeListener<Name extends EventEmitter.EventNames<Events>>(
    event: Name,
    listener?: EventEmitter.EventListener<Events, Name>,
    context?: unknown,
    once?: boolean,
  ): this {
    return super.removeListener(event, listener && this.#guard(event, listener), context, once);
  }

  override off<Name extends EventEmitter.EventNames<Events>>(
    event: Name,
    listener?: EventEmitter.EventListener<Events, Name>,
    context?: unknown,
    once?: boolean,
  ): this {
    return this.removeListener(event, listener, context, once);
  }

  /** The same guard for the same listener, so that it can be removed; a guard is its own. */
  #guard<Fn extends Listener>(event: EventEmitter.EventNames<Events>, listener: Fn): Fn {
    const known = this.#guards.get(listener);
    if (known) return known as Fn;
    const failed = (error: unknown) => this.listenerFailed(event, error);
    const guard = function (this: unknown, ...args: never[]): void {
      try {
        const outcome = listener.apply(this, args);
        if (outcome instanceof Promise) outcome.catch(failed);
      } catch (error: unknown) {
        failed(error);
      }
    };
    this.#guards.set(listener, guard);
    this.#guards.set(guard, guard);
    return guard as Fn;
  }
}
