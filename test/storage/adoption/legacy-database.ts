import type { Queryable } from '#src/storage/database.js';

/*
 * Databases as the program before this one made them: its own DDL for the portfolio service, and for the
 * older synchronizer by itself (NUMERIC) or by Alembic (floats).
 */

export const PORTFOLIO_SERVICE = `
  CREATE TABLE portfolio_items (
    id SERIAL PRIMARY KEY, exchange_id VARCHAR(50) NOT NULL, asset VARCHAR(50) NOT NULL,
    quantity NUMERIC NOT NULL, current_price NUMERIC NULL, avg_entry_price NUMERIC NULL,
    created_at TIMESTAMP NOT NULL, updated_at TIMESTAMP NOT NULL, UNIQUE (exchange_id, asset));
  CREATE TABLE sync_history (
    id SERIAL PRIMARY KEY, exchange_id VARCHAR(50) NOT NULL, sync_type VARCHAR(50) NOT NULL,
    items_processed INTEGER NOT NULL, items_synced INTEGER NOT NULL, success BOOLEAN NOT NULL,
    start_time TIMESTAMP NOT NULL, end_time TIMESTAMP NOT NULL, error_message TEXT NULL,
    created_at TIMESTAMP NOT NULL);`;

function syncModule(amount: string, id: string): string {
  const times = 'created_at TIMESTAMPTZ DEFAULT now(), updated_at TIMESTAMPTZ DEFAULT now()';
  return `
    CREATE TABLE sync_status (${id}, exchange_id TEXT NOT NULL, data_type TEXT NOT NULL, status TEXT NOT NULL,
      last_sync TIMESTAMPTZ, next_sync TIMESTAMPTZ, error_message TEXT, ${times},
      UNIQUE (exchange_id, data_type));
    CREATE TABLE exchange_balances (${id}, exchange_id TEXT NOT NULL, currency TEXT NOT NULL,
      available ${amount}, locked ${amount}, total ${amount}, ${times}, UNIQUE (exchange_id, currency));
    CREATE TABLE exchange_positions (${id}, exchange_id TEXT NOT NULL, symbol TEXT NOT NULL,
      quantity ${amount}, entry_price ${amount}, current_price ${amount}, unrealized_pnl ${amount}, ${times},
      UNIQUE (exchange_id, symbol));
    CREATE TABLE exchange_orders (${id}, exchange_id TEXT NOT NULL, order_id TEXT NOT NULL,
      symbol TEXT NOT NULL, order_type TEXT, side TEXT, price ${amount}, amount ${amount}, filled ${amount},
      status TEXT, timestamp TIMESTAMPTZ, ${times}, UNIQUE (exchange_id, order_id));
    CREATE TABLE exchange_prices (${id}, exchange_id TEXT NOT NULL, base_currency TEXT NOT NULL,
      quote_currency TEXT NOT NULL, price ${amount}, timestamp TIMESTAMPTZ, ${times},
      UNIQUE (exchange_id, base_currency, quote_currency));`;
}

export const SYNC_MODULE_NUMERIC = syncModule('NUMERIC', 'id SERIAL PRIMARY KEY');
export const SYNC_MODULE_FLOAT = syncModule('DOUBLE PRECISION', 'id SERIAL, PRIMARY KEY (id)');

export const PORTFOLIO_ROWS = `
  INSERT INTO portfolio_items VALUES
    (1, 'bybit', 'BTC', 0.1000000000000000055511151231257827, 60000.5, 55000, '2025-03-10 08:00', '2025-07-01 12:00:00.123456'),
    (2, 'bybit', 'USDT', 250, NULL, NULL, '2025-03-10 08:00', '2025-07-01 12:00'),
    (3, 'Bybit', 'BTC', 0.2, 58000, NULL, '2025-03-10 08:00', '2025-06-01 12:00'),
    (4, 'Bybit', 'ETH', 3, 2500, NULL, '2025-03-10 08:00', '2025-06-01 12:00'),
    (5, ' bybit ', 'ETH', 4, 2600, NULL, '2025-03-10 08:00', '2025-06-02 12:00'),
    (6, 'bybit', 'LUNA', 'NaN', NULL, NULL, '2025-03-10 08:00', '2025-07-01 12:00'),
    (7, '', 'BTC', 1, NULL, NULL, '2025-03-10 08:00', '2025-07-01 12:00'),
    (8, 'kraken', 'XRP', -5, NULL, 'Infinity', '2025-03-10 08:00', '2025-07-01 12:00'),
    (9, 'kraken', 'ADA', -5, 0.5, NULL, '2025-03-10 08:00', 'infinity');
  SELECT setval('portfolio_items_id_seq', 9);
  INSERT INTO sync_history VALUES
    (11, 'bybit', 'portfolio', 3, 3, true, '2025-07-01 12:00', '2025-07-01 12:00:05', NULL, '2025-07-01 12:00:05'),
    (12, 'bybit', 'portfolio', 3, 3, true, '2025-07-01 12:00', '2025-07-01 12:00:05', NULL, '2025-07-01 12:00:05'),
    (13, 'Bybit', 'portfolio', 3, 2, false, '2025-12-01 12:00', '2025-12-01 12:00:05', 'Failed to save ETH', '2025-12-01 12:00:05'),
    (14, 'bybit', 'portfolio', 0, 0, false, '2025-12-01 12:00', '2025-12-01 12:00:05', NULL, '2025-12-01 12:00:05'),
    (15, 'bybit', 'portfolio', -1, 0, false, '2025-12-01 12:00', '2025-12-01 12:00:05', NULL, '2025-12-01 12:00:05'),
    (16, 'bybit', 'portfolio', 1, 1, true, '2025-10-26 02:59:58', '2025-10-26 02:00:03', NULL, '2025-10-26 02:00:03');
  SELECT setval('sync_history_id_seq', 16);`;

