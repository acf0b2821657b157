-- Amounts are NUMERIC as the exchange wrote them, times are TIMESTAMPTZ. NULL means that the exchange did
-- not say; it never means 0. Hot tables keep free space in each page (fillfactor), so that an update finds
-- room beside the row it replaces and touches no index.

CREATE DOMAIN exact_amount AS NUMERIC
  CHECK (VALUE > '-Infinity' AND VALUE < 'Infinity');
COMMENT ON DOMAIN exact_amount IS 'An exact decimal; neither NaN nor infinite.';

CREATE TABLE sync_accounts (
  exchange_id   TEXT NOT NULL CHECK (exchange_id <> ''),
  account       TEXT NOT NULL CHECK (account <> ''),
  configured_at TIMESTAMPTZ NOT NULL,
  retired_at    TIMESTAMPTZ,
  PRIMARY KEY (exchange_id, account)
);
COMMENT ON TABLE sync_accounts IS 'Every account that was ever configured.';
COMMENT ON COLUMN sync_accounts.exchange_id IS 'ccxt''s exchange id, lower case.';
COMMENT ON COLUMN sync_accounts.configured_at IS 'When the account was first configured, or configured again after it was retired.';
COMMENT ON COLUMN sync_accounts.retired_at IS 'When the account was taken out of the configuration: its rows are kept and count in no sum. NULL: configured.';

CREATE TABLE sync_scopes (
  exchange_id      TEXT NOT NULL,
  account          TEXT NOT NULL,
  data_type        TEXT NOT NULL,
  scope            TEXT NOT NULL,
  last_complete_at TIMESTAMPTZ,
  last_attempt_at  TIMESTAMPTZ,
  error_code       TEXT,
  PRIMARY KEY (exchange_id, account, data_type, scope)
) WITH (fillfactor = 50);
COMMENT ON TABLE sync_scopes IS 'What one complete read covers, and when it was last read. A mirrored row is as old as its scope''s last_complete_at; unchanged rows are not rewritten.';
COMMENT ON COLUMN sync_scopes.account IS '''*'' for what belongs to the exchange as a whole: prices.';
COMMENT ON COLUMN sync_scopes.last_complete_at IS 'When the last complete and valid read began, by the synchronizer''s clock. NULL: never read completely.';
COMMENT ON COLUMN sync_scopes.last_attempt_at IS 'When the last read was attempted, by the synchronizer''s clock.';
COMMENT ON COLUMN sync_scopes.error_code IS 'What the last attempt failed with. NULL: it did not.';

CREATE TABLE sync_status (
  exchange_id       TEXT NOT NULL,
  account           TEXT NOT NULL,
  data_type         TEXT NOT NULL,
  status            TEXT CHECK (status IN ('ok', 'partial', 'failed', 'skipped')),
  last_sync         TIMESTAMPTZ,
  last_success      TIMESTAMPTZ,
  next_sync         TIMESTAMPTZ,
  sync_interval     INTERVAL CHECK (sync_interval > INTERVAL '0'),
  error_code        TEXT,
  error_message     TEXT,
  PRIMARY KEY (exchange_id, account, data_type)
) WITH (fillfactor = 50);
COMMENT ON TABLE sync_status IS 'How the last sync of each data type of each account ended and when the next one is due.';
COMMENT ON COLUMN sync_status.status IS 'Of the last finished sync. ok: every scope read completely and every row valid; partial: something was not; failed: nothing was; skipped: not attempted. NULL: none has finished yet.';
COMMENT ON COLUMN sync_status.last_sync IS 'When the last sync that was attempted ended.';
COMMENT ON COLUMN sync_status.last_success IS 'When the last sync with status ok ended.';
COMMENT ON COLUMN sync_status.next_sync IS 'When the schedule is due, by the database''s clock. NULL: not scheduled.';
COMMENT ON COLUMN sync_status.sync_interval IS 'The schedule''s interval. A scope that was not read for twice as long is stale. NULL: not scheduled; 30 minutes are assumed.';
COMMENT ON COLUMN sync_status.error_code IS 'Of the last sync''s first error. NULL: there was none.';
COMMENT ON COLUMN sync_status.error_message IS 'All errors of the last sync, each with its scope, joined by "; ". NULL: there was none.';

CREATE TABLE sync_leases (
  exchange_id    TEXT NOT NULL,
  account        TEXT NOT NULL,
  owner          TEXT,
  data_type      TEXT,
  token          BIGINT NOT NULL,
  expires_at     TIMESTAMPTZ,
  refused_writes BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (exchange_id, account),
  CHECK ((owner IS NULL) = (expires_at IS NULL) AND (owner IS NULL) = (data_type IS NULL))
) WITH (fillfactor = 50);
COMMENT ON TABLE sync_leases IS 'Which process syncs an account at this moment, by the database''s clock: no other one does, and none writes without.';
COMMENT ON COLUMN sync_leases.account IS '''*'' for what belongs to the exchange as a whole: prices.';
COMMENT ON COLUMN sync_leases.owner IS 'The process, as people call it, and a number of its own. NULL: nobody.';
COMMENT ON COLUMN sync_leases.data_type IS 'What is being synced. NULL: nothing.';
COMMENT ON COLUMN sync_leases.token IS 'Grows with each lease: who comes with an older one writes nothing.';
COMMENT ON COLUMN sync_leases.expires_at IS 'When another process may take the lease, unless it was renewed. NULL: at once.';
COMMENT ON COLUMN sync_leases.refused_writes IS 'Syncs that wrote nothing, because they had lost their lease by then, e.g. while their process was stopped.';

