import type { ConnectionSettings } from '../../config/settings.js';
import type { Credentials } from '../../credentials/credentials.js';
import type { AccountRef } from '../../domain/account.js';
import type { Clock } from '../../domain/clock.js';
import type { Logger } from '../../logging/logger.js';
import { createExchange } from '../ccxt/create-exchange.js';
import type { Dispatchers } from '../ccxt/dispatchers.js';
import type { RawExchange, RawExchangeClass } from '../ccxt/raw-exchange.js';
import type { ReadContext } from '../exchange-client.js';
import type { ExchangeSession } from '../exchange-session.js';
import { Circuit } from '../guard/circuit.js';
import type { EmitGuardEvent } from '../guard/emit.js';
import type { GuardState } from '../guard/guard-state.js';
import { Redactor } from '../guard/redactor.js';
import type { Suspensions } from '../guard/suspensions.js';
import { RateLimiter } from '../limiter/rate-limiter.js';
import { WindowSet } from '../limiter/window-set.js';
import type { ExchangeProfile, RateBudget } from '../profiles/profile.js';
import { ClockSync } from './clock-sync.js';
import { GuardedSession } from './guarded-session.js';
import { SharedMarkets } from './shared-markets.js';
import type { StoredMarkets } from './stored-markets.js';

export interface GatewayOptions {
  /** `bybit`, or `bybit@1a2b3c4d` for accounts with a connection of their own. */
  readonly name: string;
  readonly Class: RawExchangeClass;
  readonly profile: ExchangeProfile;
  readonly addressBudgets: readonly RateBudget[];
  readonly connection: ConnectionSettings;
  readonly dispatchers: Dispatchers;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  readonly emit: EmitGuardEvent;
  readonly state: GuardState;
  readonly suspensions: Suspensions;
  readonly closed: AbortSignal;
  readonly storedMarkets: StoredMarkets | undefined;
  readonly requestTimeoutMs: number;
  readonly callDeadlineMs: number;
}

export interface SignedSessionOptions {
  readonly account: AccountRef;
  readonly credentials: Credentials;
  readonly fingerprint: string;
  readonly keyWindows: WindowSet;
}

/**
 * One exchange reached over one connection: what all its clients share, namely sockets, limiter, circuit
 * breaker, markets and the exchange's time.
 */
export class ExchangeGateway {
  readonly #options: GatewayOptions;
  readonly #limiter: RateLimiter;
  readonly #circuit: Circuit;
  readonly #session: GuardedSession;
  readonly #markets: SharedMarkets;
  readonly #clockSync: ClockSync;

  constructor(options: GatewayOptions) {
    this.#options = options;
    const { profile, clock, logger, state, emit, name } = options;
    const address = new WindowSet(options.addressBudgets, { limits: state.limits, name });
    this.#limiter = new RateLimiter({ exchange: profile.exchange, clock, address });
    this.#circuit = new Circuit({ exchange: profile.exchange, name, clock, state, emit });
    const exchange = this.#createExchange();
    this.#session = this.#createSession(exchange);
    this.#markets = new SharedMarkets({
      clock,
      logger,
      exchange,
      session: this.#session,
      stored: options.storedMarkets,
    });
    this.#clockSync = new ClockSync({ clock, logger, exchange, session: this.#session });
  }

  get profile(): ExchangeProfile {
    return this.#options.profile;
  }

  /** Public requests only. */
  get publicSession(): ExchangeSession {
    return this.#session;
  }

  /** For one account; its markets come from the client without a key. */
  signedSession(signed: SignedSessionOptions): ExchangeSession {
    return this.#createSession(this.#createExchange(signed), signed);
  }

  /** Loads the markets if there are none yet, and refreshes them when they are old. */
  async ensureMarkets(context: ReadContext, session: ExchangeSession): Promise<void> {
    await this.#markets.ensure(context);
    this.#markets.shareWith(session.ccxt as RawExchange);
  }

  close(): void {
    this.#circuit.close();
  }

  #createExchange(signed?: SignedSessionOptions): RawExchange {
    const { Class, profile, connection, dispatchers, clock, requestTimeoutMs } = this.#options;
    const dispatcher = dispatchers.for(connection);
    return createExchange(Class, {
      profile,
      connection,
      ...(signed === undefined ? {} : { credentials: signed.credentials }),
      transport: { dispatcher, clock, timeoutMs: requestTimeoutMs },
      limiter: this.#limiter.client(signed?.keyWindows),
    });
  }

  #createSession(exchange: RawExchange, signed?: SignedSessionOptions): GuardedSession {
    const { profile, clock, logger, random, closed, callDeadlineMs, connection, suspensions } = this.#options;
    return new GuardedSession({
      exchange,
      profile,
      clock,
      logger,
      random,
      closed,
      callDeadlineMs,
      limiter: this.#limiter,
      circuit: this.#circuit,
      redactor: new Redactor([...Object.values(signed?.credentials ?? {}), ...secretsOf(connection)]),
      ...(signed === undefined
        ? {}
        : {
            signed: {
              account: signed.account,
              fingerprint: signed.fingerprint,
              keyWindows: signed.keyWindows,
              suspensions,
              clockSync: this.#clockSync,
              markets: this.#markets,
            },
          }),
    });
  }
}

/** A proxy's address can hold a password, and a prefix a token in its path. */
function secretsOf({ proxyUrl, httpsProxy, socksProxy }: ConnectionSettings): (string | undefined)[] {
  const agents = [httpsProxy, socksProxy].flatMap((proxy) => {
    const url = proxy === undefined ? null : URL.parse(proxy);
    return url === null ? [] : [url.username, url.password, decodeURIComponent(url.password)];
  });
  return [proxyUrl, ...agents];
}
