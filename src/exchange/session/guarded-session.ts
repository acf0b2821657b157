import type { AccountRef } from '../../domain/account.js';
import type { Clock } from '../../domain/clock.js';
import { ExchangeSyncError } from '../../domain/errors.js';
import type { Logger } from '../../logging/logger.js';
import { abortable } from '../ccxt/abortable.js';
import { type CallContext, inCall } from '../ccxt/call-context.js';
import type { RawExchange } from '../ccxt/raw-exchange.js';
import type { CallPurpose, CcxtExchange, ExchangeSession } from '../exchange-session.js';
import type { Circuit } from '../guard/circuit.js';
import { FailedAttempt, type Failure } from '../guard/failure.js';
import type { Redactor } from '../guard/redactor.js';
import { withRetries } from '../guard/retry.js';
import type { Suspensions } from '../guard/suspensions.js';
import { translateError } from '../guard/translate-error.js';
import type { RateLimiter } from '../limiter/rate-limiter.js';
import type { WindowSet } from '../limiter/window-set.js';
import type { ExchangeProfile } from '../profiles/profile.js';
import type { ClockSync } from './clock-sync.js';
import type { SharedMarkets } from './shared-markets.js';

export interface SessionOptions {
  readonly exchange: RawExchange;
  readonly profile: ExchangeProfile;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
  readonly limiter: RateLimiter;
  readonly circuit: Circuit;
  readonly redactor: Redactor;
  /** Ends every call: the manager closes. */
  readonly closed: AbortSignal;
  /** One call with all its attempts and waits. */
  readonly callDeadlineMs: number;
  /** Absent: only public requests. */
  readonly signed?: SignedOptions;
}

export interface SignedOptions {
  readonly account: AccountRef;
  readonly fingerprint: string;
  readonly keyWindows: WindowSet;
  readonly suspensions: Suspensions;
  readonly clockSync: ClockSync;
  readonly markets: SharedMarkets;
}

/** Used where the profile names no other: every key of every exchange may read a balance. */
const DEFAULT_KEY_CHECK = 'fetchBalance';

