/*
 * How a list is read to its end.
 */

/** `single`: the exchange answers with the whole list at once. */
export type Paging = SinglePage | CursorPaging | IdPaging | OffsetPaging | TimePaging;

export interface SinglePage {
  readonly kind: 'single';
  /** The exchange silently cuts the list here: a list this long is not known to be complete. */
  readonly cutAt?: number;
}

/** Each answer names the next page, and an empty cursor ends the list. */
export interface CursorPaging {
  readonly kind: 'cursor';
  /** Where ccxt leaves the cursor in `info` of a page's rows, and the parameter it goes back in. */
  readonly cursorField: string;
  readonly cursorParam: string;
  readonly pageLimit: number;
  /** More pages than this is an error, never a truncated list. */
  readonly maxPages: number;
}

/** Newest rows first; a full page is followed by the rows before its oldest, whose id is its lowest number. */
export interface IdPaging {
  readonly kind: 'id';
  /** The rows' own field, and the parameter for "older than this". */
  readonly idField: string;
  readonly idParam: string;
  readonly pageLimit: number;
  readonly maxPages: number;
}

/**
 * A full page is followed by one that leaves out as many rows as were read. A row that comes to the front
 * meanwhile makes another come twice; for lists from which rows go away this is no paging.
 */
export interface OffsetPaging {
  readonly kind: 'offset';
  readonly offsetParam: string;
  /** The exchange's own page length, which is not sent. */
  readonly pageLimit: number;
  readonly maxPages: number;
}

/**
 * Oldest rows first from `since`; a full page is followed by one that begins at its newest row's time. Rows
 * of that millisecond come twice and count once.
 */
export interface TimePaging {
  readonly kind: 'time';
  readonly pageLimit: number;
  readonly maxPages: number;
}
