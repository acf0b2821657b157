import type { DecimalString } from '../../../domain/decimal-string.js';
import { compare, divide, isZero, multiply } from '../../../ledger/decimal.js';
import type { SimulatedAccount, Trade } from '../account.js';
import { decimalsOf, floorToStep, isPositive, padded } from '../amounts.js';
import { conventions } from '../conventions.js';
import type { Market } from '../market.js';
import { isOpen, type Order, remaining } from '../order.js';
import { isHeld, type Position } from '../position.js';
import type { Random } from '../random.js';
import type { FillTerms, Trading } from '../trading.js';
import type { HistoryPlan } from '../world-plan.js';

export interface PastTradesOptions {
  readonly random: Random;
  readonly trading: Trading;
  readonly markets: readonly Market[];
  readonly usdValue: (asset: string) => DecimalString;
}

type Side = 'buy' | 'sell';

/** Fills of the past: each call is one fill, of a market that the account can pay for. */
export class PastTrades {
  readonly #options: PastTradesOptions;
  /** An order that is filled halfway, whose rest is the account's next fill. */
  readonly #unfinished = new Map<SimulatedAccount, Order>();
  readonly #markets = new Map<SimulatedAccount, readonly Market[]>();
  /** The other half of a trade with oneself. */
  readonly #mirrored = new Map<SimulatedAccount, Trade>();

  constructor(options: PastTradesOptions) {
    this.#options = options;
  }

  trade(account: SimulatedAccount, plan: HistoryPlan, timestampMs: number): void {
    const { random, trading } = this.#options;
    const unfinished = this.#unfinished.get(account);
    this.#unfinished.delete(account);
    if (unfinished !== undefined && isOpen(unfinished)) {
      if (this.#canPay(account, unfinished)) {
        trading.fill(account, unfinished, remaining(unfinished), timestampMs);
        return;
      }
      trading.cancel(unfinished, timestampMs);
    }
    const mirrored = this.#mirrored.get(account);
    this.#mirrored.delete(account);
    if (mirrored?.timestampMs === timestampMs && this.#holds(account, mirrored.market, mirrored.amount)) {
      this.#mirror(account, mirrored);
      return;
    }
    const affordable = this.#marketsOf(account, plan).flatMap((market) => this.#choices(account, market));
    const choice = random.pick(affordable);
    if (choice === undefined) throw new RangeError(`${account.identity.account} can pay for no market`);
    this.#fill(account, choice, plan, timestampMs);
  }

  /** Takes a position in a contract that will expire. */
  enter(account: SimulatedAccount, market: Market, timestampMs: number): void {
    const { random, trading } = this.#options;
    const side = random.between(0, 1) === 0 ? 'buy' : 'sell';
    const amount = multiply(market.qtyStep, String(random.between(1, 9)));
    const price = this.#price(market);
    const terms = { market, side, type: 'market', price: undefined, amount } as const;
    trading.fill(account, trading.open(account, terms, timestampMs), amount, timestampMs, { price });
  }

  /** What is held of a contract when it expires is closed by the exchange, at the price of that moment. */
  deliver(account: SimulatedAccount, market: Market, timestampMs: number): void {
    const { trading } = this.#options;
    const held = heldPosition(account, market);
    if (held === undefined) return;
    const { size: amount } = held;
    const side = held.side === 'long' ? 'sell' : 'buy';
    const terms = { market, side, type: 'market', price: undefined, amount, reduceOnly: true } as const;
    const price = this.#price(market);
    trading.fill(account, trading.open(account, terms, timestampMs), amount, timestampMs, {
      price,
      kind: 'settlement',
    });
  }

  /** An order that nobody took, and that was cancelled after a while. */
  comeAndGo(account: SimulatedAccount, plan: HistoryPlan, timestampMs: number): void {
    const { random, trading } = this.#options;
    const market = random.pick(this.#marketsOf(account, plan).filter(({ kind }) => kind !== 'spot'));
    if (market === undefined) return;
    const price = padded(
      floorToStep(multiply(market.prices.mark, '0.8'), market.tickSize),
      decimalsOf(market.tickSize),
    );
    const terms = { market, side: 'buy', type: 'limit', price, amount: market.qtyStep } as const;
    trading.cancel(trading.open(account, terms, timestampMs - random.between(1, 600_000)), timestampMs);
  }

  #fill(account: SimulatedAccount, { market, side }: Choice, plan: HistoryPlan, timestampMs: number): void {
    const { random, trading } = this.#options;
    const price = this.#price(market);
    const held = heldPosition(account, market);
    const kind = plan.plain === true || held === undefined ? 'trade' : this.#kind(held, side);
    const isForced = kind !== 'trade';
    const amount =
      isForced && held !== undefined ? held.size : this.#amount(account, { market, side }, price);
    const isHalf = !isForced && random.between(0, 4) === 0;
    const order = trading.open(
      account,
      {
        market,
        side,
        type: isForced || random.between(0, 1) === 0 ? 'market' : 'limit',
        price: isForced ? undefined : price,
        amount: isHalf ? multiply(amount, '2') : amount,
        reduceOnly: isForced,
      },
      timestampMs - random.between(0, 5_000),
    );
    if (isHalf) this.#unfinished.set(account, order);
    const terms = { price, kind, ...this.#fee(account, market, price, plan) };
    const trade = trading.fill(account, order, amount, timestampMs, terms);
    const { exchange } = account.identity;
    // bybit gives each side of a trade a number of its own.
    const canMirror = market.kind === 'spot' && side === 'buy' && exchange !== 'bybit' && !isHalf;
    if (canMirror && plan.plain !== true) this.#mirrored.set(account, trade);
  }

  /** The same trade from the other side: same number, same price, same moment. */
  #mirror(account: SimulatedAccount, { id, market, amount, price, timestampMs }: Trade): void {
    const { trading } = this.#options;
    const terms = { market, side: 'sell', type: 'limit', price, amount } as const;
    const order = trading.open(account, terms, timestampMs);
    trading.fill(account, order, amount, timestampMs, { id, price });
  }