CREATE TABLE sync_holds (
  kind        TEXT NOT NULL CHECK (kind IN ('circuit', 'limit', 'suspension')),
  subject     TEXT NOT NULL,
  since       TIMESTAMPTZ NOT NULL,
  until       TIMESTAMPTZ NOT NULL,
  reason      TEXT NOT NULL,
  code        TEXT,
  openings    INTEGER CHECK (openings > 0),
  fingerprint TEXT,
  PRIMARY KEY (kind, subject),
  CHECK ((kind = 'circuit') = (openings IS NOT NULL)),
  CHECK ((kind = 'limit') = (code IS NOT NULL)),
  CHECK ((kind = 'suspension') = (fingerprint IS NOT NULL))
);
COMMENT ON TABLE sync_holds IS 'What is left alone for a while, so that a restart does not hammer an exchange that failed, banned or refused.';
COMMENT ON COLUMN sync_holds.kind IS 'circuit: an exchange that failed repeatedly; limit: an exchange that asked for no requests, or has banned this address or this key; suspension: an account, or one scope of it, whose key was refused.';
COMMENT ON COLUMN sync_holds.subject IS 'bybit; bybit with a hash of the key; bybit/main; or the account with the scope that is not read.';
COMMENT ON COLUMN sync_holds.until IS 'When it is tried again at the latest.';
COMMENT ON COLUMN sync_holds.code IS 'Of limits: RATE_LIMITED or BANNED.';
COMMENT ON COLUMN sync_holds.openings IS 'Of circuits: openings in a row, each of which waits longer.';
COMMENT ON COLUMN sync_holds.fingerprint IS 'Of suspensions: a hash of the credentials that were refused; other credentials end it.';

