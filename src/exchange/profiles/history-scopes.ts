import type {
  LedgerKind,
  TradeFlow,
  TradeKind,
  TransferKind,
  TransferStatus,
} from '../../domain/history-records.js';
import type { ScopeId } from '../../domain/scope-read.js';
import type { MarketFilter } from './profile.js';

/*
 * Lists of what happened, as data: how far one request reaches, how pages go on, how long the exchange serves
 * them, and from which table each economic event counts.
 */

/** How the pages of one request's range follow each other. */
export type HistoryPaging =
  /** Newest first; each answer names the next page, an empty cursor ends the range. */
  | {
      readonly kind: 'cursor';
      readonly cursorField: string;
      readonly cursorParam: string;
      readonly pageLimit: number;
    }
  /** Newest first; a full page is followed by the rows before the one with its lowest id. */
  | {
      readonly kind: 'before-id';
      readonly idField: string;
      readonly idParam: string;
      readonly pageLimit: number;
    }
  /** Newest first; a full page is followed by the range up to its oldest row, that millisecond again. */
  | { readonly kind: 'before-time'; readonly offsetParam?: string; readonly pageLimit: number }
  /** Oldest first; a full page is followed by the range from its newest row on, that millisecond again. */
  | { readonly kind: 'after-time'; readonly pageLimit: number }
  /** Oldest first; a full page is followed by the rows after the one with its highest id. */
  | {
      readonly kind: 'after-id';
      readonly idField: string;
      readonly idParam: string;
      readonly pageLimit: number;
    }
  /** The exchange answers with the whole range at once; a list this long is not known to be complete. */
  | { readonly kind: 'single'; readonly cutAt?: number };

/** The exchange's own parameters of a range. */
export interface RangeParams {
  readonly from: string;
  readonly to: string;
  readonly unit?: 'seconds';
  /** Whether rows exactly at the parameter's time are listed. */
  readonly includesFrom: boolean;
  readonly includesTo: boolean;
}

export interface HistoryScopeProfile {
  /** Unique within its data type. */
  readonly id: ScopeId;
  /** ccxt's unified method. */
  readonly method: string;
  /** ccxt's `params`: what makes the call read exactly this scope. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly paging: HistoryPaging;
  readonly range: RangeParams;
  /** The longest range of one request; absent: any. */
  readonly windowMs?: number;
  readonly retentionMs?: number;
  readonly servedFromMs: number;
  readonly needsSymbol?: boolean;
  readonly markets?: MarketFilter;
  /** Rows may appear this long after their time. */
  readonly lateMs: number;
  /** The rows' own fields that together are unique; absent: ccxt's `id`. */
  readonly idFields?: readonly string[];
}

export interface TradeScopeProfile extends HistoryScopeProfile {
  readonly flow: TradeFlow;
  /** The rows' own field of the kind, and its words; a word that is not listed is set aside. */
  readonly kindField?: string;
  readonly kinds?: Readonly<Record<string, TradeKind>>;
}

export interface TransferScopeProfile extends HistoryScopeProfile {
  readonly kind: TransferKind;
  readonly statusField: string;
  /** By the exchange's own word; one that is not listed is pending. */
  readonly statuses: Readonly<Record<string, TransferStatus>>;
  /** The amount that the exchange writes has the fee in it. */
  readonly amountIncludesFee?: boolean;
}

export interface LedgerScopeProfile extends HistoryScopeProfile {
  readonly wallet: string;
  readonly kindField: string;
  /** By the exchange's own word. A word that is not listed is `other` and counts. */
  readonly kinds: Readonly<Record<string, LedgerKindProfile>>;
}

export interface LedgerKindProfile {
  readonly kind: LedgerKind;
  /** False: the same event counts from the fills or the transfers. */
  readonly counts: boolean;
}
