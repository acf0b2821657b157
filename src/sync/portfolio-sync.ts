import { ExchangeSyncError } from '../domain/errors.js';
import type { ScopeId } from '../domain/scope-read.js';
import { valuePortfolio } from '../ledger/portfolio-valuation.js';
import type { BalanceRepository } from '../storage/balance-repository.js';
import type { Queryable } from '../storage/database.js';
import type { PortfolioRepository } from '../storage/portfolio-repository.js';
import type { PriceRepository } from '../storage/price-repository.js';
import type { ScopeRepository } from '../storage/scope-repository.js';
import type { DataSync, PreparedSync, SyncRun } from './data-sync.js';
import type { HeldCosts } from './held-costs.js';
import { preparedSync } from './prepared-sync.js';
import type { Prover } from './proof/prover.js';
import { reportedError } from './read-scope.js';
import type { SnapshotKeeper } from './snapshot-keeper.js';
import { storedPriceGraph } from './stored-price-graph.js';

export interface PortfolioSyncOptions {
  readonly database: Queryable;
  readonly balances: Pick<BalanceRepository, 'list'>;
  readonly prices: Pick<PriceRepository, 'list'>;
  readonly scopes: Pick<ScopeRepository, 'list'>;
  readonly table: Pick<PortfolioRepository, 'apply'>;
  readonly costs: Pick<HeldCosts, 'at'>;
  readonly snapshots: Pick<SnapshotKeeper, 'take'>;
  readonly prover: Pick<Prover, 'prove'>;
  readonly quoteCurrency: string;
  readonly now: () => number;
}

/**
 * PORTFOLIO: the stored balances of all wallets, valued with the stored prices, and what they have cost by the
 * stored histories. It asks the exchange for nothing but past prices that this needs; how old its ingredients are
 * is stored with each item.
 */
export class PortfolioSync implements DataSync {
  readonly dataType = 'portfolio';
  readonly #options: PortfolioSyncOptions;

  constructor(options: PortfolioSyncOptions) {
    this.#options = options;
  }

  async prepare(run: SyncRun): Promise<PreparedSync> {
    await this.#prove(run);
    const { account } = run;
    const { database, balances, scopes, prices, quoteCurrency, table, snapshots, now } = this.#options;
    const attemptedAtMs = now();
    const wallets = await scopes.list(database, { ...account, dataType: 'balances' });
    const completeAt = new Map(wallets.map(({ scope, lastCompleteAtMs }) => [scope, lastCompleteAtMs]));
    const neverRead = wallets.filter(({ lastCompleteAtMs }) => lastCompleteAtMs === undefined);
    // Without any balance there is nothing to say, least of all that everything was sold.
    if (neverRead.length === wallets.length) throw neverReadCompletely('balances');

    const known = (await balances.list(database, account)).flatMap((balance) => {
      const completeAtMs = completeAt.get(balance.scope);
      return completeAtMs === undefined ? [] : [{ ...balance, completeAtMs }];
    });
    const isAll = neverRead.length === 0;
    const graph = storedPriceGraph(quoteCurrency, await prices.list(database, account.exchange));
    // What flowed after the balances were read is not in them.
    const readAtMs = Math.max(...wallets.map(({ lastCompleteAtMs }) => lastCompleteAtMs ?? 0));
    const history = await this.#costs(run, readAtMs);
    const items = valuePortfolio(known, graph, history && { ...history, isAll });
    const [missing, ...more] = neverRead.map(({ scope }) => reportedError(neverReadCompletely(scope), scope));
    const ended = missing === undefined ? { completeAtMs: attemptedAtMs } : { error: missing };
    const prepared = preparedSync(
      [{ result: { scope: 'portfolio', attemptedAtMs, ...ended }, records: items, rejected: 0 }],
      async (transaction) => {
        // What a wallet that was never read holds may be any asset.
        await table.apply(transaction, account, items, { isAll });
        await snapshots.take(transaction, account);
      },
    );
    return { ...prepared, errors: more };
  }

  /** What is held is told in any case. */
  async #costs(run: SyncRun, atMs: number): ReturnType<HeldCosts['at']> {
    try {
      return await this.#options.costs.at(run, atMs);
    } catch (error: unknown) {
      run.context.signal.throwIfAborted();
      run.logger.warning('What the holdings have cost could not be worked out', { error });
      return undefined;
    }
  }

  /** The last sync of a round finds histories and balances as new as they get. What is held is told in any case. */
  async #prove(run: SyncRun): Promise<void> {
    try {
      await this.#options.prover.prove(run);
    } catch (error: unknown) {
      run.context.signal.throwIfAborted();
      run.logger.warning('Whether history explains the balances could not be worked out', { error });
    }
  }
}

function neverReadCompletely(scope: ScopeId): ExchangeSyncError {
  return new ExchangeSyncError(
    'SCOPE_NEVER_READ',
    `${scope} has never been read completely, so what it holds is not in the portfolio; see the report of balances`,
    { details: { scope } },
  );
}
