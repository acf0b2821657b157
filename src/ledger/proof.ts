import type { DecimalString } from '../domain/decimal-string.js';
import type { OpeningSource, ProofState } from '../domain/proof-view.js';
import { add, isZero, subtract } from './decimal.js';

/** What flowed of one asset in some time. Positive for what was received, but for fees: what was paid. */
export interface FlowSums {
  readonly fills: DecimalString;
  readonly fees: DecimalString;
  readonly transfers: DecimalString;
  readonly ledger: DecimalString;
}

export const NO_FLOWS: FlowSums = { fills: '0', fees: '0', transfers: '0', ledger: '0' };

export interface AssetFacts {
  readonly opening: DecimalString;
  /** The opening is inferred from this very observation, so that it adds up whatever is missing. */
  readonly isInferredNow?: boolean;
  /** From the horizon up to the observation. */
  readonly flows: FlowSums;
  readonly reported: DecimalString;
  /** Something flowed while the wallets were read, so that it may be in what they reported or not. */
  readonly flowsAtObservation: boolean;
  /** A transfer that is not final may have moved something, or not yet. */
  readonly pendingTransfers: boolean;
  /** Why the end of its history may not be read; a rest says nothing then. */
  readonly doubt: string | undefined;
}

export interface Judgement {
  readonly state: ProofState;
  readonly reason: string | null;
  readonly expected: DecimalString;
  /** Null unless it was judged. */
  readonly unexplainedQuantity: DecimalString | null;
}

export interface Opening {
  readonly horizonMs: number;
  readonly quantity: DecimalString;
  readonly source: OpeningSource;
}

/** What came in, less what went out. */
export function netFlow({ fills, fees, transfers, ledger }: FlowSums): DecimalString {
  return add(add(subtract(fills, fees), transfers), ledger);
}

export function addFlows(left: FlowSums, right: FlowSums): FlowSums {
  return {
    fills: add(left.fills, right.fills),
    fees: add(left.fees, right.fees),
    transfers: add(left.transfers, right.transfers),
    ledger: add(left.ledger, right.ledger),
  };
}

/** Whether what flowed explains what is there. The rest is a number of its own and hidden nowhere. */
export function judgeAsset(facts: AssetFacts): Judgement {
  const expected = add(facts.opening, netFlow(facts.flows));
  const rest = subtract(facts.reported, expected);
  const open = (state: 'pending' | 'unknown', reason: string): Judgement => {
    return { state, reason, expected, unexplainedQuantity: null };
  };
  if (facts.flowsAtObservation) return open('pending', 'something flowed while the balances were read');
  const isCertain = !facts.pendingTransfers && facts.doubt === undefined;
  if (isZero(rest) && (isCertain || facts.isInferredNow !== true))
    return { state: 'proven', reason: null, expected, unexplainedQuantity: '0' };
  if (facts.pendingTransfers) return open('pending', 'a transfer is not final');
  if (facts.doubt !== undefined) return open('unknown', facts.doubt);
  return { state: 'unexplained', reason: null, expected, unexplainedQuantity: rest };
}

/** What was held at the horizon, so that what flowed since then explains what was reported. */
export function inferOpening(horizonMs: number, reported: DecimalString, flows: FlowSums): Opening {
  return { horizonMs, quantity: subtract(reported, netFlow(flows)), source: 'inferred' };
}

/** The opening at an earlier horizon: what flowed in between was not held there yet. */
export function shiftBack({ quantity }: Opening, horizonMs: number, between: FlowSums): Opening {
  return { horizonMs, quantity: subtract(quantity, netFlow(between)), source: 'inferred' };
}
