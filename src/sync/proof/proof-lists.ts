import type { HistoryDataType } from '../../domain/data-type.js';
import type { ScopeId } from '../../domain/scope-read.js';
import type { AccountClient, HistoryScope } from '../../exchange/exchange-client.js';
import type { ListHistory } from '../../ledger/horizon.js';
import { changedSince, type MarketSymbol } from '../../ledger/symbol-candidates.js';
import type { BalanceRepository } from '../../storage/balance-repository.js';
import type { CoverageRepository, CoveredRange } from '../../storage/coverage-repository.js';
import type { Queryable } from '../../storage/database.js';
import type { FlowRepository } from '../../storage/flow-repository.js';
import type { SymbolRepository } from '../../storage/symbol-repository.js';

const HISTORY_DATA_TYPES = ['transfers', 'ledger', 'trades'] as const satisfies readonly HistoryDataType[];

/** A list whose rows move balances, and what of it is read. */
export interface ProofList {
  readonly dataType: HistoryDataType;
  readonly scope: ScopeId;
  readonly lateMs: number;
  readonly history: ListHistory;
}

export interface ProofListsOptions {
  readonly database: Queryable;
  readonly balances: Pick<BalanceRepository, 'changedAt'>;
  readonly coverage: Pick<CoverageRepository, 'list'>;
  readonly symbols: Pick<SymbolRepository, 'list'>;
  readonly flows: Pick<FlowRepository, 'thirdFeeCurrencies'>;
}

/** Which lists count for an asset. */
export class ProofLists {
  /** Of every asset. */
  readonly common: readonly ProofList[];
  /** Whether some lists are of one market each. */
  readonly areBySymbol: boolean;
  readonly #bySymbol: readonly (ProofList & { readonly market: MarketSymbol })[];
  readonly #feeCurrencies: ReadonlySet<string>;

  constructor(
    common: readonly ProofList[],
    bySymbol: readonly (ProofList & { readonly market: MarketSymbol })[],
    feeCurrencies: ReadonlySet<string>,
  ) {
    this.common = common;
    this.areBySymbol = bySymbol.length > 0;
    this.#bySymbol = bySymbol;
    this.#feeCurrencies = feeCurrencies;
  }

  /** A coin that fees of other markets were paid in can have moved on any of them. */
  of(asset: string): readonly ProofList[] {
    if (this.#feeCurrencies.has(asset)) return [...this.common, ...this.#bySymbol];
    const moving = this.#bySymbol.filter(({ market: { base, quote, settle } }) => {
      return settle === undefined ? asset === base || asset === quote : asset === settle;
    });
    return [...this.common, ...moving];
  }
}

/** What of an account's histories is read, of the lists that move balances. */
export async function readProofLists(
  { database, balances, coverage, symbols, flows }: ProofListsOptions,
  client: AccountClient,
): Promise<ProofLists> {
  const { account } = client;
  const ranges = groupByScope(await coverage.list(database, account));
  const common: ProofList[] = [];
  const bySymbol: (ProofList & { readonly market: MarketSymbol })[] = [];
  const changedAtMs = await balances.changedAt(database, account);
  for (const dataType of HISTORY_DATA_TYPES) {
    for (const list of client.historyScopes(dataType)) {
      if (list.countsNothing === true) continue;
      const build = (scope: ScopeId) => proofList(dataType, list, scope, ranges);
      if (!list.needsSymbol) common.push(build(list.id));
      else {
        for (const market of await marketsOf(dataType, list)) {
          const built = build(`${list.id}:${market.symbol}`);
          const history = { ...built.history, tail: tailOf(built.history, market, changedAtMs) };
          bySymbol.push({ ...built, history, market });
        }
      }
    }
  }
  const feeCurrencies = bySymbol.length > 0 ? await flows.thirdFeeCurrencies(database, account) : [];
  return new ProofLists(common, bySymbol, new Set(feeCurrencies));

  /** Those that can hold rows, and those that were read for another reason. */
  async function marketsOf(dataType: HistoryDataType, list: HistoryScope): Promise<readonly MarketSymbol[]> {
    const known = (await symbols.list(database, account, list.id)).map(({ symbol }) => symbol);
    const prefix = keyOf(dataType, `${list.id}:`);
    const read = [...ranges.keys()].flatMap((key) =>
      key.startsWith(prefix) ? key.slice(prefix.length) : [],
    );
    const markets = new Map(
      client.historySymbols(dataType, list.id).map((market) => [market.symbol, market]),
    );
    return [...new Set([...known, ...read])].map((symbol) => markets.get(symbol) ?? goneMarket(symbol));
  }
}

function proofList(
  dataType: HistoryDataType,
  { servedFromMs, lateMs }: HistoryScope,
  scope: ScopeId,
  ranges: ReadonlyMap<string, readonly CoveredRange[]>,
): ProofList {
  const known = ranges.get(keyOf(dataType, scope)) ?? [];
  const history: ListHistory = {
    name: `${dataType} ${scope}`,
    complete: known.filter(({ state }) => state === 'complete'),
    lost: known.filter(({ state }) => state === 'lost'),
    servedFromMs,
    tail: 'needed',
  };
  return { dataType, scope, lateMs, history };
}

/** A fill of a spot market changes both of its currencies; what only one of them did may have another reason. */
function tailOf(
  { complete }: ListHistory,
  { base, quote, settle }: MarketSymbol,
  changedAtMs: ReadonlyMap<string, number>,
): ListHistory['tail'] {
  const readToMs = Math.max(...complete.map(({ toMs }) => toMs));
  const changed = (asset: string) => changedSince(changedAtMs.get(asset), readToMs);
  if (settle !== undefined) return changed(settle) ? 'doubtful' : 'quiet';
  if (changed(base) && changed(quote)) return 'needed';
  return changed(base) || changed(quote) ? 'doubtful' : 'quiet';
}

/** The exchange has taken it off its list; ccxt's symbol says what it was. */
function goneMarket(symbol: string): MarketSymbol {
  const [, base = '', quote = '', settle] = /^([^/]+)\/([^:]+)(?::([^-]+).*)?$/.exec(symbol) ?? [];
  return { symbol, base, quote, ...(settle !== undefined && { settle }) };
}

function groupByScope(ranges: readonly CoveredRange[]): ReadonlyMap<string, readonly CoveredRange[]> {
  const groups = new Map<string, CoveredRange[]>();
  for (const range of ranges) {
    const key = keyOf(range.dataType, range.scope);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [range]);
    else group.push(range);
  }
  return groups;
}

function keyOf(dataType: HistoryDataType, scope: ScopeId): string {
  return `${dataType} ${scope}`;
}
