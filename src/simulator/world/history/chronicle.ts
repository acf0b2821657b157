import type { DecimalString } from '../../../domain/decimal-string.js';
import { add, compare, divide, multiply, subtract } from '../../../ledger/decimal.js';
import type { SimulatedAccount } from '../account.js';
import { isPositive, truncated } from '../amounts.js';
import { conventions } from '../conventions.js';
import type { Market } from '../market.js';
import { isHeld } from '../position.js';
import type { Random } from '../random.js';
import type { HistoryPlan } from '../world-plan.js';
import type { PastTrades } from './past-trades.js';
import { Schedule } from './schedule.js';
import type { Treasury } from './treasury.js';

export interface ChronicleOptions {
  readonly random: Random;
  readonly treasury: Treasury;
  readonly trades: PastTrades;
  readonly markets: readonly Market[];
  readonly usdValue: (asset: string) => DecimalString;
  /** Moves the prices of all markets. */
  readonly moveMarkets: (timestampMs: number) => void;
}

interface Act {
  readonly timestampMs: number;
  readonly perform: (timestampMs: number) => void;
}

const HOUR_MS = 60 * 60_000;
const FUNDING_INTERVAL_MS = 8 * HOUR_MS;

/** How often prices move in the past. */
const PRICE_MOVES = 80;

/** Of what an account is opened with, in US dollars. */
const FIRST_DEPOSITS = [
  ['USDT', '250000'],
  ['USDC', '60000'],
  ['BTC', '90000'],
  ['ETH', '45000'],
] as const;

/** How many fills there are for one event of each other kind. */
const FILLS_PER = {
  funding: 6,
  transfer: 20,
  deposit: 45,
  withdrawal: 45,
  interest: 40,
  rebate: 40,
  reward: 60,
  conversion: 50,
  canceled: 15,
  gift: 50,
} as const;

/** Writes the past of accounts: who deposited, traded and paid what, and when. */
export class Chronicle {
  readonly #options: ChronicleOptions;
  #accounts: readonly SimulatedAccount[] = [];

  constructor(options: ChronicleOptions) {
    this.#options = options;
  }

