/**
 * A scope is what one complete read covers, e.g. bybit's balances `wallet=UNIFIED` or its positions
 * `linear:USDC`. A data type of an account is complete when all its scopes are.
 */
export type ScopeId = string;

/** A row of an exchange's answer that is not a row of its type: set aside, never written. */
export interface RejectedRow {
  /** What can be said about which row it was, e.g. `order 123`; at most 200 characters. */
  readonly row: string;
  /** The field and what is wrong with it. */
  readonly reason: string;
}

/**
 * One complete read of one scope: every page fetched, each body parsed, the exchange's own success code
 * seen. A read that is anything less rejects instead.
 */
export interface ScopeRead<Row> {
  readonly scope: ScopeId;
  readonly records: readonly Row[];
  /** While a row is set aside, nothing can be called absent: it might be that row. */
  readonly rejected: readonly RejectedRow[];
  /** Pages drift while they are fetched, so that absence from more than one page needs a second read. */
  readonly pages: number;
  /** When the first request was sent, by this machine's clock: the answer is at least this fresh. */
  readonly requestedAtMs: number;
}

/** Whether what is missing from this read can be called absent. */
export function provesAbsence(read: ScopeRead<unknown>): boolean {
  return read.rejected.length === 0;
}

/** A row of a history that is set aside. */
export interface RejectedHistoryRow extends RejectedRow {
  /** By the exchange's clock, where it is a time at all. */
  readonly timestampMs: number | undefined;
  /** The row as ccxt gave it, for whoever looks into it. */
  readonly raw: unknown;
}