CREATE TABLE sync_history (
  id              SERIAL PRIMARY KEY,
  exchange_id     TEXT NOT NULL,
  account         TEXT NOT NULL,
  sync_type       TEXT NOT NULL,
  run_id          TEXT NOT NULL,
  status          TEXT NOT NULL CHECK (status IN ('ok', 'partial', 'failed', 'skipped')),
  items_processed INTEGER NOT NULL CHECK (items_processed >= 0),
  items_synced    INTEGER NOT NULL CHECK (items_synced >= 0),
  requests        INTEGER CHECK (requests >= 0),
  success         BOOLEAN NOT NULL,
  start_time      TIMESTAMPTZ NOT NULL,
  end_time        TIMESTAMPTZ NOT NULL CHECK (end_time >= start_time),
  error_code      TEXT,
  error_message   TEXT,
  created_at      TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE INDEX sync_history_account_start_time ON sync_history (exchange_id, account, start_time DESC);
CREATE INDEX sync_history_start_time ON sync_history (start_time DESC);
COMMENT ON TABLE sync_history IS 'One row per sync of one data type of one account; old rows are pruned.';
COMMENT ON COLUMN sync_history.sync_type IS 'The data type: balances, positions, orders, prices, portfolio.';
COMMENT ON COLUMN sync_history.run_id IS 'Shared by the syncs of one run and found on each of its log lines.';
COMMENT ON COLUMN sync_history.items_processed IS 'Rows in the exchange''s answers.';
COMMENT ON COLUMN sync_history.items_synced IS 'Rows that the database then held as the exchange told them, changed or not.';
COMMENT ON COLUMN sync_history.requests IS 'HTTP requests sent, retries included. NULL: they were not counted, by the program before this one.';
COMMENT ON COLUMN sync_history.success IS 'status = ok.';
COMMENT ON COLUMN sync_history.error_code IS 'Of the first error. NULL: there was none.';
COMMENT ON COLUMN sync_history.error_message IS 'All errors, each with its scope, joined by "; ". NULL: there was none.';

CREATE TABLE exchange_balances (
  exchange_id TEXT NOT NULL,
  account     TEXT NOT NULL,
  wallet      TEXT NOT NULL,
  currency    TEXT NOT NULL,
  scope       TEXT NOT NULL,
  available   exact_amount,
  locked      exact_amount,
  total       exact_amount NOT NULL,
  created_at  TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at  TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (exchange_id, account, wallet, currency)
) WITH (fillfactor = 60);
COMMENT ON TABLE exchange_balances IS 'What each wallet holds. A currency that a complete read no longer has becomes 0; its row stays.';
COMMENT ON COLUMN exchange_balances.wallet IS 'The exchange''s own name, e.g. UNIFIED, FUND, spot.';
COMMENT ON COLUMN exchange_balances.total IS 'In units of the currency; negative for debt.';
COMMENT ON COLUMN exchange_balances.available IS 'In units of the currency. NULL: the exchange does not say.';
COMMENT ON COLUMN exchange_balances.locked IS 'In units of the currency, e.g. in open orders. NULL: the exchange does not say.';
COMMENT ON COLUMN exchange_balances.updated_at IS 'When the row last changed; how fresh it is says sync_freshness.';

CREATE TABLE exchange_positions (
  exchange_id       TEXT NOT NULL,
  account           TEXT NOT NULL,
  symbol            TEXT NOT NULL,
  side              TEXT NOT NULL CHECK (side IN ('long', 'short')),
  margin_mode       TEXT NOT NULL CHECK (margin_mode IN ('cross', 'isolated', 'unknown')),
  scope             TEXT NOT NULL,
  quantity          exact_amount,
  contracts         exact_amount NOT NULL,
  entry_price       exact_amount,
  mark_price        exact_amount,
  unrealized_pnl    exact_amount,
  leverage          exact_amount,
  liquidation_price exact_amount,
  settle_currency   TEXT,
  timestamp         TIMESTAMPTZ,
  closed_at         TIMESTAMPTZ,
  created_at        TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at        TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (exchange_id, account, symbol, side, margin_mode)
) WITH (fillfactor = 50);
COMMENT ON TABLE exchange_positions IS 'Derivative positions. One that a complete read no longer has gets quantity and contracts 0 and closed_at; its other columns stay as last seen.';
COMMENT ON COLUMN exchange_positions.symbol IS 'ccxt''s unified symbol, e.g. BTC/USDT:USDT.';
COMMENT ON COLUMN exchange_positions.quantity IS 'In the base currency, without sign; side says the direction. NULL: the exchange does not say.';
COMMENT ON COLUMN exchange_positions.contracts IS 'As the exchange counts them, without sign.';
COMMENT ON COLUMN exchange_positions.entry_price IS 'Average, as the exchange gives it. NULL: it does not say.';
COMMENT ON COLUMN exchange_positions.mark_price IS 'By which the exchange values the position. NULL: it does not say.';
COMMENT ON COLUMN exchange_positions.unrealized_pnl IS 'In the settle currency. NULL: the exchange does not say.';
COMMENT ON COLUMN exchange_positions.leverage IS 'Of which 10 means ten times. NULL: the exchange does not say.';
COMMENT ON COLUMN exchange_positions.liquidation_price IS 'NULL: the position cannot be liquidated by price, or the exchange does not say.';
COMMENT ON COLUMN exchange_positions.settle_currency IS 'In which profit and loss are paid. NULL: the exchange does not say.';
COMMENT ON COLUMN exchange_positions.timestamp IS 'When the exchange last changed the position, by its clock. NULL: it does not say.';
COMMENT ON COLUMN exchange_positions.closed_at IS 'When the first complete read without the position began. NULL: open.';

CREATE TABLE exchange_orders (
  exchange_id   TEXT NOT NULL,
  account       TEXT NOT NULL,
  symbol        TEXT NOT NULL,
  order_id      TEXT NOT NULL,
  scope         TEXT NOT NULL,
  order_type    TEXT,
  side          TEXT CHECK (side IN ('buy', 'sell')),
  price         exact_amount,
  trigger_price exact_amount,
  average       exact_amount,
  amount        exact_amount,
  filled        exact_amount,
  remaining     exact_amount,
  status        TEXT NOT NULL
                CHECK (status IN ('open', 'closed', 'canceled', 'expired', 'rejected', 'unknown')),
  raw_status    TEXT,
  timestamp     TIMESTAMPTZ,
  created_at    TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at    TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (exchange_id, account, symbol, order_id)
) WITH (fillfactor = 70);
CREATE INDEX exchange_orders_open ON exchange_orders (exchange_id, account, scope) WHERE status = 'open';
CREATE INDEX exchange_orders_timestamp ON exchange_orders (exchange_id, account, timestamp DESC);
COMMENT ON TABLE exchange_orders IS 'Orders, open and ended; never deleted.';
COMMENT ON COLUMN exchange_orders.order_type IS 'limit, market or whatever else the exchange calls it. NULL: it does not say.';
COMMENT ON COLUMN exchange_orders.side IS 'NULL: the exchange does not say.';
COMMENT ON COLUMN exchange_orders.price IS 'The limit. NULL: none, or the exchange does not say.';
COMMENT ON COLUMN exchange_orders.trigger_price IS 'Of conditional orders: the price that activates them. NULL: the order is not conditional.';
COMMENT ON COLUMN exchange_orders.average IS 'Average price of what was filled. NULL: nothing was, or the exchange does not say.';
COMMENT ON COLUMN exchange_orders.amount IS 'In the base currency. NULL: the exchange does not say.';
COMMENT ON COLUMN exchange_orders.filled IS 'In the base currency. NULL: the exchange does not say.';
COMMENT ON COLUMN exchange_orders.remaining IS 'In the base currency; of ended orders what was not filled. NULL: the exchange does not say.';
COMMENT ON COLUMN exchange_orders.status IS 'unknown: it vanished from the open orders and no record of its end could be read.';
COMMENT ON COLUMN exchange_orders.raw_status IS 'The exchange''s own word. NULL: it has none.';
COMMENT ON COLUMN exchange_orders.timestamp IS 'When the order was created, by the exchange''s clock. NULL: it does not say.';

CREATE TABLE exchange_prices (
  exchange_id    TEXT NOT NULL,
  base           TEXT NOT NULL,
  quote          TEXT NOT NULL,
  scope          TEXT NOT NULL,
  price          exact_amount NOT NULL,
  source         TEXT NOT NULL CHECK (source IN ('last', 'mid')),
  timestamp      TIMESTAMPTZ,
  observed_until TIMESTAMPTZ,
  created_at     TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at     TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (exchange_id, base, quote)
) WITH (fillfactor = 50);
CREATE INDEX exchange_prices_scope ON exchange_prices (exchange_id, scope);
COMMENT ON TABLE exchange_prices IS 'The last price of each spot market that a complete read had.';
COMMENT ON COLUMN exchange_prices.price IS 'Of one unit of base, in quote.';
COMMENT ON COLUMN exchange_prices.source IS 'last: the last trade; mid: between best bid and ask, where there was no trade.';
COMMENT ON COLUMN exchange_prices.timestamp IS 'Of the price, by the exchange''s clock. NULL: it does not say.';
COMMENT ON COLUMN exchange_prices.observed_until IS 'The last complete read that still had the price, once a later one has none. NULL: current as of its scope''s last_complete_at.';

CREATE TABLE portfolio_items (
  id                     SERIAL PRIMARY KEY,
  exchange_id            TEXT NOT NULL,
  account                TEXT NOT NULL,
  asset                  TEXT NOT NULL,
  quantity               exact_amount NOT NULL,
  quote_currency         TEXT NOT NULL,
  current_price          exact_amount,
  price_source           TEXT,
  priced_at              TIMESTAMPTZ,
  value                  exact_amount,
  avg_entry_price        exact_amount,
  basis_known_quantity   exact_amount,
  basis_unknown_quantity exact_amount,
  basis_note             TEXT,
  realized_pnl           exact_amount,
  observed_from          TIMESTAMPTZ NOT NULL,
  observed_to            TIMESTAMPTZ NOT NULL CHECK (observed_to >= observed_from),
  created_at             TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at             TIMESTAMPTZ NOT NULL DEFAULT now(),
  CONSTRAINT portfolio_items_exchange_id_account_asset_key UNIQUE (exchange_id, account, asset)
) WITH (fillfactor = 50);
COMMENT ON TABLE portfolio_items IS 'What each account holds of each asset over all its wallets, and what that is worth. An asset that is gone has quantity 0; its row stays.';
COMMENT ON COLUMN portfolio_items.quantity IS 'In units of the asset; negative for debt.';
COMMENT ON COLUMN portfolio_items.quote_currency IS 'Of current_price, value, avg_entry_price and realized_pnl.';
COMMENT ON COLUMN portfolio_items.current_price IS 'Of one unit, through the markets of that exchange. NULL: there is no path to a price. A price once known stays, with its age in priced_at, until there is a newer one.';
COMMENT ON COLUMN portfolio_items.price_source IS 'How the price was found, e.g. BTC/USDT last.';
COMMENT ON COLUMN portfolio_items.priced_at IS 'When current_price was last observed or quoted.';
COMMENT ON COLUMN portfolio_items.value IS 'quantity x current_price. NULL: unpriced.';
COMMENT ON COLUMN portfolio_items.avg_entry_price IS 'Of basis_known_quantity, fees included. NULL: basis_note says why.';
COMMENT ON COLUMN portfolio_items.basis_known_quantity IS 'The part of quantity whose cost is known. NULL: not worked out.';
COMMENT ON COLUMN portfolio_items.basis_unknown_quantity IS 'The part of quantity whose cost is not known, e.g. because it was deposited. NULL: not worked out.';
COMMENT ON COLUMN portfolio_items.basis_note IS 'Why there is no average entry price, or what it covers. NULL: nothing to add.';
COMMENT ON COLUMN portfolio_items.realized_pnl IS 'Of what was sold. NULL: not worked out.';
COMMENT ON COLUMN portfolio_items.observed_from IS 'The oldest complete read of the wallets that quantity is summed over.';
COMMENT ON COLUMN portfolio_items.observed_to IS 'The newest complete read of the wallets that quantity is summed over.';
