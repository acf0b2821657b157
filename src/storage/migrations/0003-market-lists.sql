-- What is expensive to ask and seldom changes, so that a restart need not ask again.

CREATE TABLE exchange_market_lists (
  exchange_id  TEXT NOT NULL CHECK (exchange_id <> ''),
  environment  TEXT NOT NULL CHECK (environment IN ('mainnet', 'testnet')),
  ccxt_version TEXT NOT NULL,
  fetched_at   TIMESTAMPTZ NOT NULL,
  body         BYTEA NOT NULL,
  PRIMARY KEY (exchange_id, environment)
);
COMMENT ON TABLE exchange_market_lists IS 'The markets of each exchange as ccxt parsed them; they can be deleted at any time.';
COMMENT ON COLUMN exchange_market_lists.ccxt_version IS 'Another version may parse them in another way and reads them anew.';
COMMENT ON COLUMN exchange_market_lists.fetched_at IS 'When they were asked of the exchange, by the synchronizer''s clock.';
COMMENT ON COLUMN exchange_market_lists.body IS 'JSON { markets, currencies }, compressed with gzip.';