  /** All accounts side by side, in the order of time. */
  write(accounts: readonly (readonly [SimulatedAccount, HistoryPlan])[], fromMs: number, toMs: number): void {
    this.#accounts = accounts.map(([account]) => account);
    const acts = accounts
      .flatMap(([account, plan]) => this.#actsOf(account, plan, fromMs, toMs))
      .map((act, order) => ({ ...act, order }))
      .sort((left, right) => left.timestampMs - right.timestampMs || left.order - right.order);
    const strideMs = Math.max(HOUR_MS, Math.floor((toMs - fromMs) / PRICE_MOVES));
    let movedAtMs = fromMs;
    for (const { timestampMs, perform } of acts) {
      if (timestampMs - movedAtMs >= strideMs) {
        this.#options.moveMarkets(timestampMs);
        movedAtMs = timestampMs;
      }
      perform(timestampMs);
    }
  }

  #actsOf(account: SimulatedAccount, plan: HistoryPlan, fromMs: number, toMs: number): Act[] {
    const { random, trades } = this.#options;
    // The account is opened, then funded, then it trades.
    const fundedMs = fromMs + 2 * HOUR_MS;
    const schedule = new Schedule(random, plan, fundedMs, toMs - HOUR_MS);
    const isFunded = account.wallets().some((wallet) => account.assets(wallet).length > 0);
    const acts: Act[] = isFunded ? [] : this.#firstDeposits(account, fromMs);
    for (const timestampMs of schedule.fillTimes(plan)) {
      acts.push({ timestampMs, perform: (now) => trades.trade(account, plan, now) });
    }
    if (plan.plain !== true) acts.push(...this.#otherActs(account, plan, schedule));
    acts.push(...this.#deliveries(account, fundedMs, toMs));
    if (plan.pending === true) acts.push(...this.#pendingActs(account, toMs));
    return acts;
  }

  #firstDeposits(account: SimulatedAccount, fromMs: number): Act[] {
    const { random } = this.#options;
    return FIRST_DEPOSITS.map(([asset, dollars], index) => ({
      timestampMs: fromMs + (index + 1) * 60_000 + random.between(0, 59_000),
      perform: (timestampMs: number) => {
        const amount = this.#worth(asset, dollars);
        this.#options.treasury.deposit(account, { asset, amount, timestampMs });
        this.#spread(account, asset, amount, timestampMs + HOUR_MS);
      },
    }));
  }

  /** To the wallets that trade with it, and a rest that stays. */
  #spread(account: SimulatedAccount, asset: string, amount: DecimalString, timestampMs: number): void {
    const { wallets, depositWallet } = conventions(account.identity.exchange);
    const margin = asset.startsWith('USD') ? wallets.linear : wallets.inverse;
    const targets = [...new Set([wallets.spot, margin])].filter((wallet) => wallet !== depositWallet);
    const share = truncated(divide(multiply(amount, '0.8'), String(targets.length + 1)), 6);
    for (const wallet of targets) {
      this.#options.treasury.transfer(account, depositWallet, wallet, { asset, amount: share, timestampMs });
    }
  }

  #otherActs(account: SimulatedAccount, plan: HistoryPlan, schedule: Schedule): Act[] {
    const { fills } = plan;
    const { trades } = this.#options;
    const acts: Act[] = [];
    const add = (kind: keyof typeof FILLS_PER, perform: Act['perform'], at = (moment: number) => moment) => {
      const count = Math.ceil(fills / FILLS_PER[kind]);
      for (const moment of schedule.times(count)) acts.push({ timestampMs: at(moment), perform });
    };
    add('funding', (now) => this.#payFunding(account, now), onFundingTime);
    add('transfer', (now) => this.#transfer(account, now));
    add('deposit', (now) => this.#deposit(account, now));
    add('withdrawal', (now) => this.#withdraw(account, now));
    add('interest', (now) => this.#interest(account, now));
    add('rebate', (now) => this.#receive(account, 'rebate', 'USDT', now));
    add('reward', (now) => this.#receive(account, 'reward', 'XRP', now));
    add('conversion', (now) => this.#convertDust(account, now));
    add('canceled', (now) => trades.comeAndGo(account, plan, now));
    add('gift', (now) => this.#give(account, now));
    return acts;
  }

  #payFunding(account: SimulatedAccount, timestampMs: number): void {
    const { random, treasury } = this.#options;
    for (const position of account.positions.values()) {
      const { market } = position;
      const isPerpetual = market.expiryMs === undefined && market.kind !== 'option';
      if (!isHeld(position) || !isPerpetual) continue;
      const rate = divide(String(random.between(-300, 700)), '1000000');
      treasury.payFunding(account, position, rate, timestampMs);
    }
  }

  #transfer(account: SimulatedAccount, timestampMs: number): void {
    const { random, treasury } = this.#options;
    const { wallets: named, fundingWallet } = conventions(account.identity.exchange);
    const wallets = [...new Set([named.spot, named.linear, fundingWallet])];
    const from = random.pick(wallets.filter((wallet) => isPositive(account.free(wallet, 'USDT'))));
    const to = random.pick(wallets.filter((wallet) => wallet !== from));
    if (from === undefined || to === undefined) return;
    const amount = this.#share(account.free(from, 'USDT'), 1, 10);
    if (isPositive(amount)) treasury.transfer(account, from, to, { asset: 'USDT', amount, timestampMs });
  }

  #deposit(account: SimulatedAccount, timestampMs: number): void {
    const { random, treasury } = this.#options;
    const asset = random.pick(['USDT', 'USDT', 'BTC', 'ETH', 'XRP']) ?? 'USDT';
    // Once in a while a very small one, of the last digit that chains write.
    const amount =
      random.between(0, 6) === 0 ? '0.00000001' : this.#worth(asset, String(random.between(50, 20_000)));
    treasury.deposit(account, { asset, amount, timestampMs });
  }

  #withdraw(account: SimulatedAccount, timestampMs: number): void {
    const { random, treasury } = this.#options;
    const { depositWallet } = conventions(account.identity.exchange);
    const asset = random.pick(['USDT', 'BTC', 'ETH']) ?? 'USDT';
    const fee = asset === 'USDT' ? '1.6' : '0.0005';
    const amount = this.#share(account.free(depositWallet, asset), 1, 12);
    if (compare(amount, fee) <= 0) return;
    const status = random.between(0, 5) === 0 ? 'canceled' : 'ok';
    treasury.withdraw(account, { asset, amount: subtract(amount, fee), fee, timestampMs, status });
  }

  /** To another account of the same owner. */
  #give(account: SimulatedAccount, timestampMs: number): void {
    const { random, treasury } = this.#options;
    const { exchange, account: name } = account.identity;
    const { giveEachOther, wallets } = conventions(exchange);
    const others = this.#accounts.filter(
      ({ identity }) => identity.exchange === exchange && identity.account !== name,
    );
    const taker = random.pick(others);
    const wallet = wallets.spot;
    const amount = this.#share(account.free(wallet, 'USDC'), 1, 3);
    if (!giveEachOther || taker === undefined || !isPositive(amount)) return;
    treasury.transferBetween(account, wallet, taker, wallet, { asset: 'USDC', amount, timestampMs });
  }

  /** Of each contract that expired in that time: taken a day before, and closed by the exchange. */
  #deliveries(account: SimulatedAccount, fromMs: number, toMs: number): Act[] {
    const { trades, markets } = this.#options;
    return markets
      .filter(({ exchange }) => exchange === account.identity.exchange)
      .flatMap((market) => {
        const { expiryMs = Number.POSITIVE_INFINITY } = market;
        const enteredMs = expiryMs - 24 * HOUR_MS;
        if (enteredMs < fromMs || expiryMs >= toMs) return [];
        return [
          { timestampMs: enteredMs, perform: (now: number) => trades.enter(account, market, now) },
          { timestampMs: expiryMs, perform: (now: number) => trades.deliver(account, market, now) },
        ];
      });
  }

  /** What is on its way now. */
  #pendingActs(account: SimulatedAccount, toMs: number): Act[] {
    const { treasury } = this.#options;
    const { depositWallet } = conventions(account.identity.exchange);
    const shipment = { asset: 'USDT', status: 'pending' } as const;
    return [
      {
        timestampMs: toMs - 40 * 60_000,
        perform: (timestampMs) => treasury.deposit(account, { ...shipment, amount: '320.5', timestampMs }),
      },
      {
        timestampMs: toMs - 20 * 60_000,
        perform: (timestampMs) => {
          const amount = this.#share(account.free(depositWallet, 'USDT'), 1, 5);
          if (isPositive(amount))
            treasury.withdraw(account, { ...shipment, amount, fee: '1.6', timestampMs });
        },
      },
    ];
  }

  #interest(account: SimulatedAccount, timestampMs: number): void {
    const { random, treasury } = this.#options;
    const { interest: wallet } = conventions(account.identity.exchange).extras;
    if (wallet === undefined) return;
    const amount = divide(String(-random.between(1, 90_000)), '100000000');
    treasury.enter(account, { wallet, kind: 'interest', asset: 'USDT', amount, timestampMs });
  }

