import { type AccountRef, accountId } from '../domain/account.js';
import type { CostBasisMethod } from '../domain/cost-basis-method.js';
import { CostBasisFold } from '../ledger/cost-basis.js';
import { eventsOfOneMoment, type HistoryOpening } from '../ledger/cost-basis-history.js';
import type { CostBasisState } from '../ledger/cost-basis-state.js';
import type { PriceGraph } from '../ledger/price-graph.js';
import type {
  CostBasisCheckpoint,
  CostBasisRepository,
  HoursOfMarket,
  KnownChanges,
} from '../storage/cost-basis-repository.js';
import type { Queryable } from '../storage/database.js';
import type { FlowRepository } from '../storage/flow-repository.js';
import type { OpeningRepository } from '../storage/opening-repository.js';
import type { PostgresDatabase } from '../storage/postgres-database.js';
import type { PriceHistoryRepository } from '../storage/price-history-repository.js';
import type { PriceRepository } from '../storage/price-repository.js';
import { momentsOf } from './moments.js';
import { storedPriceGraph } from './stored-price-graph.js';
import { TradeTimePrices } from './trade-time-prices.js';
import { HOUR_MS } from './wanted-prices.js';

/** Grows with every change of the rules, so that what older ones worked out is not used. */
const RULES_VERSION = 1;

/** Rows that come late come within this, nearly always: what is younger is worked out again each time. */
const LATE_MS = HOUR_MS;

/** Between two checkpoints, while much is worked out at once. */
const CHECKPOINT_EVERY = 20_000;

/** So few rows are worked out again sooner than a checkpoint is written. */
const WORTH_A_CHECKPOINT = 500;

export interface CostBasisKeeperOptions {
  readonly database: Pick<PostgresDatabase, 'query' | 'snapshot' | 'transaction'>;
  readonly costBasis: CostBasisRepository;
  readonly flows: Pick<FlowRepository, 'events'>;
  readonly openings: Pick<OpeningRepository, 'list'>;
  readonly prices: Pick<PriceRepository, 'list'>;
  readonly priceHistory: Pick<PriceHistoryRepository, 'list'>;
  readonly quoteCurrency: string;
  readonly method: CostBasisMethod;
  readonly now: () => number;
}

export interface CostBasisAnswer {
  readonly state: CostBasisState;
  /** Past prices without which some of it is unknown. */
  readonly wanted: readonly HoursOfMarket[];
  /** Rows of histories that were read for it. */
  readonly rowsRead: number;
}

/** One pass over rows. */
interface Pass {
  readonly fold: CostBasisFold;
  readonly prices: TradeTimePrices;
  readonly openings: readonly HistoryOpening[];
  readonly untilMs: number;
  readonly added: CostBasisCheckpoint[];
  events: number;
  rowsRead: number;
}

/**
 * Works out what everything that is held has cost, from the histories of all accounts. It goes on from the last
 * checkpoint that is still true; rows that came late, openings and prices that changed make older ones count.
 */
export class CostBasisKeeper {
  readonly #options: CostBasisKeeperOptions;

  constructor(options: CostBasisKeeperOptions) {
    this.#options = options;
  }

  /** Of all rows before that moment. Rejects when aborted. */
  async basisAt(untilMs: number, signal: AbortSignal): Promise<CostBasisAnswer> {
    const { database, costBasis } = this.#options;
    const { pass, kept, changes } = await database.snapshot(async (moment) => {
      const accounts = await costBasis.accounts(moment);
      const markets = await this.#markets(moment, accounts);
      const openings = await this.#openings(moment, accounts);
      const valid = await costBasis.valid(moment, this.#rules(), untilMs);
      const kept = valid.filter(({ atMs, content }) => {
        // A market that came since prices what was of unknown cost.
        const isPriced = content.unpriced.some((one) => priceOf(markets, one) !== undefined);
        return !isPriced && content.openings === textOf(openings, atMs);
      });
      const pass = this.#begin(moment, kept[0], { markets, openings, untilMs });
      await this.#run(pass, moment, accounts, kept[0]?.atMs, signal);
      return { pass, kept, changes: await costBasis.changes(moment) };
    });
    await this.#save(pass, kept, changes);
    return { state: pass.fold.state(), wanted: pass.prices.wanted(), rowsRead: pass.rowsRead };
  }

  async #run(
    pass: Pass,
    moment: Queryable,
    accounts: readonly AccountRef[],
    fromMs: number | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const { flows } = this.#options;
    const range = { ...(fromMs !== undefined && { fromMs }), toMs: pass.untilMs };
    const openings = pass.openings.filter(
      ({ horizonMs }) => horizonMs >= (fromMs ?? 0) && horizonMs < pass.untilMs,
    );
    // What is already in the checkpoint from which it goes on can't be taken out of it.
    const lastMs = Math.max(pass.untilMs - LATE_MS, fromMs ?? 0);
    let checkpointAt = pass.events + CHECKPOINT_EVERY;
    let isComplete = false;
    const note = (atMs: number) => {
      const { fold, prices, events } = pass;
      const lacking = { unpriced: prices.unpriced(), wanted: [...prices.wanted()] };
      const content = { basis: fold.state(), openings: textOf(pass.openings, atMs), ...lacking };
      pass.added.push({ atMs, events, content });
    };
    for await (const { atMs, opened, rows } of momentsOf(openings, flows.events(moment, accounts, range))) {
      signal.throwIfAborted();
      if (atMs >= lastMs && !isComplete) {
        note(lastMs);
        isComplete = true;
      } else if (!isComplete && pass.events >= checkpointAt) {
        note(atMs);
        checkpointAt = pass.events + CHECKPOINT_EVERY;
      }
      await pass.prices.reach(atMs);
      for (const event of eventsOfOneMoment(opened, rows)) pass.fold.apply(event);
      pass.events += opened.length + rows.length;
      pass.rowsRead += rows.length;
    }
    if (!isComplete) note(lastMs);
  }

