import { accountId } from '../domain/account.js';
import { assertNever } from '../domain/assert-never.js';
import type { CostBasisMethod } from '../domain/cost-basis-method.js';
import type { DecimalString } from '../domain/decimal-string.js';
import type {
  AssetAmount,
  ConversionEvent,
  CostBasisEvent,
  OpeningEvent,
  TradeEvent,
  TransferEvent,
} from './cost-basis-events.js';
import { Holding, type Worth } from './cost-basis-holding.js';
import { costOf, type Lot, magnitude, quantityOf, shareOf, smaller, takeLots } from './cost-basis-lots.js';
import { type CostBasisState, type HoldingState, NO_COST_BASIS, type Transit } from './cost-basis-state.js';
import { forgetOldTransit, takeArrival } from './cost-basis-transit.js';
import { add, compare, isNegative, isZero, multiply, negate, subtract } from './decimal.js';

/** `notYet`: it will be known, so that nothing else is taken for it. */
export type PriceThen =
  | { readonly price: DecimalString }
  | { readonly reason: string; readonly notYet?: boolean };

/** The price of one unit in the quote currency at that moment, or why it isn't known. */
export type PriceAt = (exchange: string, asset: string, atMs: number) => PriceThen;

export interface CostBasisOptions {
  readonly method: CostBasisMethod;
  readonly quoteCurrency: string;
  readonly priceAt: PriceAt;
}

/**
 * What everything that is held has cost: folds the events of all accounts, in the order of time. The same state
 * and the same events always give the same state, whatever the number of folds that they are divided into.
 *
 * Both sides of a trade have one value, that of its quote side, fees in its two currencies taken off; of its base
 * side, where that is the quote currency or the quote side has no price. A fee in a third coin is worth its price at that
 * moment: it is added to the cost of what was bought or taken off what was got for what was sold, and the coin is
 * disposed of for it. The quote currency costs what it is, so that it never gains; only what is earned and paid
 * in it is realised. Without a value nothing is guessed: what was acquired is of unknown cost.
 */
export class CostBasisFold {
  readonly #options: CostBasisOptions;
  readonly #accounts = new Map<string, Map<string, Holding>>();
  readonly #transit: Transit[];

  constructor(options: CostBasisOptions, state: CostBasisState = NO_COST_BASIS) {
    this.#options = options;
    this.#transit = [...state.transit];
    for (const [account, assets] of Object.entries(state.holdings)) {
      const holdings = Object.entries(assets).map(
        ([asset, holding]) => [asset, new Holding(options.method, holding)] as const,
      );
      this.#accounts.set(account, new Map(holdings));
    }
  }

  apply(event: CostBasisEvent): void {
    switch (event.type) {
      case 'trade':
        this.#trade(event);
        break;
      case 'conversion':
        this.#convert(event);
        break;
      case 'income':
        this.#income(event, event);
        break;
      case 'transfer':
        if (isNegative(event.change)) this.#leave(event);
        else this.#arrive(event);
        break;
      case 'opening':
        this.#open(event);
        break;
      default:
        assertNever(event);
    }
  }