  #receive(account: SimulatedAccount, kind: 'rebate' | 'reward', asset: string, timestampMs: number): void {
    const { random, treasury } = this.#options;
    const { [kind]: wallet } = conventions(account.identity.exchange).extras;
    const amount = divide(String(random.between(1, 9_000_000)), '1000000');
    treasury.enter(account, { wallet, kind, asset, amount, timestampMs });
  }

  /** What is left of a coin that was sold, too little for an order. */
  #convertDust(account: SimulatedAccount, timestampMs: number): void {
    const { random, treasury, usdValue } = this.#options;
    const { wallets, feeCoin = 'USDT' } = conventions(account.identity.exchange);
    const wallet = wallets.spot;
    const dust = account.assets(wallet).filter((asset) => {
      const free = account.free(wallet, asset);
      return asset !== feeCoin && isPositive(free) && compare(multiply(free, usdValue(asset)), '20') < 0;
    });
    const asset = random.pick(dust);
    if (asset === undefined) return;
    const from = { asset, amount: account.free(wallet, asset) };
    const value = divide(multiply(from.amount, usdValue(asset)), usdValue(feeCoin));
    const amount = truncated(value, 8);
    if (!isPositive(amount)) return;
    const fee = truncated(multiply(amount, '0.02'), 8);
    treasury.convert(account, { wallet, from, to: { asset: feeCoin, amount, fee }, timestampMs });
  }

  #worth(asset: string, dollars: DecimalString): DecimalString {
    const { random, usdValue } = this.#options;
    const odd = divide(String(random.between(1, 999_999)), '1000000');
    return truncated(add(divide(dollars, usdValue(asset)), multiply(odd, divide('1', usdValue(asset)))), 8);
  }

  #share(balance: DecimalString, least: number, most: number): DecimalString {
    const percent = String(this.#options.random.between(least, most));
    return truncated(divide(multiply(balance, percent), '100'), 6);
  }
}

function onFundingTime(moment: number): number {
  return Math.floor(moment / FUNDING_INTERVAL_MS) * FUNDING_INTERVAL_MS;
}
