import type { Market } from '../../market.js';

/** What an event of a big history is, in the bits of one byte. */
export const SELLS = 1;
export const IS_MAKER = 2;
export const IS_FUNDING = 4;
/** The fee is paid in a third coin. */
export const PAYS_IN_COIN = 8;
/** The fee is a rebate. */
export const IS_REBATED = 16;

/**
 * A million fills without a million objects: one entry per event in each column, oldest first, and one per row
 * of the wallet's statement in the last two. Amounts are billionths.
 */
export interface BulkColumns {
  readonly markets: readonly Market[];
  /** In which third-coin fees are paid. */
  readonly feeCoin: string;
  readonly length: number;
  readonly timestampMs: Float64Array;
  readonly market: Uint8Array;
  readonly flags: Uint8Array;
  /** In ticks. */
  readonly price: Int32Array;
  /** In steps; of a funding payment, the position's size. */
  readonly amount: Int32Array;
  readonly fee: BigInt64Array;
  /** Realised profit, or the funding that was received; 0 for spot. */
  readonly profit: BigInt64Array;
  /** In steps, of contracts: what was held before, and after. */
  readonly sizeBefore: Int32Array;
  readonly sizeAfter: Int32Array;
  /** The first statement row of each event; one more entry at the end. */
  readonly firstRow: Uint32Array;
  readonly balanceAfter: BigInt64Array;
}
