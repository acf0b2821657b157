import type { DecimalString } from '../../../domain/decimal-string.js';
import type { TransferStatus } from '../../../domain/history-records.js';
import type { Place } from './row-list.js';

/** A deposit, a withdrawal, or a move between two wallets, of one account or of two. */
export interface Transfer extends Place {
  readonly kind: 'deposit' | 'withdrawal' | 'internal' | 'between-accounts';
  readonly id: string;
  readonly asset: string;
  /** What arrives. */
  readonly amount: DecimalString;
  /** Paid beside the amount, in the same asset. */
  readonly fee: DecimalString;
  /** Undefined: from outside. */
  readonly from: WalletOfAccount | undefined;
  /** Undefined: to outside. */
  readonly to: WalletOfAccount | undefined;
  readonly network: string;
  readonly address: string;
  readonly transactionId: string;
  /** Nothing has moved before it is `ok`. */
  status: TransferStatus;
  updatedAtMs: number;
}

export interface WalletOfAccount {
  readonly account: string;
  readonly uid: string;
  readonly wallet: string;
}

/** One asset that was swapped for another outside of any market. */
export interface Conversion extends Place {
  readonly id: string;
  readonly wallet: string;
  readonly fromAsset: string;
  readonly fromAmount: DecimalString;
  readonly asset: string;
  /** What arrived, before the fee. */
  readonly amount: DecimalString;
  /** In the asset that arrived. */
  readonly fee: DecimalString;
}
