import type { LegacyTable } from './legacy-table.js';

/** The scope of what no read of ours has had. */
const ADOPTED_SCOPE = `'adopted'`;

/**
 * The one wallet that was read of each exchange, by our name. The next complete read of that wallet replaces
 * or zeroes these rows; under any other name they would stay, and count twice.
 */
const WALLETS: Readonly<Record<string, string>> = { bybit: 'UNIFIED', binance: 'MAIN' };
const WALLET = `CASE exchange_id ${Object.entries(WALLETS)
  .map(([exchange, wallet]) => `WHEN '${exchange}' THEN '${wallet}'`)
  .join(' ')} END`;

const TIMES = {
  created_at: 'coalesce(created_at, updated_at, now())',
  updated_at: 'coalesce(updated_at, created_at, now())',
} as const;

/** The older synchronizer's tables: NUMERIC where it made them itself, floats where Alembic did. */
export const SYNC_MODULE_TABLES: readonly LegacyTable[] = [
  {
    name: 'sync_status',
    columns: {
      id: 'id',
      exchange_id: 'text',
      data_type: 'text',
      status: 'text',
      last_sync: 'time',
      next_sync: 'time',
      error_message: 'text',
      created_at: 'time',
      updated_at: 'time',
    },
    required: ['exchange_id', 'data_type'],
    refusals: [
      {
        when: `lower(data_type) NOT IN ('balances', 'positions', 'orders', 'prices')`,
        reason: 'data_type is not one that is synced here',
      },
    ],
    key: ['exchange_id', 'lower(data_type)'],
    age: 'coalesce(updated_at, last_sync, created_at)',
    becomes: {
      exchange_id: 'exchange_id',
      // Prices belong to the exchange as a whole here.
      account: `CASE lower(data_type) WHEN 'prices' THEN '*' ELSE 'main' END`,
      data_type: 'lower(data_type)',
      // `completed` was written although other wallets were never read. A last success would claim that they were.
      status: `CASE lower(status) WHEN 'completed' THEN 'partial' WHEN 'failed' THEN 'failed' END`,
      last_sync: 'last_sync',
      error_message: `coalesce(error_message,
        'Taken over from an older program, which called it ' || coalesce(status, 'nothing') || '.')`,
    },
  },
  {
    name: 'exchange_balances',
    columns: {
      id: 'id',
      exchange_id: 'text',
      currency: 'text',
      available: 'amount',
      locked: 'amount',
      total: 'amount',
      created_at: 'time',
      updated_at: 'time',
    },
    required: ['exchange_id', 'currency'],
    known: ['total'],
    refusals: [
      {
        when: `exchange_id NOT IN (${Object.keys(WALLETS)
          .map((exchange) => `'${exchange}'`)
          .join(', ')})`,
        reason: 'which wallet of this exchange it is of is not known',
      },
    ],
    key: ['exchange_id', 'currency'],
    age: 'coalesce(updated_at, created_at)',
    becomes: {
      exchange_id: 'exchange_id',
      account: `'main'`,
      wallet: WALLET,
      currency: 'currency',
      scope: `'wallet=' || ${WALLET}`,
      available: 'available',
      locked: 'locked',
      total: 'total',
      ...TIMES,
    },
  },
  {
    name: 'exchange_positions',
    columns: {
      id: 'id',
      exchange_id: 'text',
      symbol: 'text',
      quantity: 'amount',
      entry_price: 'amount',
      current_price: 'amount',
      unrealized_pnl: 'amount',
      created_at: 'time',
      updated_at: 'time',
    },
    required: ['exchange_id', 'symbol'],
    refusals: [
      {
        when: 'true',
        reason: 'not a position but a spot holding, and its entry price may have been made up',
      },
    ],
    key: ['exchange_id', 'symbol'],
    age: 'coalesce(updated_at, created_at)',
    becomes: {},
  },
  {
    name: 'exchange_orders',
    columns: {
      id: 'id',
      exchange_id: 'text',
      order_id: 'text',
      symbol: 'text',
      order_type: 'text',
      side: 'text',
      price: 'amount',
      amount: 'amount',
      filled: 'amount',
      status: 'text',
      timestamp: 'time',
      created_at: 'time',
      updated_at: 'time',
    },
    required: ['exchange_id', 'order_id', 'symbol'],
    refusals: [{ when: `lower(side) NOT IN ('buy', 'sell')`, reason: 'side is neither buy nor sell' }],
    key: ['exchange_id', 'symbol', 'order_id'],
    age: 'coalesce(updated_at, created_at)',
    becomes: {
      exchange_id: 'exchange_id',
      account: `'main'`,
      symbol: 'symbol',
      order_id: 'order_id',
      scope: ADOPTED_SCOPE,
      order_type: 'order_type',
      side: 'lower(side)',
      price: 'price',
      amount: 'amount',
      filled: 'filled',
      // One that was open then may have ended since: only a read of ours can call it open.
      status: `CASE lower(status)
        WHEN 'closed' THEN 'closed' WHEN 'filled' THEN 'closed'
        WHEN 'canceled' THEN 'canceled' WHEN 'cancelled' THEN 'canceled'
        WHEN 'expired' THEN 'expired' WHEN 'rejected' THEN 'rejected' ELSE 'unknown' END`,
      raw_status: 'status',
      timestamp: '"timestamp"',
      ...TIMES,
    },
  },
  {
    name: 'exchange_prices',
    columns: {
      id: 'id',
      exchange_id: 'text',
      base_currency: 'text',
      quote_currency: 'text',
      price: 'amount',
      timestamp: 'time',
      created_at: 'time',
      updated_at: 'time',
    },
    required: ['exchange_id', 'base_currency', 'quote_currency'],
    known: ['price'],
    refusals: [
      {
        when: 'coalesce(updated_at, "timestamp", created_at) IS NULL',
        reason: 'when it was read is not known',
      },
    ],
    key: ['exchange_id', 'base_currency', 'quote_currency'],
    age: 'coalesce(updated_at, "timestamp", created_at)',
    becomes: {
      exchange_id: 'exchange_id',
      base: 'base_currency',
      quote: 'quote_currency',
      scope: ADOPTED_SCOPE,
      price: 'price',
      source: `'last'`,
      // Its timestamp was the older program's clock. Not current: no read of ours has had it.
      observed_until: 'coalesce(updated_at, "timestamp", created_at)',
      ...TIMES,
    },
  },
];
