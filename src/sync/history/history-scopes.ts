import type { HistoryDataType } from '../../domain/data-type.js';
import type { ScopeId } from '../../domain/scope-read.js';
import type { AccountClient, HistoryScope } from '../../exchange/exchange-client.js';

/** One list, of one symbol where the exchange wants one. */
export interface HistoryScopeToRead {
  readonly id: ScopeId;
  readonly list: HistoryScope;
  readonly symbol?: string;
  /** False: nothing speaks for new rows, so that only what is missing of older ones is read. */
  readonly isDue: boolean;
}

export interface ScopeSymbolsRequest {
  readonly client: AccountClient;
  readonly dataType: HistoryDataType;
  readonly list: HistoryScope;
}

export interface ScopeSymbols {
  /** All that can hold rows. */
  readonly known: readonly string[];
  /** Of those, the ones that may have new rows. */
  readonly due: ReadonlySet<string>;
}

/** Which symbols of an account can hold rows of a list that wants one. */
export type SymbolsFor = (request: ScopeSymbolsRequest) => Promise<ScopeSymbols>;

/** The scopes of a data type, in the order of its lists. */
export async function historyScopesToRead(
  client: AccountClient,
  dataType: HistoryDataType,
  { symbolsFor, allSymbols }: { readonly symbolsFor: SymbolsFor; readonly allSymbols: boolean },
): Promise<readonly HistoryScopeToRead[]> {
  const scopes: HistoryScopeToRead[] = [];
  for (const list of client.historyScopes(dataType)) {
    if (!list.needsSymbol) {
      scopes.push({ id: list.id, list, isDue: true });
      continue;
    }
    const { known, due } = await symbolsFor({ client, dataType, list });
    const symbols = allSymbols ? allOf(client, dataType, list, known) : known;
    for (const symbol of symbols) {
      scopes.push({ id: `${list.id}:${symbol}`, list, symbol, isDue: allSymbols || due.has(symbol) });
    }
  }
  return scopes;
}

/** Also those of markets that are gone from the exchange's list. */
function allOf(
  client: AccountClient,
  dataType: HistoryDataType,
  list: HistoryScope,
  known: readonly string[],
): readonly string[] {
  const listed = client.historySymbols(dataType, list.id).map(({ symbol }) => symbol);
  return [...new Set([...known, ...listed])].sort();
}
