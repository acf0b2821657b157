import type { DecimalString } from '../../domain/decimal-string.js';
import { compare, divide, multiply, subtract } from '../../ledger/decimal.js';
import type { SimulatedAccount } from './account.js';
import { floorToStep, isPositive } from './amounts.js';
import { conventions } from './conventions.js';
import { percentOfPrice } from './founding.js';
import { rowsOf } from './history/row-list.js';
import type { Treasury } from './history/treasury.js';
import type { Market } from './market.js';
import { type Order, remaining } from './order.js';
import { isHeld } from './position.js';
import type { Random } from './random.js';
import type { Trading } from './trading.js';
import type { AccountPlan } from './world-plan.js';

interface TraderOptions {
  readonly trading: Trading;
  readonly treasury: Treasury;
  readonly random: Random;
  readonly markets: readonly Market[];
}

type Tick = () => number;

/** Per eight hours. */
const FUNDING_RATE = '0.0001';

/** What a new order is worth. */
const MOST_DOLLARS = 60;

/** What the simulated people do: a little of everything in every step. */
export class Trader {
  readonly #options: TraderOptions;
  readonly #sellOut = new Map<SimulatedAccount, string[]>();

  constructor(options: TraderOptions) {
    this.#options = options;
  }

  plan(account: SimulatedAccount, { sellOut = [] }: AccountPlan): void {
    this.#sellOut.set(account, [...sellOut]);
  }

  trade(account: SimulatedAccount, tick: Tick): void {
    this.#fillOldest(account, tick());
    this.#fillHalf(account, tick());
    this.#triggerOne(account, tick());
    this.#cancelOne(account, tick());
    this.#sellOutOne(account, tick());
    const closed = this.#closePosition(account, tick());
    this.#openPosition(account, tick(), closed);
    this.#placeOrder(account, tick());
    this.#transfer(account, tick());
    this.#payFunding(account, tick());
    this.#settleTransfer(account, tick());
  }

  /** Orders that come and go without touching what the account's plan set up. */
  tradeInPassing(account: SimulatedAccount, tick: Tick): void {
    const { trading, random } = this.#options;
    const order = this.#placeOrder(account, tick());
    if (order === undefined) return;
    if (random.between(0, 2) === 0) trading.cancel(order, tick());
    else trading.fill(account, order, order.amount, tick());
  }

