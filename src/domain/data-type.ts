/** The kinds of data a sync can mirror, in the order in which `DataType.ALL` runs them. */
export const SYNCED_DATA_TYPES = [
  'balances',
  'positions',
  'orders',
  'prices',
  'transfers',
  'ledger',
  'trades',
  'portfolio',
] as const;

/** One kind of mirrored data. */
export type SyncedDataType = (typeof SYNCED_DATA_TYPES)[number];

/** What `triggerSync` takes: one kind of data, or `ALL` of them. */
export const DataType = Object.freeze({
  ALL: 'all',
  BALANCES: 'balances',
  POSITIONS: 'positions',
  ORDERS: 'orders',
  PRICES: 'prices',
  TRANSFERS: 'transfers',
  LEDGER: 'ledger',
  TRADES: 'trades',
  PORTFOLIO: 'portfolio',
} as const satisfies Record<'ALL' | Uppercase<SyncedDataType>, 'all' | SyncedDataType>);

export type DataType = (typeof DataType)[keyof typeof DataType];

export function isDataType(value: unknown): value is DataType {
  return Object.values(DataType).some((known) => known === value);
}

/** The kinds of data that are histories: read by time ranges, which are known as covered. */
export const HISTORY_DATA_TYPES = ['transfers', 'ledger', 'trades'] as const;
export type HistoryDataType = (typeof HISTORY_DATA_TYPES)[number];
