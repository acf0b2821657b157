import type { Clock } from '../../domain/clock.js';
import type { ScopeId } from '../../domain/scope-read.js';
import type { CcxtExchange } from '../exchange-session.js';
import { isDictionary } from './answer.js';
import { marketFit, type ScopeMarkets } from './scope-markets.js';

/** Reading all markets takes a dozen requests, and some rows are of markets that ccxt never lists. */
const ASK_AGAIN_MS = 6 * 60 * 60 * 1000;

/** Has the markets read anew for a symbol that is not among them. */
export class UnknownMarkets {
  readonly #clock: Clock;
  readonly #askedAtMs = new Map<string, number>();

  constructor({ clock }: { readonly clock: Clock }) {
    this.#clock = clock;
  }

  /**
   * Throws ccxt's BadSymbol when there are such rows, which the guard answers by reading the markets anew: once
   * per call, so that all of them count as asked for at once.
   */
  check(rows: unknown, scope: ScopeMarkets & { readonly id: ScopeId }, ccxt: CcxtExchange): void {
    if (!Array.isArray(rows)) return;
    const unknown = rows.flatMap((row) => {
      const symbol = isDictionary(row) ? row.symbol : undefined;
      const isUnknown = typeof symbol === 'string' && marketFit(symbol, scope, ccxt.markets) === 'unknown';
      return isUnknown ? [`${symbol} of ${scope.id}`] : [];
    });
    const nowMs = this.#clock.now();
    const unasked = unknown.filter((name) => nowMs - this.#askedAt(name) >= ASK_AGAIN_MS);
    const [first] = unasked;
    if (first === undefined) return;
    for (const name of unasked) this.#askedAtMs.set(name, nowMs);
    const market = ccxt.market as (this: CcxtExchange, symbol: string) => unknown;
    market.call(ccxt, first);
  }

  #askedAt(name: string): number {
    return this.#askedAtMs.get(name) ?? Number.NEGATIVE_INFINITY;
  }
}
