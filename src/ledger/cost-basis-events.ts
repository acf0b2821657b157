import type { DecimalString } from '../domain/decimal-string.js';

/*
 * What the cost basis is folded from: each economic event once, in the order of time. Amounts are positive for
 * what was received unless a field says otherwise.
 */

interface AccountEvent {
  readonly exchange: string;
  readonly account: string;
  readonly atMs: number;
}

/** One currency against another on a spot market. */
export interface TradeEvent extends AccountEvent {
  readonly type: 'trade';
  readonly side: 'buy' | 'sell';
  readonly base: string;
  /** Of the base currency, without sign and without the fee. */
  readonly amount: DecimalString;
  readonly quote: string;
  /** Of the quote currency, without sign and without the fee. */
  readonly cost: DecimalString;
  readonly fee?: AssetAmount | undefined;
}

export interface AssetAmount {
  readonly asset: string;
  /** Of a fee: what was paid; negative for a rebate. */
  readonly amount: DecimalString;
}

/** Several currencies at once for others, without a market: conversions, small balances made into one. */
export interface ConversionEvent extends AccountEvent {
  readonly type: 'conversion';
  /** Negative for what was given. */
  readonly legs: readonly AssetAmount[];
}

/** Profit and loss of derivatives, funding, interest, fees, rebates, rewards. */
export interface IncomeEvent extends AccountEvent {
  readonly type: 'income';
  readonly asset: string;
  /** Negative for what was paid. */
  readonly amount: DecimalString;
}

/** Into the account or out of it, without being bought or sold. */
export interface TransferEvent extends AccountEvent {
  readonly type: 'transfer';
  readonly asset: string;
  /** Of the account, fee included; negative for what left. */
  readonly change: DecimalString;
  /** What arrives at the other end, or arrived at this one; without sign. */
  readonly amount: DecimalString;
  /** Of the blockchain. */
  readonly transactionId?: string | undefined;
  /** The exchange's own of a move between two of its accounts; both may list it under one id, or not. */
  readonly moveId?: string | undefined;
  /** Why its cost is unknown if it came from none of the known accounts, e.g. `deposited from outside`. */
  readonly reason: string;
}

/** From here on history is known without a hole; what was there before is of unknown cost. */
export interface OpeningEvent extends AccountEvent {
  readonly type: 'opening';
  readonly asset: string;
  readonly quantity: DecimalString;
  readonly reason: string;
}

export type CostBasisEvent = TradeEvent | ConversionEvent | IncomeEvent | TransferEvent | OpeningEvent;
