import type { CostBasisMethod } from '../domain/cost-basis-method.js';
import type { DecimalString } from '../domain/decimal-string.js';
import {
  addLot,
  costOf,
  isKnown,
  type Lot,
  magnitude,
  quantityOf,
  takeLots,
  type UnknownLot,
} from './cost-basis-lots.js';
import type { HoldingState } from './cost-basis-state.js';
import { compare, divide, isNegative, isZero, subtract } from './decimal.js';

/** What the quantity of an item has cost. Known and unknown quantity add up to what the exchange reports. */
export interface CostBasis {
  readonly knownQuantity: DecimalString;
  readonly unknownQuantity: DecimalString;
  /** Of the known quantity; undefined where there is none. */
  readonly avgEntryPrice: DecimalString | undefined;
  readonly realizedPnl: DecimalString;
  /** What the cost is not known of, and why; undefined where there is nothing to add. */
  readonly note: string | undefined;
}

export interface ReportedHolding {
  readonly quantity: DecimalString;
  readonly atMs: number;
  readonly isQuoteCurrency: boolean;
  readonly method: CostBasisMethod;
}

const NOT_EXPLAINED = 'not explained by history';

/**
 * What history says of a holding, for the quantity that the exchange reports of it. More than history explains
 * is of unknown cost; less takes known and unknown units away, without a profit. The other direction
 * than history's says nothing of any cost.
 */
export function costBasisOf(holding: HoldingState | undefined, reported: ReportedHolding): CostBasis {
  const realizedPnl = holding?.realized ?? '0';
  const { quantity } = reported;
  if (reported.isQuoteCurrency) {
    // It costs what it is, however it came.
    return {
      knownQuantity: quantity,
      unknownQuantity: '0',
      avgEntryPrice: isZero(quantity) ? undefined : '1',
      realizedPnl,
      note: resultNote(holding),
    };
  }
  const lots = reconciled(holding?.lots ?? [], reported);
  const knownQuantity = quantityOf(lots.filter(isKnown));
  const notes = [unknownNote(lots), resultNote(holding)].filter((note) => note !== undefined);
  return {
    knownQuantity,
    unknownQuantity: subtract(quantity, knownQuantity),
    avgEntryPrice: isZero(knownQuantity) ? undefined : divide(costOf(lots), knownQuantity),
    realizedPnl,
    note: notes.length === 0 ? undefined : notes.join(' '),
  };
}

function reconciled(explained: readonly Lot[], { quantity, atMs, method }: ReportedHolding): readonly Lot[] {
  const lots = [...explained];
  const total = quantityOf(lots);
  const sameDirection = isZero(total) || isNegative(total) === isNegative(quantity);
  const surplus = subtract(magnitude(total), magnitude(quantity));
  if (!sameDirection || isZero(quantity)) lots.length = 0;
  else if (compare(surplus, '0') > 0) takeLots(lots, surplus, method);
  const rest = subtract(quantity, quantityOf(lots));
  addLot(lots, { quantity: rest, reason: NOT_EXPLAINED, sinceMs: atMs, untilMs: atMs }, method);
  return lots;
}

/** `The cost of 2.5 is unknown: 2 deposited from outside (2025-03-01 to 2025-04-02), 0.5 not explained by history.` */
function unknownNote(lots: readonly Lot[]): string | undefined {
  const byReason: Lot[] = [];
  for (const lot of lots) if (!isKnown(lot)) addLot(byReason, lot, 'average');
  if (byReason.length === 0) return undefined;
  const parts = byReason.map((lot) => (isKnown(lot) ? '' : describe(lot)));
  return `The cost of ${quantityOf(byReason)} is unknown: ${parts.join(', ')}.`;
}

function describe({ quantity, reason, sinceMs, untilMs }: UnknownLot): string {
  if (reason === NOT_EXPLAINED) return `${quantity} ${reason}`;
  const [since, until] = [dayOf(sinceMs), dayOf(untilMs)];
  return `${quantity} ${reason} (${since === until ? since : `${since} to ${until}`})`;
}

function resultNote(holding: HoldingState | undefined): string | undefined {
  if (holding === undefined || isZero(holding.unknownResult)) return undefined;
  return `The realised profit leaves out ${holding.unknownResult} whose cost or price is unknown.`;
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
