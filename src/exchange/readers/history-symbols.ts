import type { HistoryDataType } from '../../domain/data-type.js';
import type { ScopeId } from '../../domain/scope-read.js';
import type { HistorySymbol } from '../exchange-client.js';
import type { ReaderOptions } from './reader-options.js';
import { matches } from './scope-markets.js';

/** Markets that are no longer traded have rows, too. */
export function historySymbols(
  { profile, session }: Pick<ReaderOptions, 'profile' | 'session'>,
  dataType: HistoryDataType,
  scope: ScopeId,
): readonly HistorySymbol[] {
  const list = profile[dataType].find(({ id }) => id === scope);
  if (list?.needsSymbol !== true) return [];
  return Object.values(session.ccxt.markets)
    .filter((market) => list.markets === undefined || matches(market, list.markets))
    .map(({ symbol, base, quote, settle }) => ({ symbol, base, quote, ...(settle && { settle }) }));
}
