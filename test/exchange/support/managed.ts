import type { ConnectionSettings } from '#src/config/settings.js';
import type { Credentials } from '#src/credentials/credentials.js';
import { type AccountRef, accountId } from '#src/domain/account.js';
import type { Clock } from '#src/domain/clock.js';
import type { AccountClient, MarketDataClient, ReadContext } from '#src/exchange/exchange-client.js';
import { ExchangeManager, type ExchangeManagerOptions } from '#src/exchange/exchange-manager.js';
import type { CcxtExchange, ExchangeSession } from '#src/exchange/exchange-session.js';
import type { ExchangeProfile } from '#src/exchange/profiles/profile.js';
import { silentLogger } from '../../support/silent-logger.js';

export interface ManagedOptions {
  readonly exchange: string;
  readonly clock: Clock;
  readonly profile: ExchangeProfile;
  readonly connection?: Partial<ConnectionSettings>;
  readonly accountConnections?: Readonly<Record<string, ConnectionSettings>>;
  readonly credentials?: Record<string, Credentials>;
  readonly guard?: ExchangeManagerOptions['guard'];
}

export const TEST_KEY: Credentials = { apiKey: 'KEY-canary-1', secret: 'SECRET-canary-2' };

/** A manager whose clients hand out their guarded session as it is, and what it emitted. */
export class Managed {
  readonly manager: ExchangeManager;
  readonly events: [string, unknown][] = [];
  readonly credentials: Record<string, Credentials>;
  readonly #exchange: string;

  constructor(options: ManagedOptions) {
    const { exchange, clock, profile, connection = {}, guard } = options;
    this.#exchange = exchange;
    this.credentials = options.credentials ?? { [`${exchange}/main`]: TEST_KEY };
    this.manager = new ExchangeManager({
      settings: [
        {
          id: exchange,
          connection: { testnet: false, ...connection },
          accountConnections: options.accountConnections ?? {},
        },
      ],
      credentials: {
        resolve: async (account) => {
          const credentials = this.credentials[accountId(account)];
          return credentials === undefined ? undefined : { credentials, source: 'test' };
        },
      },
      readers: {
        profile: () => profile,
        account: ({ session }) => ({ session }) as unknown as AccountClient,
        marketData: ({ session }) => ({ session }) as unknown as MarketDataClient,
      },
      clock,
      logger: silentLogger,
      emit: (name, payload) => this.events.push([name, payload]),
      random: () => 0,
      ...(guard === undefined ? {} : { guard }),
    });
  }

  async session(context: ReadContext = readContext(), account = 'main'): Promise<ExchangeSession> {
    const ref: AccountRef = { exchange: this.#exchange, account };
    return sessionOf(await this.manager.account(ref, context));
  }

  async publicSession(context: ReadContext = readContext()): Promise<ExchangeSession> {
    return sessionOf(await this.manager.marketData(this.#exchange, context));
  }
}

function sessionOf(client: unknown): ExchangeSession {
  return (client as { session: ExchangeSession }).session;
}

export function readContext(overrides: Partial<ReadContext> = {}): ReadContext {
  return {
    signal: new AbortController().signal,
    meter: { requests: 0 },
    priority: 'schedule',
    ...overrides,
  };
}

/** One guarded call of a unified method. */
export function read(
  session: ExchangeSession,
  method: string,
  args: readonly unknown[] = [],
  { scope = 'a scope', context = readContext() }: { scope?: string; context?: ReadContext } = {},
): Promise<unknown> {
  return session.call({ context, scope, method }, (ccxt) => callOf(ccxt, method, args));
}

function callOf(ccxt: CcxtExchange, method: string, args: readonly unknown[]): Promise<unknown> {
  return (ccxt[method] as (...args: unknown[]) => Promise<unknown>).call(ccxt, ...args);
}

/** What a promise was rejected with; fails when it was not. */
export async function rejection(
  promise: Promise<unknown>,
): Promise<Error & { code?: string; details?: object }> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('error' in outcome) return outcome.error as Error;
  throw new Error(`expected a rejection, got ${JSON.stringify(outcome.value)}`);
}
