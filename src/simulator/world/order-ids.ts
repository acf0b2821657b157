import type { Market } from './market.js';
import type { Random } from './random.js';

/** Identifiers in the forms that each exchange uses; none is used twice. */
export class OrderIds {
  readonly #random: Random;
  readonly #last = new Map<string, bigint>();

  constructor(random: Random) {
    this.#random = random;
  }

  order({ market, condition }: { market: Market; condition?: string }): { id: string; clientId: string } {
    if (market.exchange === 'bybit') {
      // Spot orders are numbers of 19 digits, the others UUIDs.
      return { id: market.kind === 'spot' ? this.#next('bybit spot', 19) : this.uuid(), clientId: '' };
    }
    if (market.exchange === 'okx') {
      return { id: this.#next(condition === undefined ? 'okx order' : 'okx algo', 18), clientId: '' };
    }
    return {
      id: this.#binanceOrder(market, condition !== undefined),
      clientId: `web_${this.#random.hex(20)}`,
    };
  }

  trade({ market }: { market: Market }): string {
    return market.exchange === 'bybit' ? this.uuid() : this.#next(`${market.exchange} trade ${market.id}`, 9);
  }

  funding({ exchange }: Market): string {
    return exchange === 'bybit' ? this.uuid() : this.#next(`${exchange} funding`, 19);
  }

  /** A deposit, a withdrawal or a transfer. */
  transfer(exchange: string, kind: string): string {
    if (exchange === 'binance' && (kind === 'deposit' || kind === 'withdrawal')) return this.#random.hex(32);
    const isNumber = exchange !== 'bybit' || kind === 'deposit' || kind === 'withdrawal';
    return isNumber ? this.#next(`${exchange} ${kind}`, exchange === 'bybit' ? 8 : 11) : this.uuid();
  }

  uuid(): string {
    const { hex } = this.#random;
    return `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
  }

  /** binance's USD-M order numbers of busy markets are beyond 2^53, as JSON numbers. */
  #binanceOrder(market: Market, isConditional: boolean): string {
    if (isConditional && market.kind !== 'spot') return this.#next('binance algo', 13);
    return this.#next(`binance ${market.kind}`, market.kind === 'linear' ? 19 : 11);
  }

  /** Numbers of one series grow, with gaps for everyone else's. */
  #next(series: string, digits: number): string {
    const last = this.#last.get(series) ?? BigInt(`1${this.#random.digits(digits - 1)}`);
    const next = last + BigInt(this.#random.between(1, 90_000));
    this.#last.set(series, next);
    return String(next);
  }
}
