import type { DecimalString } from '../domain/decimal-string.js';
import type { OpeningSource } from '../domain/proof-view.js';
import type { TimeRange } from '../domain/time-range.js';
import { subtract } from './decimal.js';
import { addFlows, type FlowSums, netFlow } from './proof.js';

/*
 * What an account held of an asset at its horizon and what flowed since, carried on from one proof to the next, so
 * that years of rows are not added up each time.
 */

/** What one observation said of an asset: an opening is inferred from it. */
export interface Anchor {
  /** Flows before this moment are in the quantity. */
  readonly atMs: number;
  readonly quantity: DecimalString;
}

/** As of the last proof. */
export interface CarriedSums {
  readonly horizonMs: number;
  readonly opening: DecimalString;
  readonly source: OpeningSource;
  readonly anchor: Anchor | undefined;
  readonly flows: FlowSums;
  /** Undefined: rows in there have changed since. */
  readonly summedToMs: number | undefined;
}

export interface WantedSums {
  readonly horizonMs: number;
  /** Undefined: history reaches back to the account's opening. */
  readonly anchor: Anchor | undefined;
  /** Up to the observation. */
  readonly toMs: number;
}

/** Which windows are to be added up, and what becomes of the sums. */
export interface SumsPlan {
  readonly windows: readonly TimeRange[];
  /** Takes the sums of the windows, in their order. */
  readonly combine: (sums: readonly FlowSums[]) => {
    readonly opening: DecimalString;
    readonly flows: FlowSums;
  };
}

export function planSums(wanted: WantedSums, carried: CarriedSums | undefined): SumsPlan {
  const { horizonMs, anchor, toMs } = wanted;
  if (carried?.summedToMs !== undefined && canCarryOn(wanted, carried)) {
    const head = { fromMs: horizonMs, toMs: carried.horizonMs };
    const tail = { fromMs: carried.summedToMs, toMs };
    return {
      windows: [head, tail],
      combine: ([before, since]) => ({
        // What flowed before the old horizon was not held yet at the new one.
        opening: anchor === undefined ? '0' : subtract(carried.opening, netFlow(required(before))),
        flows: addFlows(addFlows(required(before), carried.flows), required(since)),
      }),
    };
  }
  return {
    windows: [
      { fromMs: horizonMs, toMs },
      { fromMs: horizonMs, toMs: anchor?.atMs ?? horizonMs },
    ],
    combine: ([all, beforeAnchor]) => ({
      opening: anchor === undefined ? '0' : subtract(anchor.quantity, netFlow(required(beforeAnchor))),
      flows: required(all),
    }),
  };
}

function canCarryOn({ horizonMs, anchor, toMs }: WantedSums, carried: CarriedSums): boolean {
  if (horizonMs > carried.horizonMs || toMs < (carried.summedToMs ?? toMs)) return false;
  return anchor === undefined || (carried.anchor?.atMs === anchor.atMs && carried.source === 'inferred');
}

function required(sums: FlowSums | undefined): FlowSums {
  if (sums === undefined) throw new Error('a window has no sum');
  return sums;
}
