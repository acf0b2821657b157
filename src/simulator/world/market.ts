import type { DecimalString } from '../../domain/decimal-string.js';

export type MarketKind = 'spot' | 'linear' | 'inverse' | 'option';

/** What never changes about one market of one exchange. */
export interface MarketSpec {
  readonly exchange: string;
  readonly kind: MarketKind;
  /** The exchange's own name, e.g. `BTCPERP`. */
  readonly id: string;
  /** ccxt's unified symbol, e.g. `BTC/USDC:USDC`. */
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  /** Undefined for spot. */
  readonly settle: string | undefined;
  readonly tickSize: DecimalString;
  readonly qtyStep: DecimalString;
  /** What one contract is worth: base currency for linear ones, quote currency for inverse ones; `1` for spot. */
  readonly contractSize: DecimalString;
  readonly maxLeverage: DecimalString;
  /** Undefined for spot and perpetuals. */
  readonly expiryMs: number | undefined;
  readonly option: { readonly strike: DecimalString; readonly type: 'call' | 'put' } | undefined;
  readonly trading: Trading;
}

/**
 * `active`: bid, ask and trades. `untraded`: bid and ask, but nobody has traded yet. `one-sided`: nobody
 * sells. `empty`: listed, and neither orders nor trades.
 */
export type Trading = 'active' | 'untraded' | 'one-sided' | 'empty';

/** What the exchange says about a market's prices now. Undefined: there is none. */
export interface MarketQuote {
  readonly last: DecimalString | undefined;
  readonly bid: DecimalString | undefined;
  readonly ask: DecimalString | undefined;
  /** What positions are valued at; spot has one too, which nothing shows. */
  readonly mark: DecimalString;
  readonly index: DecimalString;
  readonly bidSize: DecimalString;
  readonly askSize: DecimalString;
  readonly lastSize: DecimalString;
  /** 24 hours ago, and the extremes since. */
  readonly open: DecimalString;
  readonly high: DecimalString;
  readonly low: DecimalString;
  readonly volume: DecimalString;
  readonly turnover: DecimalString;
  readonly updatedAtMs: number;
}

/** A market of a running world. */
export interface Market extends MarketSpec {
  /** Replaced, never changed, when the market moves. */
  prices: MarketQuote;
}
