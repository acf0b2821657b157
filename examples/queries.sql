-- Questions to the mirror. Everything lives in the schema DB_SCHEMA, `public` by default.

-- What is it all worth, what is missing from that sum, and how old is the oldest part of it?
SELECT * FROM portfolio_value;

-- What do I hold of each asset, over all accounts?
SELECT asset, sum(quantity) AS quantity, sum(value) AS value, min(observed_from) AS as_of
FROM portfolio_items
WHERE quantity <> 0
GROUP BY asset
ORDER BY value DESC NULLS LAST;

-- Where does it lie?
SELECT exchange_id, account, wallet, currency, available, locked, total
FROM exchange_balances
WHERE total <> 0
ORDER BY exchange_id, account, wallet, currency;

-- Which positions are open?
SELECT exchange_id, account, symbol, side, contracts, entry_price, mark_price, unrealized_pnl, settle_currency
FROM exchange_positions
WHERE closed_at IS NULL;

-- How fresh is each thing, and what is wrong with it?
SELECT * FROM sync_freshness;

-- What failed last night?
SELECT start_time, exchange_id, account, sync_type, status, error_code, error_message
FROM sync_history
WHERE status <> 'ok' AND start_time > now() - INTERVAL '12 hours'
ORDER BY start_time DESC;
