import type { AccountRef } from '../domain/account.js';
import type { OrderRecord } from '../domain/records.js';
import type { ScopeId } from '../domain/scope-read.js';
import type { Queryable } from '../storage/database.js';
import type { MirrorTable } from './mirror-table.js';

export type OrderKey = Pick<OrderRecord, 'symbol' | 'orderId'>;

export interface OrderTable extends MirrorTable<OrderKey, OrderRecord> {
  /** Every symbol that an order of this scope is stored for. */
  symbols(queryable: Queryable, account: AccountRef, scope: ScopeId): Promise<readonly string[]>;
}
