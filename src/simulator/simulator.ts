import { type Clock, systemClock } from '../domain/clock.js';
import { BinanceApi } from './binance/binance-api.js';
import { binanceOrderStatus } from './binance/binance-order-status.js';
import { BINANCE_RETENTION_MS } from './binance/binance-retention.js';
import { BybitApi } from './bybit/bybit-api.js';
import { bybitOrderStatus } from './bybit/bybit-order-status.js';
import { BYBIT_IP_REQUESTS } from './bybit/bybit-rate-limits.js';
import { BYBIT_RETENTION_MS } from './bybit/bybit-retention.js';
import { Faults } from './http/faults.js';
import type { ExchangeApi } from './http/reply.js';
import { RequestLog } from './http/request-log.js';
import { SimulatorServer } from './http/simulator-server.js';
import { OkxApi } from './okx/okx-api.js';
import { okxOrderState, okxOrderType } from './okx/okx-order-words.js';
import { OKX_RETENTION_MS } from './okx/okx-retention.js';
import type { HistoryTruth, Truth } from './truth.js';
import type { AccountIdentity } from './world/account.js';
import { historyTruth } from './world/history/history-truth.js';
import type { Serving } from './world/history/serving.js';
import { demoPlan } from './world/presets/demo.js';
import { World } from './world/world.js';
import type { WorldPlan } from './world/world-plan.js';
import { truthOf } from './world/world-truth.js';

export interface SimulatorOptions {
  /** The same seed gives the same world; times are the clock's. */
  readonly seed?: string;
  /** A plan, or what makes one for markets that were listed at `listedMs`. The demo's world by default. */
  readonly plan?: WorldPlan | ((listedMs: number) => WorldPlan);
  /** 0, the default, takes a free port. */
  readonly port?: number;
  readonly clock?: Clock;
  /** How long ago the accounts were opened; 45 days by default. */
  readonly historyMs?: number;
  /** How far the exchanges' clock is ahead of `clock`. */
  readonly clockOffsetMs?: number;
  /** Requests per IP before the exchange says stop; the published limits by default. */
  readonly rateLimits?: {
    readonly bybitIpRequests?: number;
    readonly binanceWeight?: number;
    /** Of each endpoint, in two seconds. */
    readonly okxRequests?: number;
  };
}

export interface SimulatedCredentials {
  readonly exchange: string;
  readonly account: string;
  readonly credentials: { readonly apiKey: string; readonly secret: string; readonly password?: string };
}

export interface Simulator {
  readonly url: string;
  /** For `{ID}_PROXY_URL`, or ccxt's `proxyUrl`. */
  proxyUrl(exchange: string): string;
  readonly accounts: readonly SimulatedCredentials[];
  readonly world: World;
  readonly faults: Faults;
  readonly requests: RequestLog;
  truth(): Truth;
  /** What happened in one account. Throws when there is no such account. */
  history(exchange: string, account: string): HistoryTruth;
  /** What goes wrong with the lists of what happened. */
  readonly serving: Serving;
  /** How far the exchanges' clock is ahead from now on. */
  setClockOffset(offsetMs: number): void;
  stop(): Promise<void>;
}

const DAY_MS = 24 * 60 * 60_000;

/** The accounts' age: more than one of bybit's windows for each of its lists. */
const HISTORY_MS = 45 * DAY_MS;
/** The markets' age: what expires after four months is still there. */
const LISTED_MS = 9 * DAY_MS;

export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { seed = 'demo', plan = demoPlan, port = 0, clock = systemClock, rateLimits = {} } = options;
  let clockOffsetMs = options.clockOffsetMs ?? 0;
  const exchangeClock: Clock = {
    now: () => clock.now() + clockOffsetMs,
    sleep: (durationMs, signal) => clock.sleep(durationMs, signal),
  };
  const startMs = exchangeClock.now() - (options.historyMs ?? HISTORY_MS);
  const listedMs = exchangeClock.now() - LISTED_MS;
  const world = new World({
    seed,
    plan: typeof plan === 'function' ? plan(listedMs) : plan,
    clock: exchangeClock,
    startMs,
    listedMs,
  });
  const faults = new Faults();
  const requests = new RequestLog();
  const truth = () =>
    truthOf(world, {
      bybit: { status: bybitOrderStatus, retentionMs: BYBIT_RETENTION_MS },
      binance: { status: binanceOrderStatus, retentionMs: BINANCE_RETENTION_MS },
      okx: { status: okxOrderState, type: okxOrderType, retentionMs: OKX_RETENTION_MS },
    });
  const history = (exchange: string, name: string) => {
    const account = world.account(exchange, name);
    if (account === undefined) throw new RangeError(`there is no account ${exchange}/${name}`);
    const unreadable = account.unreadableWallets();
    return historyTruth(
      account,
      account.wallets().filter((wallet) => !unreadable.includes(wallet)),
    );
  };
  const setClockOffset = (offsetMs: number) => {
    clockOffsetMs = offsetMs;
  };
  const server = new SimulatorServer({
    apis: exchangeApis(world, rateLimits),
    control: { world, faults, requests, truth, history, setClockOffset },
    clock,
  });
  const url = await server.listen(port);
  return {
    url,
    proxyUrl: (exchange) => `${url}/${exchange}/`,
    accounts: world.accounts.map(({ identity }) => credentialsOf(identity)),
    world,
    faults,
    requests,
    truth,
    history,
    serving: world.serving,
    setClockOffset,
    stop: () => server.stop(),
  };
}

function exchangeApis(
  world: World,
  {
    bybitIpRequests = BYBIT_IP_REQUESTS,
    binanceWeight,
    okxRequests,
  }: NonNullable<SimulatorOptions['rateLimits']>,
): Readonly<Record<string, ExchangeApi>> {
  return {
    bybit: new BybitApi({ world, ipRequests: bybitIpRequests }),
    binance: new BinanceApi({ world, weightLimit: binanceWeight }),
    okx: new OkxApi({ world, requestLimit: okxRequests }),
  };
}

function credentialsOf({ passphrase, ...identity }: AccountIdentity): SimulatedCredentials {
  const { exchange, account, apiKey, secret } = identity;
  const password = passphrase === undefined ? {} : { password: passphrase };
  return { exchange, account, credentials: { apiKey, secret, ...password } };
}
