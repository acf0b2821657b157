/*
 * Which markets can hold fills, where an exchange lists fills by market only. A person is never asked and all
 * markets are never walked: what an account ever held, moved or ordered says where it can have traded.
 */

/** One market of a list that wants a symbol. */
export interface MarketSymbol {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  /** Of a contract: what profit and loss are paid in. */
  readonly settle?: string;
}

/** What is known of an account, each with why, e.g. `balance of ETH`. */
export interface AccountTraces {
  readonly assets: ReadonlyMap<string, string>;
  readonly symbols: ReadonlyMap<string, string>;
}

/** A quote currency of at least so many of the exchange's markets is one that people pay with. */
const MAIN_QUOTE_SHARE = 1 / 20;

/** What most markets are quoted in: somebody may have spent all of it before the first look. */
export function mainQuotes(markets: readonly MarketSymbol[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  const spot = markets.filter(({ settle }) => settle === undefined);
  for (const { quote } of spot) counts.set(quote, (counts.get(quote) ?? 0) + 1);
  const least = spot.length * MAIN_QUOTE_SHARE;
  return new Set([...counts].filter(([, count]) => count >= least).map(([quote]) => quote));
}

/**
 * The symbols that can hold fills, each with why. A spot market changes both of its currencies, so that an asset
 * that was never seen was not traded, but for quote currencies that may all be spent. A contract changes neither:
 * only an order, a position or a row of a statement speaks for it.
 */
export function candidateSymbols(
  markets: readonly MarketSymbol[],
  { assets, symbols }: AccountTraces,
): ReadonlyMap<string, string> {
  const quotes = mainQuotes(markets);
  const found = new Map<string, string>();
  for (const { symbol, base, quote, settle } of markets) {
    const named = symbols.get(symbol);
    const asset =
      settle === undefined && (assets.has(quote) || quotes.has(quote)) ? assets.get(base) : undefined;
    const reason = named ?? asset;
    if (reason !== undefined) found.set(symbol, reason);
  }
  return found;
}

/** What decides whether the newest time of a symbol is read in this run. */
export interface SymbolState extends MarketSymbol {
  /** How far it is read; undefined: not at all. */
  readonly readToMs: number | undefined;
  /** It has an order that is open, or that ended since it was read. */
  readonly hasOrders: boolean;
}

export interface DueOptions {
  /** When each asset's balance was last seen to change. */
  readonly changedAtMs: ReadonlyMap<string, number>;
  readonly nowMs: number;
  /** Of those that may well have nothing new, so many are read in one run. */
  readonly limit: number;
}

/** What was not read for so long is read whatever the balances say. */
const AT_LEAST_EVERY_MS = 24 * 60 * 60 * 1000;

/** What the database's clock and the exchange's may differ by. */
const CLOCK_TOLERANCE_MS = 60_000;

/** Whether an asset was seen to change after a moment of the exchange's time. */
export function changedSince(changedAtMs: number | undefined, momentMs: number): boolean {
  return changedAtMs !== undefined && changedAtMs + CLOCK_TOLERANCE_MS > momentMs;
}

/**
 * The symbols whose newest time is to be read now, the likeliest first. Both currencies of a spot market change
 * with a fill; one alone changes with fills elsewhere, too, or with fills that undid each other.
 */
export function dueSymbols(symbols: readonly SymbolState[], options: DueOptions): readonly string[] {
  const ranked = symbols
    .map((state) => ({ state, rank: rankOf(state, options) }))
    .filter(({ rank }) => rank !== undefined)
    .sort((left, right) => Number(left.rank) - Number(right.rank) || byAge(left.state, right.state));
  let unlikely = 0;
  return ranked.flatMap(({ state, rank }) => {
    if (Number(rank) >= FIRST_UNLIKELY_RANK) unlikely += 1;
    return unlikely > options.limit ? [] : [state.symbol];
  });
}

const FIRST_UNLIKELY_RANK = 3;

/** Undefined: nothing speaks for it. */
function rankOf(state: SymbolState, { changedAtMs, nowMs }: DueOptions): number | undefined {
  const { readToMs, hasOrders, base, quote, settle } = state;
  if (readToMs === undefined) return 0;
  if (hasOrders) return 1;
  const changed = (asset: string | undefined) =>
    asset !== undefined && changedSince(changedAtMs.get(asset), readToMs);
  const isOld = nowMs - readToMs >= AT_LEAST_EVERY_MS;
  if (settle !== undefined) return isOld ? 4 : changed(settle) ? 5 : undefined;
  if (changed(base)) return changed(quote) ? 2 : 3;
  if (isOld) return 4;
  return changed(quote) ? 5 : undefined;
}

function byAge(left: SymbolState, right: SymbolState): number {
  return (left.readToMs ?? 0) - (right.readToMs ?? 0);
}
