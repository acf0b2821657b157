import type { AccountRef } from '../domain/account.js';
import type { SyncedDataType } from '../domain/data-type.js';
import { ExchangeSyncError } from '../domain/errors.js';

/** The exchange has no such data, or ccxt cannot read it there. */
export function notSupported({ exchange }: AccountRef, dataType: SyncedDataType): ExchangeSyncError {
  return new ExchangeSyncError('NOT_SUPPORTED', `${exchange} offers no ${dataType} through ccxt`, {
    details: { exchange, dataType },
  });
}
