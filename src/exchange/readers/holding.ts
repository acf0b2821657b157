import type { CcxtExchange } from '../exchange-session.js';
import type { HoldingNames } from '../profiles/profile.js';
import { isDictionary } from './answer.js';

/** A currency that lies in one of the exchange's products. */
export interface Holding {
  readonly currency: string;
  /** What the exchange puts behind the currency's name: `F`, or `28.S` with its bonding term. */
  readonly product: string;
}

/** ccxt's unified code of the exchange's currency. */
export function currencyCode(ccxt: CcxtExchange, exchangeCode: unknown): string {
  const safeCurrencyCode = ccxt.safeCurrencyCode as (this: CcxtExchange, code: unknown) => unknown;
  return String(safeCurrencyCode.call(ccxt, exchangeCode) ?? '');
}

/** Undefined: the code is that of a currency itself. */
export function holdingOf(
  exchangeCode: unknown,
  names: HoldingNames | undefined,
  ccxt: CcxtExchange,
): Holding | undefined {
  const code = String(exchangeCode);
  const point = code.lastIndexOf('.');
  if (names === undefined || point <= 0 || !names.suffixes.includes(code.slice(point + 1))) return undefined;
  const name = code.slice(0, point);
  const base = withoutTerm(name, names.termDigits, ccxt);
  const product = `${name.slice(base.length)}${code.slice(point)}`.replace(/^\./, '');
  return { currency: currencyCode(ccxt, base), product };
}

/** `DOT28` is DOT for 28 days, unless there is a currency of that name. */
function withoutTerm(name: string, digits: number, { currencies_by_id: known }: CcxtExchange): string {
  const isCurrency = (id: string) => isDictionary(known) && known[id] !== undefined;
  const base = name.slice(0, -digits);
  const hasTerm = digits > 0 && base !== '' && /^\d+$/.test(name.slice(-digits)) && !/\d$/.test(base);
  return hasTerm && !isCurrency(name) ? base : name;
}
