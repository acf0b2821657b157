import { SYNCED_DATA_TYPES, type SyncedDataType } from '#src/domain/data-type.js';

/** The same interval for every data type. */
export function everyInterval(intervalMs: number): Record<SyncedDataType, number> {
  return Object.fromEntries(SYNCED_DATA_TYPES.map((dataType) => [dataType, intervalMs])) as Record<
    SyncedDataType,
    number
  >;
}
