import { accountId } from '../domain/account.js';
import type { CostBasisMethod } from '../domain/cost-basis-method.js';
import type { HeldHistory } from '../ledger/portfolio-valuation.js';
import type { CostBasisRepository } from '../storage/cost-basis-repository.js';
import type { Queryable } from '../storage/database.js';
import type { CostBasisKeeper } from './cost-basis-keeper.js';
import type { SyncRun } from './data-sync.js';
import type { PriceHistoryReader } from './price-history-reader.js';

export interface HeldCostsOptions {
  readonly database: Queryable;
  readonly costBasis: Pick<CostBasisRepository, 'hasTrades'>;
  readonly keeper: Pick<CostBasisKeeper, 'basisAt'>;
  readonly pastPrices: Pick<PriceHistoryReader, 'read'>;
  readonly method: CostBasisMethod;
}

/** What the holdings of an account have cost; reads the past prices that it lacks. */
export class HeldCosts {
  readonly #options: HeldCostsOptions;

  constructor(options: HeldCostsOptions) {
    this.#options = options;
  }

  /** Of that moment; undefined while nothing is known of the account's fills. */
  async at(run: SyncRun, atMs: number): Promise<Omit<HeldHistory, 'isAll'> | undefined> {
    const { database, costBasis, keeper, pastPrices, method } = this.#options;
    const { account, context } = run;
    if (!(await costBasis.hasTrades(database, account))) return undefined;
    let answer = await keeper.basisAt(atMs, context.signal);
    if (answer.wanted.length > 0 && (await pastPrices.read(answer.wanted, run)) > 0) {
      answer = await keeper.basisAt(atMs, context.signal);
    }
    return { holdings: answer.state.holdings[accountId(account)] ?? {}, method, atMs };
  }
}
