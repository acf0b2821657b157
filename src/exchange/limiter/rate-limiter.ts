import type { Clock } from '../../domain/clock.js';
import { ExchangeSyncError } from '../../domain/errors.js';
import type { RequestContext } from '../ccxt/call-context.js';
import type { RequestLimiter } from '../ccxt/hardening.js';
import type { LimitHold } from '../guard/guard-state.js';
import type { Charge, WindowSet } from './window-set.js';

interface Waiter {
  readonly request: RequestContext;
  readonly sets: readonly WindowSet[];
  readonly charges: readonly Charge[];
  readonly admit: () => void;
  readonly refuse: (error: unknown) => void;
}

export interface RateLimiterOptions {
  readonly exchange: string;
  readonly clock: Clock;
  /** Of the IP address that this limiter's requests come from. */
  readonly address: WindowSet;
}

const RANK = { trigger: 0, schedule: 1 } as const;

/**
 * Lets requests of one exchange through, as many as the windows of the address and of the key allow:
 * triggers before schedules, otherwise in order. It sleeps until the next one fits; it never polls.
 */
export class RateLimiter {
  readonly #options: RateLimiterOptions;
  readonly #waiters: Waiter[] = [];
  #wake: AbortController | undefined;

  constructor(options: RateLimiterOptions) {
    this.#options = options;
  }

  /** The limiter of one client; `key` is absent for public requests. */
  client(key?: WindowSet): RequestLimiter {
    const { address, clock } = this.#options;
    const sets = key === undefined ? [address] : [address, key];
    return {
      acquire: (request, cost) => this.#acquire(request, cost, sets),
      observe: (request, headers) => {
        for (const set of sets) set.observe(request, headers, clock.now());
      },
    };
  }

  /** Requests that would have to wait beyond their deadline are refused at once. */
  hold(hold: LimitHold, set: WindowSet = this.#options.address): void {
    set.hold(hold);
    this.#admit();
  }

  #acquire(request: RequestContext, cost: number, sets: readonly WindowSet[]): Promise<void> {
    const { signal } = request;
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const leave = () => {
        signal.removeEventListener('abort', onAbort);
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
      };
      const onAbort = () => {
        leave();
        reject(signal.reason);
        this.#admit();
      };
      const admit = () => {
        leave();
        resolve();
      };
      const refuse = (error: unknown) => {
        leave();
        reject(error);
      };
      const charges = sets.flatMap((set) => set.chargesFor(request, cost));
      const waiter: Waiter = { request, sets, charges, admit, refuse };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiters.push(waiter);
      this.#admit();
    });
  }

  /** A waiter that does not fit yet keeps its windows from those behind it, so a heavy one is not starved. */
  #admit(): void {
    const nowMs = this.#options.clock.now();
    const reserved = new Set<object>();
    let wakeInMs = Number.POSITIVE_INFINITY;
    const inOrder = this.#waiters.toSorted((a, b) => RANK[a.request.priority] - RANK[b.request.priority]);
    for (const waiter of inOrder) {
      const hold = heldBy(waiter, nowMs);
      if (hold !== undefined && hold.untilMs >= waiter.request.deadlineAtMs) {
        waiter.refuse(this.#refusal(hold));
        continue;
      }
      const waitMs = waitOf(waiter, hold, nowMs);
      if (waitMs === 0 && !waiter.charges.some(({ window }) => reserved.has(window))) {
        for (const { window, weight } of waiter.charges) window.take(weight, nowMs);
        waiter.admit();
        continue;
      }
      for (const { window } of waiter.charges) reserved.add(window);
      if (waitMs > 0) wakeInMs = Math.min(wakeInMs, waitMs);
    }
    this.#wakeIn(wakeInMs);
  }

  #wakeIn(delayMs: number): void {
    this.#wake?.abort();
    this.#wake = undefined;
    if (!Number.isFinite(delayMs)) return;
    const wake = new AbortController();
    this.#wake = wake;
    this.#options.clock.sleep(delayMs, wake.signal).then(
      () => this.#admit(),
      () => undefined, // Another wake-up took its place.
    );
  }

  #refusal({ untilMs, code, reason }: LimitHold): ExchangeSyncError {
    const { exchange } = this.#options;
    const until = new Date(untilMs).toISOString();
    return new ExchangeSyncError(code, `${exchange} asked for no requests before ${until}: ${reason}`, {
      details: { exchange, until },
    });
  }
}

function heldBy({ sets }: Waiter, nowMs: number): LimitHold | undefined {
  return sets
    .map((set) => set.heldAt(nowMs))
    .filter((hold) => hold !== undefined)
    .toSorted((a, b) => b.untilMs - a.untilMs)[0];
}

function waitOf({ charges }: Waiter, hold: LimitHold | undefined, nowMs: number): number {
  const waits = charges.map(({ window, weight }) => window.waitMs(weight, nowMs));
  return Math.max(0, hold === undefined ? 0 : hold.untilMs - nowMs, ...waits);
}