  /** Whether the account still holds what an order's rest, which is set aside already, would sell. */
  #canPay(account: SimulatedAccount, { market, side }: Order): boolean {
    if (market.kind !== 'spot' || side === 'buy') return true;
    return this.#holds(account, market, '0');
  }

  #holds(account: SimulatedAccount, { base }: Market, amount: DecimalString): boolean {
    const { spot } = conventions(account.identity.exchange).wallets;
    return compare(account.free(spot, base), amount) >= 0;
  }

  #amount(account: SimulatedAccount, { market, side }: Choice, price: DecimalString): DecimalString {
    return market.kind === 'spot'
      ? this.#spotAmount(account, market, side, price)
      : this.#contracts(market, heldPosition(account, market), side);
  }

  #marketsOf(account: SimulatedAccount, { symbols }: HistoryPlan): readonly Market[] {
    const known = this.#markets.get(account);
    if (known !== undefined) return known;
    const found = this.#options.markets.filter(
      (market) =>
        market.exchange === account.identity.exchange &&
        market.trading === 'active' &&
        market.kind !== 'option' &&
        market.expiryMs === undefined &&
        (symbols === undefined || symbols.includes(market.symbol)),
    );
    this.#markets.set(account, found);
    return found;
  }

  /** What the account can do in the market: it never sells what it does not hold, or has set aside. */
  #choices(account: SimulatedAccount, market: Market): readonly Choice[] {
    const wallet = conventions(account.identity.exchange).wallets[market.kind];
    const isWorth = (amount: DecimalString, asset: string, dollars: string) =>
      compare(multiply(amount, this.#options.usdValue(asset)), dollars) > 0;
    if (market.kind !== 'spot') {
      const settle = market.settle ?? market.quote;
      const sides: readonly Side[] = ['buy', 'sell'];
      const canTrade = isWorth(account.balance(wallet, settle), settle, '2000');
      return canTrade ? sides.map((side) => ({ market, side })) : [];
    }
    const canBuy = isWorth(account.free(wallet, market.quote), market.quote, '1000');
    const canSell = this.#holds(account, market, multiply(market.qtyStep, '4'));
    return [
      ...(canBuy ? [{ market, side: 'buy' as const }] : []),
      ...(canSell ? [{ market, side: 'sell' as const }] : []),
    ];
  }

  #price(market: Market): DecimalString {
    const factor = divide(String(this.#options.random.between(9_900, 10_100)), '10000');
    const price = floorToStep(multiply(market.prices.mark, factor), market.tickSize);
    return padded(isPositive(price) ? price : market.tickSize, decimalsOf(market.tickSize));
  }

  /** At most half of what there is, so that an order twice as large can be paid; sometimes next to nothing. */
  #spotAmount(account: SimulatedAccount, market: Market, side: Side, price: DecimalString): DecimalString {
    const { random } = this.#options;
    const { spot } = conventions(account.identity.exchange).wallets;
    if (random.between(0, 14) === 0) return market.qtyStep;
    const share = divide(String(random.between(1, side === 'buy' ? 400 : 4_700)), '10000');
    const free = account.free(spot, side === 'buy' ? market.quote : market.base);
    const most = multiply(free, share);
    const amount = floorToStep(side === 'buy' ? divide(most, price) : most, market.qtyStep);
    return isPositive(amount) ? amount : market.qtyStep;
  }

  /** Against a position: some of it, all of it, or more, which turns it. */
  #contracts(market: Market, held: Position | undefined, side: Side): DecimalString {
    const { random } = this.#options;
    const closes = held !== undefined && (held.side === 'long') === (side === 'sell');
    if (closes && random.between(0, 2) > 0) return held.size;
    const dollars = divide(
      String(random.between(20, 3_000)),
      market.kind === 'inverse' ? '1' : market.prices.mark,
    );
    const amount = floorToStep(divide(dollars, market.contractSize), market.qtyStep);
    return isPositive(amount) ? amount : market.qtyStep;
  }

  #kind(held: Position, side: Side): NonNullable<FillTerms['kind']> {
    const closes = (held.side === 'long') === (side === 'sell');
    const dice = this.#options.random.between(0, 39);
    if (!closes || dice > 1) return 'trade';
    return dice === 0 ? 'adl' : 'liquidation';
  }

  /** Usual, a maker's rebate, or paid in the exchange's own coin. */
  #fee(account: SimulatedAccount, market: Market, price: DecimalString, plan: HistoryPlan): FillTerms {
    const { random, usdValue } = this.#options;
    if (plan.plain === true) return {};
    if (market.kind !== 'spot') return random.between(0, 9) === 0 ? { feeRate: '-0.00005' } : {};
    const { feeCoin, wallets } = conventions(account.identity.exchange);
    if (feeCoin === undefined || market.base === feeCoin || random.between(0, 1) === 0) return {};
    if (compare(account.free(wallets.spot, feeCoin), '1') < 0) return {};
    const perQuoteUnit = divide(usdValue(market.quote), usdValue(feeCoin));
    return isZero(price) ? {} : { feeRate: '0.00075', feeIn: { asset: feeCoin, perQuoteUnit } };
  }
}

interface Choice {
  readonly market: Market;
  readonly side: Side;
}

function heldPosition(account: SimulatedAccount, market: Market): Position | undefined {
  return account.positionsOf(market).find(isHeld);
}
