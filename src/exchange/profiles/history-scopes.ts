import type {
  LedgerKind,
  TradeFlow,
  TradeKind,
  TransferKind,
  TransferStatus,
} from '../../domain/history-records.js';
import type { ScopeId } from '../../domain/scope-read.js';
import type { HistoryPaging } from './history-paging.js';
import type { HoldingNames, MarketFilter } from './profile.js';
import type { RawFields } from './row-conventions.js';

export type { HistoryPaging } from './history-paging.js';

/*
 * Lists of what happened, as data: how far one request reaches, how pages go on, how long the exchange serves
 * them, and from which table each economic event counts.
 */

/** How a range is asked for. */
export interface RangeParams {
  /** The exchange's own parameter. Absent: ccxt's `since`, which drops what is older on this side as well. */
  readonly from?: string;
  /** Absent: the list cannot be ended. It is then read from the oldest row on. */
  readonly to?: string;
  readonly unit?: 'seconds';
  /** Whether rows exactly at the parameter's time are listed. */
  readonly includesFrom: boolean;
  readonly includesTo: boolean;
}

/** Where an unparsed answer has its rows, and the method of ccxt that makes a unified one of each. */
export interface RawAnswer {
  /** Lists on the way are flattened. */
  readonly rows: readonly string[];
  readonly cursor?: readonly string[];
  /** Absent: the legs make them. */
  readonly parse?: 'parseTrade' | 'parseLedgerEntry' | 'parseTransaction' | 'parseTransfer';
  /** A row that moved two currencies, e.g. a conversion, is a row for each. */
  readonly legs?: readonly LedgerLeg[];
  /** Rows with another word in the field have not happened. */
  readonly only?: { readonly field: string; readonly words: readonly string[] };
  /**
   * The rows' own field of the market's id, which is looked up among the markets of the scope: ccxt would look
   * among all of them and take bybit's spot `LTCUSDT` for its contract `LTCUSDT`.
   */
  readonly marketField?: string;
  /**
   * ccxt's symbol of a market that is gone from the list, where its id and the exchange's row leave no doubt what it
   * was. `quotes`: of the scope's markets that are known.
   */
  readonly expiredSymbol?: (
    marketId: string,
    row: Readonly<Record<string, unknown>>,
    quotes: ReadonlySet<string>,
  ) => string | undefined;
}

export interface LedgerLeg {
  /** Told in the row's `leg`. */
  readonly name: string;
  /** The rows' own field of the exchange's code, or the unified code that all of them have. */
  readonly currencyField?: string;
  readonly currency?: string;
  readonly amountField: string;
  readonly isPaid: boolean;
}

export interface HistoryScopeProfile {
  /** Unique within its data type. */
  readonly id: ScopeId;
  /** ccxt's unified method, called as `method(symbol, since, limit, params)`; with `answer`, an implicit one. */
  readonly method: string;
  /** ccxt's `params`: what makes the call read exactly this scope. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly answer?: RawAnswer;
  readonly paging: HistoryPaging;
  readonly range: RangeParams;
  /** The longest range of one request; absent: any. */
  readonly windowMs?: number;
  readonly retentionMs?: number;
  readonly servedFromMs: number;
  readonly needsSymbol?: boolean;
  readonly markets?: MarketFilter;
  /** The exchange lists rows of other markets as well, which belong to another scope. */
  readonly isMixed?: boolean;
  /** Rows may appear this long after their time. */
  readonly lateMs: number;
  /** Rows younger than this may still be missing; absent: as in the exchange's other lists. */
  readonly settleLagMs?: number;
  /** The rows' own fields that together are unique; absent: ccxt's `id`. */
  readonly idFields?: readonly string[];
  /** The rows' own field of the time by which the list is filtered and sorted; absent: ccxt's `timestamp`. */
  readonly timeField?: string;
  readonly timeUnit?: 'seconds';
  /**
   * The list is filtered or sorted by something else than the time that its rows show, so that a page says
   * nothing about what is not on it: a request's range is known when its last page is.
   */
  readonly byAnotherTime?: boolean;
  /**
   * Of such a list: how far its own time may be from the one that a row shows. So much more is asked for on both
   * sides, so that a row which is not final is found again by the time it shows. `windowMs` is without it.
   */
  readonly reachMs?: number;
}

