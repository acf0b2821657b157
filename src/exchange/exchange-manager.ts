import type { ConnectionSettings, ExchangeSettings } from '../config/settings.js';
import type { CredentialSource, Credentials } from '../credentials/credentials.js';
import { credentialsMissing, missingFields } from '../credentials/missing-credentials.js';
import { type AccountRef, accountId } from '../domain/account.js';
import type { Clock } from '../domain/clock.js';
import { HISTORY_DATA_TYPES } from '../domain/data-type.js';
import { ExchangeSyncError } from '../domain/errors.js';
import type { Logger } from '../logging/logger.js';
import { fingerprintOf } from './credential-fingerprint.js';
import type { AccountClient, ExchangeClients, MarketDataClient, ReadContext } from './exchange-client.js';
import type { CcxtExchange, ExchangeSession } from './exchange-session.js';
import type { EmitGuardEvent } from './guard/emit.js';
import { type GuardSnapshot, GuardState } from './guard/guard-state.js';
import { Suspensions } from './guard/suspensions.js';
import { WindowSet } from './limiter/window-set.js';
import type { MarketStore } from './market-store.js';
import type { ExchangeProfile } from './profiles/profile.js';
import type { ExchangeGateway } from './session/exchange-gateway.js';
import { GatewayPool } from './session/gateway-pool.js';

/** What turns a guarded session into records. */
export interface ReaderFactory {
  /** `exchange` is a bare client, for its capabilities only. */
  profile(exchange: CcxtExchange): ExchangeProfile;
  account(options: {
    account: AccountRef;
    session: ExchangeSession;
    profile: ExchangeProfile;
    clock: Clock;
  }): AccountClient;
  marketData(options: { session: ExchangeSession; profile: ExchangeProfile; clock: Clock }): MarketDataClient;
}

export interface ExchangeManagerOptions {
  readonly settings: readonly ExchangeSettings[];
  readonly credentials: Pick<CredentialSource, 'resolve'>;
  readonly readers: ReaderFactory;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly emit: EmitGuardEvent;
  /** Keeps market lists over a restart; absent: each start asks for them. */
  readonly marketStore?: MarketStore;
  /** Suspensions and open circuits of an earlier run. */
  readonly guard?: GuardSnapshot;
  /** From the request to the last byte of its answer; 30 s. */
  readonly requestTimeoutMs?: number;
  /** One guarded call with all its attempts and waits; 120 s. */
  readonly callDeadlineMs?: number;
  readonly random?: () => number;
}

interface CachedAccount {
  readonly fingerprint: string;
  readonly parts: Promise<AccountParts>;
}

interface AccountParts {
  readonly gateway: ExchangeGateway;
  readonly session: ExchangeSession;
  readonly client: AccountClient;
}

/** Factory and cache of the clients of every configured exchange. */
export class ExchangeManager implements ExchangeClients {
  readonly #options: ExchangeManagerOptions;
  readonly #settings: ReadonlyMap<string, ExchangeSettings>;
  readonly #state: GuardState;
  readonly #suspensions: Suspensions;
  readonly #closed = new AbortController();
  readonly #gateways: GatewayPool;
  readonly #keyWindows = new Map<string, WindowSet>();
  readonly #accounts = new Map<string, CachedAccount>();

