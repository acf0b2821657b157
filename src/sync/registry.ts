import type { SyncedDataType } from '../domain/data-type.js';
import type { DataSync } from './data-sync.js';

/** One strategy for each data type; a data type without one does not compile. */
export type DataSyncRegistry = Readonly<Record<SyncedDataType, DataSync>>;