export interface TradeScopeProfile extends HistoryScopeProfile {
  readonly flow: TradeFlow;
  /** The rows' own field of the kind, and its words; a word that is not listed is set aside. */
  readonly kindField?: string;
  readonly kinds?: Readonly<Record<string, TradeKind>>;
  /** The words of the fills that flow, where others count from another list; absent: all. */
  readonly flowKinds?: readonly string[];
  /** Words of rows that are no fills, e.g. funding. */
  readonly otherKinds?: readonly string[];
  /** Read from these fields of the rows, first present wins; absent: ccxt's own. */
  readonly fields?: RawFields<
    'order' | 'side' | 'price' | 'amount' | 'cost' | 'feeCost' | 'feeCurrency' | 'realizedPnl' | 'role'
  >;
}

export interface TransferScopeProfile extends HistoryScopeProfile {
  readonly kind: TransferKind;
  /** The rows' own field; absent: the list has finished ones only. */
  readonly statusField?: string;
  /** Instead of a field: ccxt's own status. */
  readonly hasUnifiedStatus?: boolean;
  /** By the exchange's own word; one that is not listed is pending. */
  readonly statuses: Readonly<Record<string, TransferStatus>>;
  /** The amount that the exchange writes has the fee in it. */
  readonly amountIncludesFee?: boolean;
  /** Of a deposit, `from` is outside; of a withdrawal, `to` is. */
  readonly from?: TransferEnd;
  readonly to?: TransferEnd;
  /** Where rows are of other accounts of the same owner as well: whose key this is. */
  readonly owner?: KeyOwner;
  /**
   * Only the main account can do this, and only its key may read it: where another account's key is refused, the list
   * is known to be empty. Says whether the key is the main account's.
   */
  readonly mainAccountOnly?: KeyOwner;
  /** Read from these fields of the rows, first present wins; absent: ccxt's own. */
  readonly fields?: RawFields<'amount' | 'feeCost' | 'network' | 'address' | 'transactionId'>;
  /** False: the ledger has what it changed, so that here it changes nothing. */
  readonly counts?: boolean;
}

/** Where a move begins or ends. It changes what is mirrored where that is a wallet of the account's balances. */
export interface TransferEnd {
  /** The rows' own field of the wallet, or the one that all of them have. */
  readonly field?: string;
  readonly wallet?: string;
  /** The wallet's name among the balances by the word in the field; absent: they are the same. */
  readonly names?: Readonly<Record<string, string>>;
  /** The rows' own field of the account's id. */
  readonly ownerField?: string;
}

/** What the exchange says of the key, asked for once: an implicit method of ccxt, and where its answer has it. */
export interface KeyOwner {
  readonly method: string;
  readonly path: readonly string[];
}

export interface LedgerScopeProfile extends HistoryScopeProfile {
  readonly wallet: string;
  /** The rows' own fields of the kind; the words of several are joined by a space. */
  readonly kindField: string | readonly string[];
  /**
   * By the exchange's own word; where several are joined and not listed, by each of them, the last one first. A
   * word that is not listed is `other` and counts.
   */
  readonly kinds: Readonly<Record<string, LedgerKindProfile>>;
  /** What words are that are not listed; absent: `other`. They count in any case. */
  readonly otherKind?: LedgerKind;
  /** The rows' own field of the exchange's code of the currency, where that says in which product it lies. */
  readonly holdings?: { readonly field: string; readonly names: HoldingNames };
  /** The amount that the exchange writes is what is left of it after the fee. */
  readonly amountIsNet?: boolean;
  /** Where amounts have no sign: the rows' own field of the direction, and its words for what was paid. */
  readonly direction?: { readonly field: string; readonly out: readonly string[] };
  /** Of which market a row is. */
  readonly market?: LedgerMarket;
  /** Read from these fields of the rows, first present wins; absent: ccxt's own. */
  readonly fields?: RawFields<'amount' | 'feeCost' | 'balanceAfter' | 'reference'>;
}

export interface LedgerMarket {
  /** The rows' own field of the market's id. */
  readonly field: string;
  /** The rows' own field that says among which markets the id is to be looked up; absent: the scope's. */
  readonly kindField?: string;
  readonly kinds?: Readonly<Record<string, MarketFilter>>;
}

export interface LedgerKindProfile {
  readonly kind: LedgerKind;
  /** False: the same event counts from the fills or the transfers. */
  readonly counts: boolean;
  /** The rows' own field of what was gained or lost without the fee, where it is not the scope's. */
  readonly amountField?: string;
}
