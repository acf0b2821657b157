import type { AccountRef } from './account.js';
import type { DecimalString } from './decimal-string.js';

/* Plain JSON: `null` is unknown, times are ISO 8601 in UTC. */

/**
 * `proven`: it adds up to the last digit. `unexplained`: it doesn't. `pending`: something flowed too near to the
 * observation, or is not final. `unknown`: history or balances are not read completely; `reason` says which.
 */
export const PROOF_STATES = ['proven', 'unexplained', 'pending', 'unknown'] as const;
export type ProofState = (typeof PROOF_STATES)[number];

/** `account-opened`: 0, because history reaches back to the account's opening. `inferred`: once, at the horizon. */
export const OPENING_SOURCES = ['account-opened', 'inferred'] as const;
export type OpeningSource = (typeof OPENING_SOURCES)[number];

/** Whether what flowed explains what is there: opening + fills - fees + transfers + ledger = reported. */
export interface AssetProof extends AccountRef {
  readonly asset: string;
  readonly state: ProofState;
  readonly reason: string | null;
  /** From when on history counts. */
  readonly horizon: string | null;
  readonly opening: DecimalString | null;
  readonly openingSource: OpeningSource | null;
  readonly fills: DecimalString | null;
  /** What was paid; it is subtracted. */
  readonly fees: DecimalString | null;
  readonly transfers: DecimalString | null;
  readonly ledger: DecimalString | null;
  readonly expected: DecimalString | null;
  /** Over all mirrored wallets. */
  readonly reported: DecimalString;
  /** Reported minus expected; never hidden in another number. */
  readonly unexplainedQuantity: DecimalString | null;
  /** When the exchange reported it. */
  readonly observedAt: string;
  readonly checkedAt: string;
}

export interface ProofFilter {
  readonly exchange?: string;
  readonly account?: string;
}

export interface Proof {
  /** The latest of each asset of each account. */
  readonly assets: readonly AssetProof[];
}