  async #save(pass: Pass, kept: readonly CostBasisCheckpoint[], changes: KnownChanges): Promise<void> {
    const { database, costBasis } = this.#options;
    const newest = pass.added.at(-1);
    if (newest === undefined || newest.events - (kept[0]?.events ?? 0) < WORTH_A_CHECKPOINT) return;
    const checkpoints = thinned([...pass.added, ...kept]);
    await database.transaction((transaction) =>
      costBasis.replace(transaction, this.#rules(), changes, checkpoints),
    );
  }

  async #markets(
    moment: Queryable,
    accounts: readonly AccountRef[],
  ): Promise<ReadonlyMap<string, PriceGraph>> {
    const { prices, quoteCurrency } = this.#options;
    const markets = new Map<string, PriceGraph>();
    for (const exchange of new Set(accounts.map((account) => account.exchange))) {
      markets.set(exchange, storedPriceGraph(quoteCurrency, await prices.list(moment, exchange)));
    }
    return markets;
  }

  #begin(
    moment: Queryable,
    from: CostBasisCheckpoint | undefined,
    { markets, ...rest }: Pick<Pass, 'openings' | 'untilMs'> & { markets: ReadonlyMap<string, PriceGraph> },
  ): Pass {
    const { priceHistory, quoteCurrency, method, now } = this.#options;
    const load = (exchange: string, fromMs: number, toMs: number) =>
      priceHistory.list(moment, exchange, { fromMs, toMs });
    const prices = new TradeTimePrices({ quoteCurrency, markets, load, nowMs: now() }, from?.content);
    const priceAt = prices.priceAt.bind(prices);
    const fold = new CostBasisFold({ method, quoteCurrency, priceAt }, from?.content.basis);
    return { ...rest, fold, prices, added: [], events: from?.events ?? 0, rowsRead: 0 };
  }

  async #openings(moment: Queryable, accounts: readonly AccountRef[]): Promise<readonly HistoryOpening[]> {
    const found: HistoryOpening[] = [];
    for (const account of accounts) {
      const openings = await this.#options.openings.list(moment, account);
      found.push(...openings.map((opening) => ({ account, ...opening })));
    }
    return found.sort((left, right) => left.horizonMs - right.horizonMs);
  }

  #rules() {
    const { method, quoteCurrency } = this.#options;
    return { method, quoteCurrency, version: RULES_VERSION };
  }
}

/** Of an asset written `bybit/XYZ`. */
function priceOf(markets: ReadonlyMap<string, PriceGraph>, exchangeAndAsset: string) {
  const slash = exchangeAndAsset.indexOf('/');
  const graph = markets.get(exchangeAndAsset.slice(0, slash));
  return graph?.priceOf(exchangeAndAsset.slice(slash + 1));
}

/** The openings before that moment, as they can be compared. */
function textOf(openings: readonly HistoryOpening[], beforeMs: number): string {
  return JSON.stringify(
    openings
      .filter(({ horizonMs }) => horizonMs < beforeMs)
      .map(({ account, asset, horizonMs, quantity }) => [accountId(account), asset, horizonMs, quantity]),
  );
}

/** The newest, and further back ever fewer: what comes very late costs at most twice what it must. */
function thinned(checkpoints: readonly CostBasisCheckpoint[]): readonly CostBasisCheckpoint[] {
  const sorted = [...checkpoints].sort((left, right) => right.atMs - left.atMs);
  const newest = sorted[0];
  const kept: CostBasisCheckpoint[] = [];
  let behind = 0;
  for (const one of sorted) {
    const events = (newest?.events ?? 0) - one.events;
    if (kept.length > 0 && events < 2 * behind) continue;
    kept.push(one);
    behind = Math.max(events, CHECKPOINT_EVERY / 2);
  }
  return kept;
}
