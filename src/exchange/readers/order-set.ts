import type { OrderRecord } from '../../domain/records.js';
import { RowSet } from './row-set.js';

/** The orders of one read; an id is unique within its market. */
export function orderSet(): RowSet<OrderRecord> {
  return new RowSet<OrderRecord>({ key: ({ symbol, orderId }) => `${symbol} ${orderId}` });
}