  constructor(options: ExchangeManagerOptions) {
    this.#options = options;
    this.#settings = new Map(options.settings.map((settings) => [settings.id, settings]));
    this.#state = new GuardState(options.guard);
    this.#suspensions = new Suspensions({ clock: options.clock, state: this.#state, emit: options.emit });
    this.#gateways = new GatewayPool({
      profileOf: (exchange) => options.readers.profile(exchange),
      state: this.#state,
      suspensions: this.#suspensions,
      closed: this.#closed.signal,
      clock: options.clock,
      logger: options.logger,
      emit: options.emit,
      random: options.random ?? Math.random,
      marketStore: options.marketStore,
      requestTimeoutMs: options.requestTimeoutMs ?? 30_000,
      callDeadlineMs: options.callDeadlineMs ?? 120_000,
    });
  }

  async account(account: AccountRef, context: ReadContext): Promise<AccountClient> {
    const connection = this.#connectionOf(account);
    const credentials = await this.#credentialsOf(account);
    const id = accountId(account);
    const fingerprint = fingerprintOf(credentials);
    let cached = this.#accounts.get(id);
    if (cached?.fingerprint !== fingerprint) {
      this.#suspensions.credentialsAre(account, fingerprint);
      cached = { fingerprint, parts: this.#createAccount(account, connection, credentials) };
      this.#accounts.set(id, cached);
      cached.parts.catch(() => this.#forget(id, cached));
    }
    const { gateway, session, client } = await cached.parts;
    await gateway.ensureMarkets(context, session);
    return client;
  }

  async marketData(exchange: string, context: ReadContext): Promise<MarketDataClient> {
    const gateway = await this.#gateway(exchange, this.#settingsOf(exchange).connection);
    const session = gateway.publicSession;
    await gateway.ensureMarkets(context, session);
    return this.#options.readers.marketData({
      session,
      profile: gateway.profile,
      clock: this.#options.clock,
    });
  }

  /** From when on the exchange has any history at all; undefined: it has none. Asks it for nothing. */
  async historyServedFromMs(exchange: string): Promise<number | undefined> {
    const { profile } = await this.#gateway(exchange, this.#settingsOf(exchange).connection);
    const lists = HISTORY_DATA_TYPES.flatMap((dataType) => [...profile[dataType]]);
    return lists.length === 0 ? undefined : Math.min(...lists.map(({ servedFromMs }) => servedFromMs));
  }

  /** Ends every suspension of the account, e.g. after its credentials were tested. */
  resume(account: AccountRef): void {
    this.#suspensions.resume(account);
  }

  mergeGuard(stored: GuardSnapshot, before: GuardSnapshot): void {
    this.#state.merge(stored, before);
  }

  guardSnapshot(): GuardSnapshot {
    return this.#state.snapshot(this.#options.clock.now());
  }

  async close(): Promise<void> {
    this.#closed.abort(new ExchangeSyncError('STOPPED', 'The exchange clients were closed.'));
    this.#accounts.clear();
    await this.#gateways.close();
  }

  #settingsOf(exchange: string): ExchangeSettings {
    this.#closed.signal.throwIfAborted();
    const settings = this.#settings.get(exchange);
    if (settings !== undefined) return settings;
    throw new ExchangeSyncError(
      'EXCHANGE_NOT_CONFIGURED',
      `${exchange} is not among the configured exchanges (${[...this.#settings.keys()].join(', ') || 'none'}); add it to EXCHANGE_SYNC_EXCHANGES.`,
      { details: { exchange } },
    );
  }

  #connectionOf({ exchange, account }: AccountRef): ConnectionSettings {
    const { accountConnections, connection } = this.#settingsOf(exchange);
    return accountConnections[account] ?? connection;
  }

  async #credentialsOf(account: AccountRef): Promise<Credentials> {
    const found = await this.#options.credentials.resolve(account);
    if (found === undefined) throw credentialsMissing(account);
    const missing = missingFields(account.exchange, found.credentials);
    if (missing.length > 0) throw credentialsMissing(account, missing, found.source);
    return found.credentials;
  }

  async #createAccount(
    account: AccountRef,
    connection: ConnectionSettings,
    credentials: Credentials,
  ): Promise<AccountParts> {
    const { readers, clock } = this.#options;
    const gateway = await this.#gateway(account.exchange, connection);
    const { profile } = gateway;
    const fingerprint = fingerprintOf(credentials);
    const keyWindows = this.#windowsOfKey(`${account.exchange} ${fingerprint}`, profile);
    const session = gateway.signedSession({ account, credentials, fingerprint, keyWindows });
    return { gateway, session, client: readers.account({ account, session, profile, clock }) };
  }

  /** Two accounts may have been given the same key; the exchange counts them as one. */
  #windowsOfKey(key: string, { rateBudgets }: ExchangeProfile): WindowSet {
    const known = this.#keyWindows.get(key);
    if (known !== undefined) return known;
    const windows = new WindowSet(
      rateBudgets.filter(({ per }) => per === 'key'),
      { limits: this.#state.limits, name: key },
    );
    this.#keyWindows.set(key, windows);
    return windows;
  }

  #gateway(exchange: string, connection: ConnectionSettings): Promise<ExchangeGateway> {
    const own = connection !== this.#settingsOf(exchange).connection;
    return this.#gateways.gateway(exchange, connection, own);
  }

  #forget(id: string, failed: CachedAccount | undefined): void {
    if (this.#accounts.get(id) === failed) this.#accounts.delete(id);
  }
}
