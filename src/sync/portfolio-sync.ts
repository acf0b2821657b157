import { type AccountRef, WHOLE_EXCHANGE } from '../domain/account.js';
import { ExchangeSyncError } from '../domain/errors.js';
import type { PortfolioItemRecord } from '../domain/records.js';
import type { ScopeId } from '../domain/scope-read.js';
import { valuePortfolio, type WalletBalance } from '../ledger/portfolio-valuation.js';
import { type PriceEdge, PriceGraph } from '../ledger/price-graph.js';
import type { Queryable, Transaction } from '../storage/database.js';
import type { DataSync, PreparedSync, SyncRun } from './data-sync.js';
import { preparedSync } from './prepared-sync.js';
import { reportedError } from './read-scope.js';

/** A balance as it is stored, and the scope whose reads keep it true. */
export interface StoredBalance extends Omit<WalletBalance, 'completeAtMs'> {
  readonly scope: ScopeId;
}

/** A price as it is stored. */
export interface StoredPrice extends Omit<PriceEdge, 'pricedAtMs' | 'stale'> {
  readonly scope: ScopeId;
  /** By the exchange's clock; undefined where it gave none. */
  readonly timestampMs: number | undefined;
  /** The last complete read that had this price, when later ones did not; undefined: it is current. */
  readonly observedUntilMs: number | undefined;
}

export interface StoredScope {
  readonly scope: ScopeId;
  /** Undefined: never read completely. */
  readonly lastCompleteAtMs: number | undefined;
}

/** What the mirror already holds and the portfolio is made of. */
export interface PortfolioInputs {
  balances(queryable: Queryable, account: AccountRef): Promise<readonly StoredBalance[]>;
  prices(queryable: Queryable, exchange: string): Promise<readonly StoredPrice[]>;
  scopes(
    queryable: Queryable,
    account: AccountRef,
    dataType: 'balances' | 'prices',
  ): Promise<readonly StoredScope[]>;
}

export interface PortfolioTable {
  apply(
    transaction: Transaction,
    account: AccountRef,
    items: readonly PortfolioItemRecord[],
  ): Promise<number>;
}

export interface PortfolioSyncOptions {
  readonly database: Queryable;
  readonly inputs: PortfolioInputs;
  readonly table: PortfolioTable;
  readonly quoteCurrency: string;
  readonly now: () => number;
}

/**
 * PORTFOLIO: the stored balances of all wallets, valued with the stored prices. It asks the exchange for
 * nothing; how old its ingredients are is stored with each item.
 */
export class PortfolioSync implements DataSync {
  readonly dataType = 'portfolio';
  readonly #options: PortfolioSyncOptions;

  constructor(options: PortfolioSyncOptions) {
    this.#options = options;
  }

  async prepare(run: SyncRun): Promise<PreparedSync> {
    const { database, inputs, table, quoteCurrency, now } = this.#options;
    const attemptedAtMs = now();
    const wallets = await inputs.scopes(database, run, 'balances');
    const completeAt = new Map(wallets.map(({ scope, lastCompleteAtMs }) => [scope, lastCompleteAtMs]));
    const neverRead = wallets.filter(({ lastCompleteAtMs }) => lastCompleteAtMs === undefined);
    // Without any balance there is nothing to say, least of all that everything was sold.
    if (neverRead.length === wallets.length) throw neverReadCompletely('balances');

    const balances = (await inputs.balances(database, run)).flatMap((balance) => {
      const completeAtMs = completeAt.get(balance.scope);
      return completeAtMs === undefined ? [] : [{ ...balance, completeAtMs }];
    });
    const items = valuePortfolio(balances, await this.#priceGraph(run.exchange, quoteCurrency));
    const [missing, ...more] = neverRead.map(({ scope }) => reportedError(neverReadCompletely(scope), scope));
    const ended = missing === undefined ? { completeAtMs: attemptedAtMs } : { error: missing };
    const prepared = preparedSync(
      [{ result: { scope: 'portfolio', attemptedAtMs, ...ended }, records: items, rejected: 0 }],
      async (transaction) => {
        await table.apply(transaction, run, items);
      },
    );
    return { ...prepared, errors: more };
  }

  async #priceGraph(exchange: string, quoteCurrency: string): Promise<PriceGraph> {
    const { database, inputs } = this.#options;
    const lists = await inputs.scopes(database, { exchange, account: WHOLE_EXCHANGE }, 'prices');
    const completeAt = new Map(lists.map(({ scope, lastCompleteAtMs }) => [scope, lastCompleteAtMs]));
    const stored = await inputs.prices(database, exchange);
    const edges = stored.map(({ timestampMs, observedUntilMs, scope, ...price }) => ({
      ...price,
      // Where the exchange gave no time, the price is as old as the last list that had it.
      pricedAtMs: timestampMs ?? observedUntilMs ?? completeAt.get(scope),
      stale: observedUntilMs !== undefined,
    }));
    return new PriceGraph(quoteCurrency, edges);
  }
}

function neverReadCompletely(scope: ScopeId): ExchangeSyncError {
  return new ExchangeSyncError(
    'SCOPE_NEVER_READ',
    `${scope} has never been read completely, so what it holds is not in the portfolio; see the report of balances`,
    { details: { scope } },
  );
}
