import type { Market } from './market.js';
import type { Random } from './random.js';

/** Identifiers in the forms that each exchange uses; none is used twice. */
export class OrderIds {
  readonly #random: Random;
  readonly #used = new Set<string>();

  constructor(random: Random) {
    this.#random = random;
  }

  order({ market, condition }: { market: Market; condition?: string }): { id: string; clientId: string } {
    if (market.exchange === 'bybit') {
      return { id: this.#unused(() => this.#bybitOrder(market)), clientId: '' };
    }
    const id = this.#unused(() => this.#binanceOrder(market, condition !== undefined));
    return { id, clientId: `web_${this.#random.hex(20)}` };
  }

  trade({ market }: { market: Market }): string {
    return this.#unused(() =>
      market.exchange === 'bybit' ? this.uuid() : this.#random.digits(market.kind === 'spot' ? 10 : 9),
    );
  }

  uuid(): string {
    const { hex } = this.#random;
    return `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
  }

  /** bybit numbers spot orders in 19 digits and names contracts' orders by UUIDs. */
  #bybitOrder(market: Market): string {
    return market.kind === 'spot' ? this.#random.digits(19) : this.uuid();
  }

  /** binance's USD-M order numbers of busy markets are beyond 2^53, as JSON numbers. */
  #binanceOrder(market: Market, isConditional: boolean): string {
    if (isConditional && market.kind !== 'spot') return this.#random.digits(13);
    return `${this.#random.between(1, 8)}${this.#random.digits(market.kind === 'linear' ? 18 : 10)}`;
  }

  #unused(make: () => string): string {
    let id = make();
    while (this.#used.has(id)) id = make();
    this.#used.add(id);
    return id;
  }
}
