-- Both views are for readers; neither hides what is missing, old or unpriced.

CREATE VIEW sync_freshness AS
SELECT
  s.exchange_id,
  s.account,
  s.data_type,
  s.scope,
  s.last_complete_at,
  s.last_attempt_at,
  s.error_code,
  now() - s.last_complete_at AS age,
  coalesce(t.sync_interval, INTERVAL '30 minutes') AS sync_interval,
  s.last_complete_at IS NULL
    OR s.last_complete_at < now() - 2 * coalesce(t.sync_interval, INTERVAL '30 minutes') AS stale,
  a.retired_at
FROM sync_scopes s
LEFT JOIN sync_status t USING (exchange_id, account, data_type)
LEFT JOIN sync_accounts a USING (exchange_id, account);
COMMENT ON VIEW sync_freshness IS 'How old each scope of each account is. Every mirrored row is as old as its scope.';
COMMENT ON COLUMN sync_freshness.age IS 'Since the last complete read. NULL: there was none.';
COMMENT ON COLUMN sync_freshness.stale IS 'Never read completely, or not for twice its interval.';

CREATE VIEW portfolio_value_by_account AS
WITH stale_accounts AS (
  SELECT DISTINCT i.exchange_id, i.account
  FROM (SELECT DISTINCT exchange_id, account FROM portfolio_items) i
  JOIN sync_freshness f
    ON f.exchange_id = i.exchange_id
    AND (f.account = i.account OR f.account = '*')
    AND f.data_type IN ('balances', 'positions', 'prices', 'portfolio')
  WHERE f.stale
),
pnl AS (
  -- A position whose profit or whose settle currency's price is unknown makes the sum unknown.
  SELECT
    p.exchange_id,
    p.account,
    q.quote_currency,
    CASE WHEN count(*) = count(p.unrealized_pnl * settle.price)
      THEN sum(p.unrealized_pnl * settle.price)
    END AS unrealized_pnl
  FROM exchange_positions p
  JOIN (SELECT DISTINCT exchange_id, account, quote_currency FROM portfolio_items) q
    USING (exchange_id, account)
  LEFT JOIN LATERAL (
    SELECT price FROM (
      SELECT 1::numeric AS price, 1 AS preference
      WHERE p.settle_currency = q.quote_currency
      UNION ALL
      SELECT i.current_price, 2
      FROM portfolio_items i
      WHERE i.exchange_id = p.exchange_id AND i.account = p.account
        AND i.asset = p.settle_currency AND i.quote_currency = q.quote_currency
        AND i.current_price IS NOT NULL
      UNION ALL
      SELECT e.price, 3
      FROM exchange_prices e
      WHERE e.exchange_id = p.exchange_id AND e.base = p.settle_currency
        AND e.quote = q.quote_currency AND e.observed_until IS NULL
    ) candidates
    ORDER BY preference
    LIMIT 1
  ) settle ON true
  WHERE p.closed_at IS NULL
  GROUP BY p.exchange_id, p.account, q.quote_currency
),
positions_known AS (
  SELECT t.exchange_id, t.account
  FROM sync_status t
  WHERE t.data_type = 'positions' AND t.last_success IS NOT NULL
    AND NOT EXISTS (
      SELECT FROM sync_scopes s
      WHERE s.exchange_id = t.exchange_id AND s.account = t.account
        AND s.data_type = 'positions' AND s.last_complete_at IS NULL
    )
)
SELECT
  i.exchange_id,
  i.account,
  i.quote_currency,
  coalesce(sum(i.value), 0) AS value,
  count(*) FILTER (WHERE i.quantity <> 0 AND i.value IS NOT NULL) AS priced_assets,
  count(*) FILTER (WHERE i.quantity <> 0 AND i.value IS NULL) AS unpriced_assets,
  min(least(i.observed_from, i.priced_at)) FILTER (WHERE i.quantity <> 0) AS oldest_observation,
  EXISTS (
    SELECT FROM stale_accounts s WHERE s.exchange_id = i.exchange_id AND s.account = i.account
  ) AS stale,
  CASE WHEN EXISTS (
    SELECT FROM positions_known k WHERE k.exchange_id = i.exchange_id AND k.account = i.account
  ) THEN CASE WHEN pnl.exchange_id IS NULL THEN 0 ELSE pnl.unrealized_pnl END END AS unrealized_pnl
FROM portfolio_items i
LEFT JOIN sync_accounts a USING (exchange_id, account)
LEFT JOIN pnl USING (exchange_id, account, quote_currency)
WHERE a.retired_at IS NULL
GROUP BY i.exchange_id, i.account, i.quote_currency, pnl.exchange_id, pnl.unrealized_pnl;
COMMENT ON VIEW portfolio_value_by_account IS 'What each account is worth; accounts that are retired are left out.';

CREATE VIEW portfolio_value AS
SELECT
  quote_currency,
  sum(value) AS value,
  sum(priced_assets) AS priced_assets,
  sum(unpriced_assets) AS unpriced_assets,
  round(sum(priced_assets) / nullif(sum(priced_assets) + sum(unpriced_assets), 0), 4) AS priced_share,
  min(oldest_observation) AS oldest_observation,
  now() - min(oldest_observation) AS oldest_age,
  coalesce(array_agg(exchange_id || '/' || account ORDER BY exchange_id, account) FILTER (WHERE stale), '{}')
    AS stale_accounts,
  coalesce(sum(value) FILTER (WHERE stale), 0) AS stale_value,
  CASE WHEN count(*) = count(unrealized_pnl) THEN sum(unrealized_pnl) END AS unrealized_pnl
FROM portfolio_value_by_account
GROUP BY quote_currency;
COMMENT ON VIEW portfolio_value IS 'What all accounts are worth, per quote currency.';
COMMENT ON COLUMN portfolio_value.value IS 'Of the assets that have a price; unpriced_assets says how many have none.';
COMMENT ON COLUMN portfolio_value.priced_assets IS 'Assets with a quantity other than 0 and a price, counted per account.';
COMMENT ON COLUMN portfolio_value.priced_share IS 'priced_assets of all, 0 to 1. NULL: there is none.';
COMMENT ON COLUMN portfolio_value.oldest_age IS 'Of the oldest observation that the sum rests on.';
COMMENT ON COLUMN portfolio_value.stale_accounts IS 'Accounts with a scope that was never read completely, or not for twice its interval.';
COMMENT ON COLUMN portfolio_value.stale_value IS 'The part of value that belongs to the stale accounts.';
COMMENT ON COLUMN portfolio_value.unrealized_pnl IS 'Of open positions, apart from value. NULL: not all of it is known.';