/** Each amount as that type prints it. */
export const SYNC_MODULE_ROWS = `
  INSERT INTO sync_status (exchange_id, data_type, status, last_sync, next_sync, error_message, updated_at) VALUES
    ('bybit', 'balances', 'completed', '2025-03-10 10:00Z', '2025-03-10 11:00Z', NULL, '2025-03-10 10:00Z'),
    ('Bybit', 'balances', 'failed', '2025-03-09 10:00Z', '2025-03-10 11:00Z', 'old', '2025-03-09 10:00Z'),
    ('bybit', 'prices', 'failed', '2025-03-10 10:00Z', '2025-03-10 10:20Z', 'timed out', '2025-03-10 10:00Z'),
    ('bybit', 'orders', 'in_progress', '2025-03-10 10:00Z', NULL, NULL, '2025-03-10 10:00Z'),
    ('bybit', 'all', 'completed', '2025-03-10 10:00Z', NULL, NULL, '2025-03-10 10:00Z');
  INSERT INTO exchange_balances (exchange_id, currency, available, locked, total, updated_at) VALUES
    ('bybit', 'BTC', 0.1, 0.2, 0.30000000000000004, '2025-03-10 10:00Z'),
    ('BYBIT', 'BTC', 1, 1, 2, '2025-03-09 10:00Z'),
    ('binance', 'SHIB', 1e-8, NULL, 123456789.123456789, '2025-03-10 10:00Z'),
    ('bybit', 'ETH', NULL, NULL, NULL, '2025-03-10 10:00Z'),
    ('kraken', 'XBT', 1, 0, 1, '2025-03-10 10:00Z');
  INSERT INTO exchange_positions (exchange_id, symbol, quantity, entry_price, current_price, unrealized_pnl) VALUES
    ('bybit', 'BTC', 0.1, 61234.5, 60000, -123.45), ('bybit', '', 0.1, NULL, NULL, NULL);
  INSERT INTO exchange_orders (exchange_id, order_id, symbol, order_type, side, price, amount, filled, status, timestamp) VALUES
    ('bybit', 'a', 'BTC/USDT', 'limit', 'BUY', 60000.1, 0.1, 0.1, 'filled', '2025-03-10 09:00Z'),
    ('bybit', 'b', 'BTC/USDT', 'limit', 'sell', 70000, 0.1, 0, 'open', '2025-03-10 09:00Z'),
    ('bybit', 'c', 'BTC/USDT', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    ('bybit', 'd', 'BTC/USDT', 'limit', 'short', 1, 1, 1, 'closed', NULL),
    ('bybit', 'e', 'BTC/USDT', 'limit', 'buy', 'NaN', 1, 1, 'closed', NULL);
  INSERT INTO exchange_prices (exchange_id, base_currency, quote_currency, price, timestamp, updated_at) VALUES
    ('bybit', 'BTC', 'USDT', 60000.1, '2025-03-10 09:59Z', '2025-03-10 10:00Z'),
    ('bybit', 'ETH', 'USDT', NULL, '2025-03-10 09:59Z', '2025-03-10 10:00Z');`;

/** Makes the schema as the older program would have, from statements that name no schema. */
export async function makeLegacyDatabase(database: Queryable, schema: string, sql: string): Promise<void> {
  await database.query(`
    CREATE SCHEMA IF NOT EXISTS "${schema}"; SET LOCAL search_path = "${schema}"; SET LOCAL "TimeZone" = 'UTC'; ${sql}`);
}
