import type { LegacyTable } from './legacy-table.js';

/** What was bought 51 orders ago is not in the original's average, and what was sold lowers nothing. */
const BASIS_NOTE =
  'Taken over from an older program: the average of at most 50 buy orders; sells and fees are not in it.';
const NO_BASIS_NOTE = 'Taken over from an older program, which had no average entry price.';

/** The portfolio service's two tables. It wrote the local time of its machine, without a zone. */
export const PORTFOLIO_SERVICE_TABLES: readonly LegacyTable[] = [
  {
    name: 'portfolio_items',
    columns: {
      id: 'id',
      exchange_id: 'text',
      asset: 'text',
      quantity: 'amount',
      current_price: 'amount',
      avg_entry_price: 'amount',
      created_at: 'time',
      updated_at: 'time',
    },
    required: ['exchange_id', 'asset'],
    known: ['quantity', 'created_at', 'updated_at'],
    key: ['exchange_id', 'asset'],
    age: 'updated_at',
    becomes: {
      id: 'id',
      exchange_id: 'exchange_id',
      account: `'main'`,
      asset: 'asset',
      quantity: 'quantity',
      // It knew no other quote currency and took the last trade.
      quote_currency: `'USDT'`,
      current_price: 'current_price',
      price_source: `CASE WHEN current_price IS NOT NULL THEN asset || '/USDT last' END`,
      priced_at: 'CASE WHEN current_price IS NOT NULL THEN updated_at END',
      value: 'quantity * current_price',
      avg_entry_price: 'avg_entry_price',
      basis_note: `CASE WHEN avg_entry_price IS NULL THEN '${NO_BASIS_NOTE}' ELSE '${BASIS_NOTE}' END`,
      observed_from: 'updated_at',
      observed_to: 'updated_at',
      created_at: 'created_at',
      updated_at: 'updated_at',
    },
  },
  {
    name: 'sync_history',
    columns: {
      id: 'id',
      exchange_id: 'text',
      sync_type: 'text',
      items_processed: 'count',
      items_synced: 'count',
      success: 'flag',
      start_time: 'time',
      end_time: 'time',
      error_message: 'text',
      created_at: 'time',
    },
    required: ['exchange_id', 'sync_type'],
    known: ['items_processed', 'items_synced', 'success', 'start_time', 'end_time', 'created_at'],
    refusals: [
      { when: 'items_processed < 0', reason: 'items_processed is negative' },
      { when: 'items_synced < 0', reason: 'items_synced is negative' },
      { when: 'end_time < start_time', reason: 'end_time is before start_time' },
    ],
    key: ['id'],
    age: 'created_at',
    becomes: {
      id: 'id',
      exchange_id: 'exchange_id',
      account: `'main'`,
      sync_type: 'sync_type',
      run_id: `'legacy-' || id`,
      status: `CASE WHEN success THEN 'ok' WHEN items_synced > 0 THEN 'partial' ELSE 'failed' END`,
      items_processed: 'items_processed',
      items_synced: 'items_synced',
      // It counted none.
      requests: 'NULL',
      success: 'success',
      start_time: 'start_time',
      end_time: 'end_time',
      error_message: 'error_message',
      created_at: 'created_at',
    },
  },
];
