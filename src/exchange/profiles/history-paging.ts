/*
 * How the pages of one request's range follow each other. A page that is not full ends the range, except where
 * the exchange names the next one.
 */

export type HistoryPaging =
  | HistoryCursorPaging
  | HistoryIdPaging
  | HistoryTimePaging
  | HistoryOffsetPaging
  | HistorySinglePage;

/** Newest first; each answer names the next page, an empty cursor ends the range. */
export interface HistoryCursorPaging {
  readonly kind: 'cursor';
  /** Where ccxt leaves the cursor in `info` of a page's rows; absent with a raw answer, which says where it is. */
  readonly cursorField?: string;
  readonly cursorParam: string;
  readonly pageLimit: number;
}

/**
 * `before-id`: newest first; a full page is followed by the rows before the one with its lowest id.
 * `after-id`: oldest first; a full page is followed by the rows after the one with its highest id.
 */
export interface HistoryIdPaging {
  readonly kind: 'before-id' | 'after-id';
  /** The rows' own field; its values are whole numbers. */
  readonly idField: string;
  readonly idParam: string;
  /** The exchange takes the id alone: the range is left out, and rows beyond it end the walk. */
  readonly withoutRange?: boolean;
  /**
   * Of `after-id` without a range: the lowest id there can be. A range of more windows than this is not read window
   * by window, but its newest one, and then by ids: from the range's first fill where it begins at one, as it does
   * where a walk was broken off, else from this id on.
   */
  readonly firstId?: { readonly id: string; readonly beyondWindows: number };
  readonly pageLimit: number;
}

/**
 * `before-time`: newest first; a full page is followed by the range up to its oldest row, that millisecond again.
 * `after-time`: oldest first; a full page is followed by the range from its newest row on, that millisecond again.
 */
export interface HistoryTimePaging {
  readonly kind: 'before-time' | 'after-time';
  /** How many rows are left out: the only way on when a whole page is of one moment. */
  readonly offsetParam?: string;
  readonly pageLimit: number;
}

/** A full page is followed by one that leaves out as many rows as were read. */
export interface HistoryOffsetPaging {
  readonly kind: 'offset';
  readonly order: 'newest-first' | 'oldest-first';
  readonly offsetParam: string;
  /** The parameter counts pages, and this is the first one's number; absent: it counts rows. */
  readonly firstPage?: number;
  readonly pageLimit: number;
}

/**
 * The exchange answers with the whole range at once. A list this long may be cut: its range is asked for again
 * in halves.
 */
export interface HistorySinglePage {
  readonly kind: 'single';
  readonly cutAt?: number;
}
