import type { Clock } from '../../domain/clock.js';
import type { CcxtExchange } from '../exchange-session.js';
import type { ScopeProfile } from '../profiles/profile.js';
import { isDictionary } from './answer.js';
import { marketFit } from './scope-markets.js';

/** Reading all markets takes a dozen requests, and some rows are of markets that ccxt never lists. */
const ASK_AGAIN_MS = 6 * 60 * 60 * 1000;

/** Has the markets read anew for a symbol that is not among them. */
export class UnknownMarkets {
  readonly #clock: Clock;
  readonly #askedAtMs = new Map<string, number>();

  constructor({ clock }: { readonly clock: Clock }) {
    this.#clock = clock;
  }

  /** Throws ccxt's BadSymbol for the first such row, which the guard answers by reading the markets anew. */
  check(rows: unknown, scope: ScopeProfile, ccxt: CcxtExchange): void {
    if (!Array.isArray(rows)) return;
    for (const row of rows) {
      const symbol = isDictionary(row) ? row.symbol : undefined;
      if (typeof symbol !== 'string' || marketFit(symbol, scope, ccxt.markets) !== 'unknown') continue;
      this.#ask(`${symbol} of ${scope.id}`, ccxt);
    }
  }

  #ask(name: string, ccxt: CcxtExchange): void {
    const nowMs = this.#clock.now();
    const askedAtMs = this.#askedAtMs.get(name);
    if (askedAtMs !== undefined && nowMs - askedAtMs < ASK_AGAIN_MS) return;
    this.#askedAtMs.set(name, nowMs);
    const market = ccxt.market as (this: CcxtExchange, symbol: string) => unknown;
    market.call(ccxt, name);
  }
}
