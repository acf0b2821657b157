import type { Clock } from '../../domain/clock.js';
import { type AccountIdentity, PERMISSIONS, SimulatedAccount } from './account.js';
import { foundAccount } from './founding.js';
import { writeBulk } from './history/bulk/write-bulk.js';
import { Chronicle } from './history/chronicle.js';
import { PastTrades } from './history/past-trades.js';
import { Serving } from './history/serving.js';
import { Treasury } from './history/treasury.js';
import { Journal } from './journal.js';
import type { Market, MarketKind } from './market.js';
import { standardMarkets } from './market-specs.js';
import { OrderIds } from './order-ids.js';
import { PriceWalk } from './price-walk.js';
import { type Random, seededRandom } from './random.js';
import { Trader } from './trader.js';
import { Trading } from './trading.js';
import type { AccountPlan, HistoryPlan, WorldPlan } from './world-plan.js';

export interface WorldOptions {
  readonly seed: string;
  readonly plan: WorldPlan;
  readonly clock: Clock;
  /** When the accounts were opened. */
  readonly startMs: number;
  /** What the dates of futures and options count from; `startMs` by default. */
  readonly listedMs?: number;
}

/** Steps of trading between the accounts' opening and now. */
const PAST_STEPS = 12;

/** After the first deposits, and before what happens now. */
const BULK_AFTER_MS = 3 * 60 * 60_000;
const BULK_BEFORE_MS = 10 * 60_000;

const BILL_NUMBERS_FROM = 157_751_525_050;

/** Markets, accounts and the journal that everything adds up in. The same seed gives the same world. */
export class World {
  readonly journal = new Journal();
  readonly markets: readonly Market[];
  readonly accounts: readonly SimulatedAccount[];
  readonly seed: string;
  readonly #clock: Clock;
  readonly #walk: PriceWalk;
  readonly #random: Random;
  readonly #trader: Trader;
  readonly #chronicle: Chronicle;
  /** The accounts whose past the plan describes. */
  readonly #histories = new Map<SimulatedAccount, HistoryPlan>();
  readonly treasury: Treasury;
  readonly serving = new Serving();
  readonly trading: Trading;
  #lastEventMs: number;
  #steps = 0;

