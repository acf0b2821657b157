import type { DecimalString } from '../domain/decimal-string.js';
import type { Lot } from './cost-basis-lots.js';

/** What is known of one asset of one account; plain JSON. */
export interface HoldingState {
  /** All of one direction; of the quote currency none, for it costs what it is. */
  readonly lots: readonly Lot[];
  /** Profit and loss of what was sold, and what was earned and paid otherwise, in the quote currency. */
  readonly realized: DecimalString;
  /** How much was sold, earned or paid that `realized` does not contain, because its cost or price is unknown. */
  readonly unknownResult: DecimalString;
  /** Whether it is known what was there before the first event, so that what is sold beyond it is owed. */
  readonly anchored: boolean;
}

/** What left an account and has not arrived in another one. */
export interface Transit {
  readonly account: string;
  readonly asset: string;
  readonly amount: DecimalString;
  readonly transactionId: string | undefined;
  readonly moveId: string | undefined;
  readonly leftAtMs: number;
  readonly lots: readonly Lot[];
}

/** Everything that the fold knows after some events; plain JSON. */
export interface CostBasisState {
  /** By account (`bybit/main`) and asset. */
  readonly holdings: Readonly<Record<string, Readonly<Record<string, HoldingState>>>>;
  readonly transit: readonly Transit[];
}

export const NO_COST_BASIS: CostBasisState = { holdings: {}, transit: [] };