  #plainSpotOrders(account: SimulatedAccount): readonly Order[] {
    return account
      .openOrders()
      .filter(({ market, state, type }) => market.kind === 'spot' && state === 'new' && type === 'limit');
  }

  #fillOldest(account: SimulatedAccount, timestampMs: number): void {
    const order = this.#plainSpotOrders(account)[0];
    if (order !== undefined) {
      this.#options.trading.fill(account, order, remaining(order), timestampMs);
    }
  }

  #fillHalf(account: SimulatedAccount, timestampMs: number): void {
    const order = this.#options.random.pick(this.#plainSpotOrders(account));
    if (order === undefined) return;
    const half = floorToStep(divide(remaining(order), '2'), order.market.qtyStep);
    if (isPositive(half)) this.#options.trading.fill(account, order, half, timestampMs);
  }

  #triggerOne(account: SimulatedAccount, timestampMs: number): void {
    const waiting = account.openOrders().filter(({ state }) => state === 'untriggered');
    // One always stays, so that there is a conditional order to read.
    const order = waiting.length > 1 ? waiting[0] : undefined;
    if (order !== undefined) this.#options.trading.trigger(account, order, timestampMs);
  }

  #cancelOne(account: SimulatedAccount, timestampMs: number): void {
    const open = account.openOrders();
    const order = open.find(({ state }) => state === 'partially-filled') ?? this.#options.random.pick(open);
    if (order !== undefined) this.#options.trading.cancel(order, timestampMs);
  }

  #sellOutOne(account: SimulatedAccount, timestampMs: number): void {
    const { trading, markets } = this.#options;
    const asset = this.#sellOut.get(account)?.shift();
    const wallet = conventions(account.identity.exchange).wallets.spot;
    const market = markets.find(
      (one) => one.exchange === account.identity.exchange && one.symbol === `${asset}/USDT`,
    );
    if (asset === undefined || market === undefined) return;
    for (const order of account.openOrders()) {
      if (order.market === market) trading.cancel(order, timestampMs);
    }
    const amount = account.balance(wallet, asset);
    if (!isPositive(amount)) return;
    const sale = { market, side: 'sell', type: 'market', price: undefined, amount } as const;
    trading.fill(account, trading.open(account, sale, timestampMs), amount, timestampMs);
  }

  #closePosition(account: SimulatedAccount, timestampMs: number): Market | undefined {
    const { trading } = this.#options;
    const held = [...account.positions.values()].filter(isHeld);
    const position = held.length > 1 ? held[0] : undefined;
    if (position === undefined) return undefined;
    const { market, size, isHedged } = position;
    const hedge = isHedged ? { positionSide: position.side } : {};
    const side = position.side === 'long' ? 'sell' : 'buy';
    const terms = {
      market,
      side,
      type: 'market',
      price: undefined,
      amount: size,
      reduceOnly: true,
      ...hedge,
    } as const;
    trading.fill(account, trading.open(account, terms, timestampMs), size, timestampMs);
    return market;
  }

  /** In another market than the one that was just left, so that a reader sees it closed. */
  #openPosition(account: SimulatedAccount, timestampMs: number, left: Market | undefined): void {
    const { trading, random, markets } = this.#options;
    if (account.positions.size === 0) return;
    const free = markets.filter(
      (one) =>
        one.exchange === account.identity.exchange &&
        one.kind === 'linear' &&
        one.settle === 'USDT' &&
        one !== left &&
        !account.positionsOf(one).some(isHeld),
    );
    const market = random.pick(free);
    if (market === undefined) return;
    const amount = multiply(market.qtyStep, String(random.between(1, 9)));
    const side = random.between(0, 1) === 0 ? 'buy' : 'sell';
    const terms = { market, side, type: 'market', price: undefined, amount } as const;
    trading.fill(account, trading.open(account, terms, timestampMs), amount, timestampMs);
  }

  /** A small buy order a little below the market, of something that the account holds already. */
  #placeOrder(account: SimulatedAccount, timestampMs: number): Order | undefined {
    const { trading, random, markets } = this.#options;
    const { exchange } = account.identity;
    const wallet = conventions(exchange).wallets.spot;
    if (compare(account.free(wallet, 'USDT'), String(MOST_DOLLARS)) < 0) return undefined;
    const market = random.pick(
      markets.filter(
        (one) =>
          one.exchange === exchange &&
          one.kind === 'spot' &&
          one.quote === 'USDT' &&
          one.trading === 'active' &&
          !this.#sellOut.get(account)?.includes(one.base) &&
          isWorthMore(account.balance(wallet, one.base), one),
      ),
    );
    if (market === undefined) return undefined;
    const value = divide(String(random.between(11, MOST_DOLLARS)), market.prices.mark);
    const amount = floorToStep(value, market.qtyStep);
    const price = percentOfPrice(market, String(random.between(95, 99)), '0');
    if (!isPositive(amount)) return undefined;
    return trading.open(account, { market, side: 'buy', type: 'limit', price, amount }, timestampMs);
  }

  #transfer(account: SimulatedAccount, timestampMs: number): void {
    const { treasury, random } = this.#options;
    const { wallets, fundingWallet } = conventions(account.identity.exchange);
    const amount = String(random.between(1, 20));
    if (compare(account.free(fundingWallet, 'USDT'), amount) < 0) return;
    treasury.transfer(account, fundingWallet, wallets.spot, { asset: 'USDT', amount, timestampMs });
  }

  /** The oldest that was on its way has arrived. */
  #settleTransfer(account: SimulatedAccount, timestampMs: number): void {
    const pending = (['deposit', 'withdrawal'] as const)
      .flatMap((kind) => rowsOf(account.history.transfers(kind)))
      .find(({ status }) => status === 'pending');
    if (pending !== undefined) this.#options.treasury.settle(account, pending, 'ok', timestampMs);
  }

  #payFunding(account: SimulatedAccount, timestampMs: number): void {
    const position = [...account.positions.values()].find(
      (one) => isHeld(one) && one.market.kind === 'linear' && one.market.expiryMs === undefined,
    );
    if (position === undefined) return;
    this.#options.treasury.payFunding(account, position, FUNDING_RATE, timestampMs);
  }
}

/** Dust stays dust. */
function isWorthMore(balance: DecimalString, market: Market): boolean {
  return isPositive(subtract(multiply(balance, market.prices.mark), '10'));
}
