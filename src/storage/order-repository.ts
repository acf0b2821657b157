import type { AccountRef } from '../domain/account.js';
import type { OrderRecord } from '../domain/records.js';
import type { ScopeId } from '../domain/scope-read.js';
import type { Queryable } from './database.js';
import {
  MirrorRepository,
  type MirrorTable,
  OF_ACCOUNT,
  type RepositoryOptions,
} from './mirror-repository.js';

export type OrderKey = Pick<OrderRecord, 'symbol' | 'orderId'>;

export const ORDERS: MirrorTable<OrderRecord> = {
  name: 'exchange_orders',
  ...OF_ACCOUNT,
  key: [
    { name: 'symbol', type: 'text', field: 'symbol' },
    { name: 'order_id', type: 'text', field: 'orderId' },
  ],
  columns: [
    { name: 'order_type', type: 'text', field: 'orderType', keep: {} },
    { name: 'side', type: 'text', field: 'side', keep: {} },
    { name: 'price', type: 'numeric', field: 'price', keep: {} },
    { name: 'trigger_price', type: 'numeric', field: 'triggerPrice', keep: {} },
    { name: 'average', type: 'numeric', field: 'average', keep: { whileSame: ['filled'] } },
    { name: 'amount', type: 'numeric', field: 'amount', keep: {} },
    { name: 'filled', type: 'numeric', field: 'filled', keep: {} },
    { name: 'remaining', type: 'numeric', field: 'remaining', keep: { whileSame: ['filled', 'amount'] } },
    { name: 'status', type: 'text', field: 'status' },
    { name: 'raw_status', type: 'text', field: 'rawStatus', keep: { whileSame: ['status'] } },
    { name: 'timestamp', type: 'timestamptz', field: 'timestampMs', keep: {} },
  ],
  // An exchange never opens an ended order again: such a read is older than what is stored.
  storedWins: (incoming, stored) =>
    `${stored}.status NOT IN ('open', 'unknown') AND ${incoming}.status IN ('open', 'unknown')`,
  present: `stored.status = 'open'`,
  whenAbsent: { status: `'unknown'` },
};

/** `exchange_orders`. */
export class OrderRepository extends MirrorRepository<OrderRecord, OrderKey> {
  constructor(options: RepositoryOptions) {
    super(ORDERS, options);
  }

  /** Every symbol of which one of the scopes has an order, ended ones included. */
  async symbols(
    queryable: Queryable,
    account: AccountRef,
    scopes: readonly ScopeId[],
  ): Promise<readonly string[]> {
    if (scopes.length === 0) return [];
    const { rows } = await queryable.query<{ symbol: string }>(
      `SELECT DISTINCT symbol FROM ${this.target}
       WHERE exchange_id = $1 AND account = $2 AND scope = ANY ($3::text[]) ORDER BY symbol`,
      [account.exchange, account.account, scopes],
    );
    return rows.map(({ symbol }) => symbol);
  }
}