  state(): CostBasisState {
    const holdings: Record<string, Record<string, HoldingState>> = {};
    for (const [account, assets] of this.#accounts) {
      holdings[account] = Object.fromEntries([...assets].map(([asset, holding]) => [asset, holding.state()]));
    }
    return { holdings, transit: [...this.#transit] };
  }

  #trade(event: TradeEvent): void {
    const { base, quote, fee } = event;
    const feeIn = (asset: string) => (fee?.asset === asset ? fee.amount : '0');
    const bought = event.side === 'buy';
    const baseMove = subtract(bought ? event.amount : negate(event.amount), feeIn(base));
    const quoteMove = subtract(bought ? negate(event.cost) : event.cost, feeIn(quote));
    const worth = this.#worthOfTrade(event, baseMove, quoteMove);
    const third = fee === undefined || fee.asset === base || fee.asset === quote ? undefined : fee;
    const feeWorth = third === undefined ? { value: '0' } : this.#worth(event, third.asset, third.amount);
    // The quote currency bears no fee, for its price is 1.
    const basePays = base !== this.#options.quoteCurrency;
    this.#move(event, quote, quoteMove, basePays ? negated(worth) : plus(negated(worth), feeWorth));
    this.#move(event, base, baseMove, basePays ? plus(worth, feeWorth) : worth);
    if (third !== undefined) this.#move(event, third.asset, negate(third.amount), negated(feeWorth));
  }

  /** Of the base side: positive for what was bought. */
  #worthOfTrade(event: TradeEvent, baseMove: DecimalString, quoteMove: DecimalString): Worth {
    const { base, quote } = event;
    const byQuote = () => negated(this.#worth(event, quote, quoteMove));
    const byBase = () => this.#worth(event, base, baseMove);
    if (base === this.#options.quoteCurrency) return byBase();
    const worth = byQuote();
    if ('value' in worth || worth.notYet) return worth;
    const other = byBase();
    return 'value' in other ? other : worth;
  }

  #convert(event: ConversionEvent): void {
    const given = event.legs.filter(({ amount }) => isNegative(amount));
    const received = event.legs.filter(({ amount }) => !isNegative(amount));
    const isQuote = ({ asset }: AssetAmount) => asset === this.#options.quoteCurrency;
    const sides = received.every(isQuote) || !given.every(isQuote) ? [received, given] : [given, received];
    const worths = sides.map((legs) => legs.map(({ asset, amount }) => this.#worth(event, asset, amount)));
    const totals = worths.map(sumOfWorths);
    const total = totals.find((worth) => 'value' in worth);
    sides.forEach((legs, side) => {
      legs.forEach(({ asset, amount }, leg) => {
        const own = worths[side]?.[leg] ?? { reason: '' };
        const sideTotal = totals[side] ?? own;
        if (total === undefined || sideTotal === total) this.#move(event, asset, amount, own);
        else
          this.#move(
            event,
            asset,
            amount,
            legs.length === 1 ? negated(total) : scaled(own, sideTotal, total),
          );
      });
    });
  }

  #income(event: Moment, { asset, amount }: AssetAmount): void {
    if (isZero(amount)) return;
    const holding = this.#holding(event, asset);
    if (asset === this.#options.quoteCurrency) holding.realize(amount);
    else if (isNegative(amount)) {
      holding.pay(negate(amount), (rest) => this.#worth(event, asset, rest), event.atMs);
    } else holding.earn(amount, this.#worth(event, asset, amount), event.atMs);
  }

  #leave(event: TransferEvent): void {
    const { asset, change, amount, transactionId, moveId, atMs } = event;
    const account = accountId(event);
    const left = magnitude(change);
    const sent = smaller(amount, left);
    const holding = this.#holding(event, asset);
    if (asset !== this.#options.quoteCurrency) {
      const lots: Lot[] = [...holding.take(sent)];
      const missing = subtract(sent, quantityOf(lots));
      if (!isZero(missing)) {
        const reason = `not explained by the history of ${account}`;
        holding.owe(missing, reason, atMs);
        lots.push({ quantity: missing, reason, sinceMs: atMs, untilMs: atMs });
      }
      forgetOldTransit(this.#transit, atMs);
      this.#transit.push({ account, asset, amount: sent, transactionId, moveId, leftAtMs: atMs, lots });
    }
    this.#income(event, { asset, amount: subtract(sent, left) });
  }

  #arrive(event: TransferEvent): void {
    const { asset, change, reason, atMs } = event;
    if (asset === this.#options.quoteCurrency || isZero(change)) return;
    const holding = this.#holding(event, asset);
    const sent = takeArrival(this.#transit, accountId(event), event);
    const lots = [...(sent?.lots ?? [])];
    const arrived = takeLots(lots, smaller(change, quantityOf(lots)), this.#options.method);
    const rest = subtract(change, quantityOf(arrived));
    holding.receive([...arrived, { quantity: rest, reason, sinceMs: atMs, untilMs: atMs }]);
    // What was sent and did not arrive was a fee.
    holding.realize(negate(costOf(lots)));
  }

  #open(event: OpeningEvent): void {
    const { asset, quantity, reason, atMs } = event;
    if (asset !== this.#options.quoteCurrency) this.#holding(event, asset).open(quantity, reason, atMs);
  }

  #move(event: Moment, asset: string, amount: DecimalString, worth: Worth): void {
    const holding = this.#holding(event, asset);
    if (asset !== this.#options.quoteCurrency) holding.exchange(amount, worth, event.atMs);
    // Both sides of a trade are the same value, so that there is a difference only after rounding.
    else if ('value' in worth) holding.realize(subtract(amount, worth.value));
  }

  #worth({ exchange, atMs }: Moment, asset: string, amount: DecimalString): Worth {
    if (asset === this.#options.quoteCurrency) return { value: amount };
    if (isZero(amount)) return { value: '0' };
    const found = this.#options.priceAt(exchange, asset, atMs);
    return 'price' in found ? { value: multiply(amount, found.price) } : found;
  }

  #holding(event: Moment, asset: string): Holding {
    const account = accountId(event);
    const assets = this.#accounts.get(account) ?? new Map<string, Holding>();
    this.#accounts.set(account, assets);
    const known = assets.get(asset) ?? new Holding(this.#options.method);
    assets.set(asset, known);
    return known;
  }
}

type Moment = Pick<CostBasisEvent, 'exchange' | 'account' | 'atMs'>;

function negated(worth: Worth): Worth {
  return 'value' in worth ? { value: negate(worth.value) } : worth;
}

function plus(left: Worth, right: Worth): Worth {
  if ('reason' in left) return left;
  return 'reason' in right ? right : { value: add(left.value, right.value) };
}

function sumOfWorths(worths: readonly Worth[]): Worth {
  return worths.reduce(plus, { value: '0' });
}

/** Of several currencies that were given or received together, each its share of what the other side is worth. */
function scaled(own: Worth, sideTotal: Worth, total: Worth): Worth {
  if ('reason' in own || 'reason' in sideTotal || 'reason' in total) return 'reason' in own ? own : sideTotal;
  if (compare(sideTotal.value, '0') === 0) return { reason: 'no price at trade time' };
  return { value: negate(shareOf(total.value, own.value, sideTotal.value)) };
}
