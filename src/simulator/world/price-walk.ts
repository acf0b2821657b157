import type { DecimalString } from '../../domain/decimal-string.js';
import { add, divide, multiply, subtract } from '../../ledger/decimal.js';
import { absolute, decimalsOf, floorToStep, isPositive, padded, truncated } from './amounts.js';
import type { MarketQuote, MarketSpec } from './market.js';
import type { Random } from './random.js';

/** What one unit was worth in US dollars when the world began; an asset that is not here is worth 1.25. */
// biome-ignore format: a table
const FIRST_VALUES: Readonly<Record<string, DecimalString>> = {
  USD: '1', USDT: '1', USDC: '0.9998', EUR: '1.0842', TRY: '0.0302', BRL: '0.1874',
  BTC: '64250.5', WBTC: '64210', ETH: '3120.4', CMETH: '3301.7', WBETH: '3294.1', BNB: '585.3', SOL: '148.2',
  XRP: '0.5231', DOGE: '0.1243', LTC: '82.15', MNT: '0.6521', ADA: '0.4512', LINK: '14.207', ARB: '0.7184',
  PEPE: '0.00001012', TRX: '0.1215', NEWT: '0.3417', STALL: '0.0521',
};

/** These hold still, within a few hundredths of a percent. */
const PEGGED: ReadonlySet<string> = new Set(['USD', 'USDT', 'USDC']);

const VALUE_DECIMALS = 12;

/** Moves what assets are worth, and writes every market's prices from it. Exact integers and decimals only. */
export class PriceWalk {
  readonly #random: Random;
  readonly #values = new Map<string, DecimalString>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** US dollars per unit; what the simulator values orders and margins by, and nothing shows. */
  value(asset: string): DecimalString {
    return this.#values.get(asset) ?? FIRST_VALUES[asset] ?? '1.25';
  }

  /** Moves every asset by up to 0.8 percent. */
  move(assets: Iterable<string>): void {
    for (const asset of assets) {
      if (PEGGED.has(asset)) continue;
      const factor = divide(String(10_000 + this.#random.between(-80, 80)), '10000');
      this.#values.set(asset, truncated(multiply(this.value(asset), factor), VALUE_DECIMALS));
    }
  }

  /** The market's prices now; `before` keeps the day's open, high and low. */
  quote(market: MarketSpec, timestampMs: number, before?: MarketQuote): MarketQuote {
    const index = this.#fairPrice(market);
    const price =
      market.kind === 'spot' ? index : this.#onTick(market, add(index, this.#ticks(market, -3, 3)));
    const bid = this.#onTick(market, subtract(price, this.#ticks(market, 0, 2)));
    const ask = this.#onTick(market, add(price, this.#ticks(market, 1, 3)));
    const hasBid = market.trading !== 'empty';
    const traded = market.trading === 'active' || market.trading === 'one-sided';
    const volume = multiply(market.qtyStep, String(this.#random.between(10_000, 9_000_000)));
    return {
      last: traded ? price : undefined,
      bid: hasBid ? bid : undefined,
      ask: hasBid && market.trading !== 'one-sided' ? ask : undefined,
      mark: price,
      index,
      bidSize: this.#size(market),
      askSize: this.#size(market),
      lastSize: this.#size(market),
      open: before?.open ?? price,
      high: before === undefined || isPositive(subtract(price, before.high)) ? price : before.high,
      low: before === undefined || isPositive(subtract(before.low, price)) ? price : before.low,
      volume,
      turnover: truncated(multiply(volume, price), 8),
      updatedAtMs: timestampMs,
    };
  }

  #fairPrice(market: MarketSpec): DecimalString {
    const price = divide(this.value(market.base), this.value(market.quote));
    if (market.option === undefined) return this.#onTick(market, price);
    const { strike, type } = market.option;
    const inTheMoney = type === 'call' ? subtract(price, strike) : subtract(strike, price);
    const timeValue = absolute(divide(price, '25'));
    const worth = isPositive(inTheMoney) ? add(inTheMoney, timeValue) : timeValue;
    // What is settled in its base coin is also priced in it.
    return this.#onTick(market, market.settle === market.base ? divide(worth, price) : worth);
  }

  #ticks(market: MarketSpec, low: number, high: number): DecimalString {
    return multiply(market.tickSize, String(this.#random.between(low, high)));
  }

  /** A price as this market writes it; never below one tick. */
  #onTick(market: MarketSpec, price: DecimalString): DecimalString {
    const onTick = floorToStep(price, market.tickSize);
    return padded(isPositive(onTick) ? onTick : market.tickSize, decimalsOf(market.tickSize));
  }

  #size(market: MarketSpec): DecimalString {
    const size = multiply(market.qtyStep, String(this.#random.between(1, 50_000)));
    return padded(size, decimalsOf(market.qtyStep));
  }
}