  constructor({ seed, plan, clock, startMs, listedMs = startMs }: WorldOptions) {
    const random = seededRandom(seed);
    this.#random = random;
    const ids = new OrderIds(random);
    const trading = new Trading({ journal: this.journal, ids });
    this.trading = trading;
    this.treasury = new Treasury({ journal: this.journal, ids, random });
    this.seed = seed;
    this.#clock = clock;
    this.#walk = new PriceWalk(random);
    this.#lastEventMs = startMs;
    this.markets = [...standardMarkets(listedMs), ...(plan.markets ?? [])].map((spec) => ({
      ...spec,
      prices: this.#walk.quote(spec, startMs),
    }));
    this.#trader = new Trader({ trading, treasury: this.treasury, random, markets: this.markets });
    const usdValue = (asset: string) => this.#walk.value(asset);
    this.#chronicle = new Chronicle({
      random,
      treasury: this.treasury,
      trades: new PastTrades({ random, trading, markets: this.markets, usdValue }),
      markets: this.markets,
      usdValue,
      moveMarkets: (timestampMs) => this.#moveMarket(timestampMs),
    });
    this.accounts = plan.accounts.map((account) => this.#found(account, random, trading, startMs));
    this.#live(startMs);
  }

  /** Steps since the world began to be watched. */
  get steps(): number {
    return this.#steps;
  }

  /** The exchanges' time. */
  now(): number {
    return this.#clock.now();
  }

  /** One step: the market moves, and every account trades a little. */
  advance(): void {
    this.#steps += 1;
    this.#moveMarket(this.#tick());
    for (const account of this.accounts) this.#trader.trade(account, () => this.#tick());
  }

  account(exchange: string, name: string): SimulatedAccount | undefined {
    return this.accounts.find(({ identity }) => identity.exchange === exchange && identity.account === name);
  }

  accountByKey(exchange: string, apiKey: string): SimulatedAccount | undefined {
    return this.accounts.find(
      ({ identity, keyState }) =>
        identity.exchange === exchange && identity.apiKey === apiKey && keyState !== 'deleted',
    );
  }

  /** Those that are listed now: what has expired is not. */
  marketsOf(exchange: string, kind: MarketKind): readonly Market[] {
    return this.markets.filter(
      (market) => market.exchange === exchange && market.kind === kind && this.#isListed(market),
    );
  }

  /** Of every kind. */
  listedMarkets(exchange: string): readonly Market[] {
    return this.markets.filter((market) => market.exchange === exchange && this.#isListed(market));
  }

  /** US dollars per unit, for sums that an exchange shows in dollars. */
  usdValue(asset: string): string {
    return this.#walk.value(asset);
  }

  #isListed({ expiryMs = Number.POSITIVE_INFINITY }: Market): boolean {
    return expiryMs > this.#clock.now();
  }

  /** Events never share a millisecond, and never lie in the future of the exchange's clock. */
  #tick(): number {
    this.#lastEventMs = Math.max(this.#lastEventMs + 1, this.#clock.now());
    return this.#lastEventMs;
  }

  #moveMarket(timestampMs: number): void {
    this.#walk.move(new Set(this.markets.map((market) => market.base)));
    for (const market of this.markets) {
      market.prices = this.#walk.quote(market, timestampMs, market.prices);
    }
  }

  #found(plan: AccountPlan, random: Random, trading: Trading, startMs: number): SimulatedAccount {
    const { exchange, account } = plan;
    const identity = {
      exchange,
      account,
      apiKey: random.hex(exchange === 'binance' ? 64 : 18),
      secret: random.hex(exchange === 'binance' ? 64 : 36),
      uid: random.digits(9),
      ...(exchange === 'okx' && { passphrase: random.hex(12) }),
    };
    const permissions = new Set(plan.permissions ?? PERMISSIONS);
    const statementId = statementIds(identity);
    const founded = new SimulatedAccount({
      identity,
      permissions,
      journal: this.journal,
      openedAtMs: startMs,
      statementId,
    });
    if (plan.history !== undefined) this.#histories.set(founded, plan.history);
    const { journal, markets, treasury } = this;
    foundAccount(founded, plan, { journal, trading, markets, treasury, startMs });
    this.#trader.plan(founded, plan);
    return founded;
  }

  /** What happened between the accounts' opening and now, so that there is history to read. */
  #live(startMs: number): void {
    const nowMs = this.#clock.now();
    this.#chronicle.write([...this.#histories], startMs, nowMs);
    for (const [account, { bulkFills: fills = 0 }] of this.#histories) {
      const terms = { journal: this.journal, markets: this.markets, random: this.#random };
      const span = { fromMs: startMs + BULK_AFTER_MS, toMs: nowMs - BULK_BEFORE_MS };
      if (fills > 0) writeBulk(account, { fills, ...terms, ...span });
    }
    const others = this.accounts.filter((account) => !this.#histories.has(account));
    if (others.length > 0) this.#liveInPassing(others, startMs);
  }

  #liveInPassing(accounts: readonly SimulatedAccount[], startMs: number): void {
    const strideMs = Math.floor((this.#clock.now() - startMs) / (PAST_STEPS + 1));
    for (let step = 1; step <= PAST_STEPS; step += 1) {
      let timestampMs = startMs + step * strideMs;
      this.#moveMarket(timestampMs);
      for (const account of accounts) {
        this.#trader.tradeInPassing(account, () => {
          timestampMs += 1;
          return timestampMs;
        });
      }
      this.#lastEventMs = timestampMs;
    }
  }
}

/** Numbers of statement rows, in the form of each exchange. */
function statementIds({ exchange, uid }: AccountIdentity): (seq: number) => string {
  if (exchange === 'bybit') return (seq) => `${uid}_${BILL_NUMBERS_FROM + seq}`;
  return (seq) => `${uid}${String(seq).padStart(9, '0')}`;
}
