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

-- What moved a balance this month, each event once?
SELECT timestamp, exchange_id, account, kind, asset, amount, symbol
FROM account_flows
WHERE asset = 'USDT' AND timestamp >= date_trunc('month', now())
ORDER BY timestamp DESC;

-- What did trading cost in fees, per month?
SELECT date_trunc('month', timestamp) AS month, asset, -sum(amount) AS paid
FROM account_flows
WHERE kind = 'fee'
GROUP BY month, asset
ORDER BY month DESC, paid DESC;

-- Which stretches of history are lost for good, and why?
SELECT exchange_id, account, data_type, scope, from_at, to_at, reason
FROM sync_coverage
WHERE state = 'lost'
ORDER BY exchange_id, account, data_type, scope, from_at;

-- Does what flowed explain what is there? The latest answer of each asset.
SELECT DISTINCT ON (exchange_id, account, asset)
  exchange_id, account, asset, state, reason, expected, reported, unexplained_quantity, observed_at
FROM balance_proofs
ORDER BY exchange_id, account, asset, checked_at DESC;

-- What was everything worth, day by day? Each account's last snapshot of the day.
SELECT day, quote_currency, sum(value) AS value, count(*) FILTER (WHERE value IS NULL AND quantity <> 0) AS unpriced
FROM (
  SELECT *, taken_at::date AS day,
    rank() OVER (PARTITION BY exchange_id, account, quote_currency, taken_at::date ORDER BY taken_at DESC) AS latest
  FROM portfolio_snapshots
) AS snapshots
WHERE latest = 1
GROUP BY day, quote_currency
ORDER BY day;