/** One client behind retries, around the circuit breaker, around one attempt with its place in the limiter. */
export class GuardedSession implements ExchangeSession {
  readonly exchange: string;
  readonly #options: SessionOptions;
  /** Some signed read has succeeded with this key. */
  #answered = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.exchange = options.exchange.id;
  }

  get ccxt(): CcxtExchange {
    return this.#options.exchange;
  }

  async call<T>(purpose: CallPurpose, work: (ccxt: CcxtExchange) => Promise<T>): Promise<T> {
    const { clock, closed, callDeadlineMs, random, signed } = this.#options;
    const { context } = purpose;
    const deadlineAtMs = clock.now() + callDeadlineMs;
    const limits = {
      signals: [context.signal, closed],
      clock,
      timeoutMs: callDeadlineMs,
      onTimeout: () => this.#timedOut(purpose),
    };
    try {
      return await abortable(limits, (signal) => {
        const call = { signal, deadlineAtMs, meter: context.meter, priority: context.priority };
        const attempt = () => this.#attempt(purpose, call, work);
        const repair = {
          'after-clock-sync': async () => signed?.clockSync.measure(context),
          'after-market-refresh': async () => signed?.markets.refreshForUnknownSymbol(context),
        };
        const onRetry = (failure: Failure, attemptNumber: number) => this.#logRetry(failure, attemptNumber);
        return withRetries(attempt, { clock, signal, deadlineAtMs, random, repair, onRetry });
      });
    } catch (error: unknown) {
      throw error instanceof FailedAttempt ? error.failure.error : error;
    }
  }

  async #attempt<T>(
    purpose: CallPurpose,
    call: CallContext,
    work: (ccxt: CcxtExchange) => Promise<T>,
  ): Promise<T> {
    const { circuit, signed } = this.#options;
    if (purpose.context.despiteSuspension !== true) {
      signed?.suspensions.check(signed.account, signed.fingerprint, purpose);
    }
    await this.#prepare(purpose);
    try {
      const result = await circuit.run(() => this.#once(purpose, call, work));
      this.#answered = true;
      signed?.suspensions.answered(signed.account, signed.fingerprint, purpose);
      return result;
    } catch (error: unknown) {
      if (!(error instanceof FailedAttempt)) throw error;
      throw new FailedAttempt(await this.#follow(error.failure, purpose, call));
    }
  }

  /** What must be true before a signed request: the exchange's time is known, the markets are the current ones. */
  async #prepare({ context }: CallPurpose): Promise<void> {
    const { signed, exchange } = this.#options;
    if (signed === undefined) return;
    await signed.clockSync.ensure(context);
    exchange.options.timeDifference = signed.clockSync.aheadMs ?? 0;
    signed.markets.shareWith(exchange);
  }

  async #once<T>(
    purpose: CallPurpose,
    call: CallContext,
    work: (ccxt: CcxtExchange) => Promise<T>,
  ): Promise<T> {
    try {
      return await inCall(call, async () => work(this.#options.exchange));
    } catch (error: unknown) {
      throw new FailedAttempt(this.#translate(error, purpose));
    }
  }

  #translate(error: unknown, { scope, method }: CallPurpose): Failure {
    const { profile, redactor, clock, signed } = this.#options;
    return translateError(error, {
      errors: profile.errors,
      redactor,
      answered: this.#answered,
      nowMs: clock.now(),
      situation: {
        exchange: this.exchange,
        account: signed?.account.account,
        scope,
        method,
        clockAheadMs: signed?.clockSync.aheadMs,
      },
    });
  }

  /** Draws the consequences of a failure for the calls that come after it. */
  async #follow(failure: Failure, purpose: CallPurpose, call: CallContext): Promise<Failure> {
    const { limiter, signed } = this.#options;
    if (failure.hold !== undefined) {
      const code = failure.error.code === 'BANNED' ? 'BANNED' : 'RATE_LIMITED';
      limiter.hold(
        {
          sinceMs: this.#options.clock.now(),
          untilMs: failure.hold.untilMs,
          code,
          reason: failure.error.message,
        },
        failure.hold.who === 'key' ? signed?.keyWindows : undefined,
      );
    }
    if (signed === undefined) return failure;
    const settled = await this.#settle(failure, purpose, call);
    const { account, fingerprint, suspensions } = signed;
    const reason = settled.error.message;
    if (settled.suspends === 'account') suspensions.suspendAccount(account, fingerprint, reason);
    if (settled.suspends === 'scope') suspensions.suspendScope(account, fingerprint, purpose, reason);
    return settled;
  }

  /**
   * Some exchanges say the same of a bad key and of a good key that may not read this. Before the account is
   * suspended for it, a read is made that every good key may make.
   */
  async #settle(failure: Failure, purpose: CallPurpose, call: CallContext): Promise<Failure> {
    const method = this.#options.profile.keyCheck ?? DEFAULT_KEY_CHECK;
    if (failure.ifKeyIsGood === undefined || purpose.method === method) return failure;
    try {
      await this.#once({ ...purpose, method }, call, async (ccxt) =>
        (ccxt[method] as () => Promise<unknown>).call(ccxt),
      );
    } catch (error: unknown) {
      const refused = error instanceof FailedAttempt && error.failure.suspends === 'account';
      return refused ? failure : { ...failure, suspends: 'nothing' };
    }
    this.#answered = true;
    return failure.ifKeyIsGood;
  }

  #logRetry({ error }: Failure, attempt: number): void {
    const { code, message, details } = error;
    this.#options.logger.info('A request is tried again', { ...details, code, reason: message, attempt });
  }

  #timedOut({ scope, method }: CallPurpose): ExchangeSyncError {
    return new ExchangeSyncError(
      'EXCHANGE_TIMEOUT',
      `${this.exchange}: ${method} of ${scope} was not done within ${this.#options.callDeadlineMs / 1000} s.`,
      { details: { exchange: this.exchange, scope, method } },
    );
  }
}
