-- What things were worth when they were traded, and what everything that is held has cost.

CREATE TABLE price_history (
  exchange_id TEXT NOT NULL,
  base        TEXT NOT NULL,
  quote       TEXT NOT NULL,
  time        TIMESTAMPTZ NOT NULL,
  price       exact_amount CHECK (price > 0),
  source      TEXT NOT NULL CHECK (source IN ('hour-open')),
  PRIMARY KEY (exchange_id, base, quote, time)
);
CREATE INDEX price_history_time ON price_history (exchange_id, time);
COMMENT ON TABLE price_history IS 'Past prices of spot markets, where the cost of a trade can not be known without; read once for ever.';
COMMENT ON COLUMN price_history.base IS 'The currency that is priced.';
COMMENT ON COLUMN price_history.quote IS 'The currency that it is priced in.';
COMMENT ON COLUMN price_history.time IS 'A full hour: the price counts for what happened in it.';
COMMENT ON COLUMN price_history.price IS 'Of one unit of base, in quote. NULL: the exchange has none of that hour.';
COMMENT ON COLUMN price_history.source IS 'hour-open: the first trade''s price in that hour.';

CREATE TABLE history_changes (
  exchange_id TEXT NOT NULL,
  account     TEXT NOT NULL,
  number      BIGINT NOT NULL,
  earliest_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (exchange_id, account, number)
);
COMMENT ON TABLE history_changes IS 'From when on rows of fills, transfers, ledgers and past prices changed, write by write: what was worked out from older rows only stays true. Removed when nothing needs it any more.';
COMMENT ON COLUMN history_changes.account IS '''*'' for what belongs to the exchange as a whole: prices.';
COMMENT ON COLUMN history_changes.number IS 'Counts the writes of the account; they never overtake each other.';
COMMENT ON COLUMN history_changes.earliest_at IS 'Of the rows that were written, the earliest time.';

CREATE TABLE cost_basis_checkpoints (
  method         TEXT NOT NULL CHECK (method IN ('average', 'fifo')),
  quote_currency TEXT NOT NULL,
  at             TIMESTAMPTZ NOT NULL,
  version        INTEGER NOT NULL,
  events         BIGINT NOT NULL CHECK (events >= 0),
  changes        JSONB NOT NULL,
  state          JSONB NOT NULL,
  recorded_at    TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (method, quote_currency, at)
);
COMMENT ON TABLE cost_basis_checkpoints IS 'What everything that is held had cost at some moments, so that a sync works out the rest only. They can be deleted at any time.';
COMMENT ON COLUMN cost_basis_checkpoints.method IS 'Which units were taken to leave first: average or fifo.';
COMMENT ON COLUMN cost_basis_checkpoints.quote_currency IS 'In which it cost that.';
COMMENT ON COLUMN cost_basis_checkpoints.at IS 'Every row before this moment is in it.';
COMMENT ON COLUMN cost_basis_checkpoints.version IS 'Of the rules; what other rules worked out is not used.';
COMMENT ON COLUMN cost_basis_checkpoints.events IS 'How many rows are in it.';
COMMENT ON COLUMN cost_basis_checkpoints.state IS 'JSON: lots of each account and asset, what is on its way between accounts, and what was lacking.';
COMMENT ON COLUMN cost_basis_checkpoints.recorded_at IS 'When it was written, by the database.';
COMMENT ON COLUMN cost_basis_checkpoints.changes IS 'By account (bybit/main), the number of the last of history_changes that it knows.';

CREATE OR REPLACE VIEW portfolio_value_by_account AS
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
  ) THEN CASE WHEN pnl.exchange_id IS NULL THEN 0 ELSE pnl.unrealized_pnl END END AS unrealized_pnl,
  -- An asset of known cost without a price makes the sum unknown; one without a known cost has no part in it.
  CASE WHEN bool_and(i.basis_known_quantity = 0 OR i.current_price IS NOT NULL)
    THEN sum(CASE WHEN i.basis_known_quantity = 0 THEN 0
      ELSE i.basis_known_quantity * (i.current_price - i.avg_entry_price) END)
  END AS holdings_unrealized_pnl,
  sum(i.realized_pnl) AS realized_pnl
FROM portfolio_items i
LEFT JOIN sync_accounts a USING (exchange_id, account)
LEFT JOIN pnl USING (exchange_id, account, quote_currency)
WHERE a.retired_at IS NULL
GROUP BY i.exchange_id, i.account, i.quote_currency, pnl.exchange_id, pnl.unrealized_pnl;
CREATE OR REPLACE VIEW portfolio_value AS
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
  CASE WHEN count(*) = count(unrealized_pnl) THEN sum(unrealized_pnl) END AS unrealized_pnl,
  CASE WHEN count(*) = count(holdings_unrealized_pnl) THEN sum(holdings_unrealized_pnl) END
    AS holdings_unrealized_pnl,
  CASE WHEN count(*) = count(realized_pnl) THEN sum(realized_pnl) END AS realized_pnl
FROM portfolio_value_by_account
GROUP BY quote_currency;
COMMENT ON COLUMN portfolio_value_by_account.holdings_unrealized_pnl IS 'Of what is held and of known cost: value less cost. NULL: not worked out, or one of them has no price.';
COMMENT ON COLUMN portfolio_value_by_account.realized_pnl IS 'Of what was sold, earned and paid. NULL: not worked out.';
COMMENT ON COLUMN portfolio_value.holdings_unrealized_pnl IS 'Of what is held and of known cost: value less cost. NULL: not worked out for all, or one of them has no price.';
COMMENT ON COLUMN portfolio_value.realized_pnl IS 'Of what was sold, earned and paid. NULL: not worked out for all accounts.';

COMMENT ON COLUMN portfolio_items.realized_pnl IS 'Of what was sold, and what was earned and paid otherwise, e.g. profit of derivatives, funding, fees. NULL: not worked out.';
