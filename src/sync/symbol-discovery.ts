import type { AccountRef } from '../domain/account.js';
import {
  candidateSymbols,
  changedSince,
  dueSymbols,
  type MarketSymbol,
} from '../ledger/symbol-candidates.js';
import type { BalanceRepository } from '../storage/balance-repository.js';
import type { CoverageRepository } from '../storage/coverage-repository.js';
import type { PostgresDatabase } from '../storage/postgres-database.js';
import type { SymbolRepository } from '../storage/symbol-repository.js';
import type { TraceRepository } from '../storage/trace-repository.js';
import type { ScopeSymbols, ScopeSymbolsRequest } from './history/history-scopes.js';

/** Requests for symbols that may well have nothing new, in one run of one list. */
const UNLIKELY_PER_RUN = 50;

export interface SymbolDiscoveryOptions {
  readonly database: Pick<PostgresDatabase, 'query' | 'transaction'>;
  readonly traces: Pick<TraceRepository, 'list' | 'orders'>;
  readonly symbols: Pick<SymbolRepository, 'add' | 'list'>;
  readonly balances: Pick<BalanceRepository, 'changedAt'>;
  readonly coverage: Pick<CoverageRepository, 'list'>;
}

/**
 * Where an exchange lists fills by symbol only: which symbols an account can have fills of, and which of them may
 * have new ones. What was found stays, with what spoke for it; what its fills reveal is found the next time.
 */
export class SymbolDiscovery {
  readonly #options: SymbolDiscoveryOptions;

  constructor(options: SymbolDiscoveryOptions) {
    this.#options = options;
  }

  async symbolsFor({ client, dataType, list }: ScopeSymbolsRequest): Promise<ScopeSymbols> {
    const { database, traces, balances, coverage } = this.#options;
    const { account } = client;
    const markets = client.historySymbols(dataType, list.id);
    const known = await this.#discover(account, list.id, markets);
    const readToMs = new Map<string, number>();
    for (const { scope, state, toMs } of await coverage.list(database, account, dataType)) {
      if (state !== 'complete') continue;
      // What comes later than that is in the list by then.
      const knownToMs = toMs - list.lateMs;
      readToMs.set(scope, Math.max(readToMs.get(scope) ?? knownToMs, knownToMs));
    }
    const orders = await traces.orders(database, account);
    const states = markets
      .filter(({ symbol }) => known.has(symbol))
      .map((market) => {
        const readTo = readToMs.get(`${list.id}:${market.symbol}`);
        const order = orders.get(market.symbol);
        const hasOrders =
          order !== undefined && (order.isOpen || changedSince(order.changedAtMs, readTo ?? 0));
        return { ...market, readToMs: readTo, hasOrders };
      });
    const due = dueSymbols(states, {
      changedAtMs: await balances.changedAt(database, account),
      nowMs: client.exchangeTimeMs(),
      limit: UNLIKELY_PER_RUN,
    });
    // A market that is gone can't be asked for, whatever was stored of it.
    return { known: states.map(({ symbol }) => symbol).sort(), due: new Set(due) };
  }

  async #discover(
    account: AccountRef,
    list: string,
    markets: readonly MarketSymbol[],
  ): Promise<ReadonlySet<string>> {
    const { database, traces, symbols } = this.#options;
    const found = candidateSymbols(markets, await traces.list(database, account));
    const reasons = [...found].map(([symbol, reason]) => ({ symbol, reason }));
    await database.transaction((transaction) => symbols.add(transaction, account, list, reasons));
    const stored = await symbols.list(database, account, list);
    return new Set(stored.map(({ symbol }) => symbol));
  }
}
