-- Histories: rows that happened, the time ranges in which all of them are known, and whether they explain
-- what is there. Times of rows are the exchange's; ranges are half-open, [from_at, to_at).

CREATE TABLE exchange_trades (
  exchange_id     TEXT NOT NULL,
  account         TEXT NOT NULL,
  symbol          TEXT NOT NULL,
  trade_id        TEXT NOT NULL,
  side            TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
  scope           TEXT NOT NULL,
  order_id        TEXT,
  kind            TEXT NOT NULL CHECK (kind IN ('trade', 'adl', 'liquidation', 'settlement')),
  flow            TEXT NOT NULL CHECK (flow IN ('exchange', 'profit', 'none')),
  base            TEXT NOT NULL,
  quote           TEXT NOT NULL,
  settle_currency TEXT,
  price           exact_amount NOT NULL CHECK (price >= 0),
  amount          exact_amount NOT NULL CHECK (amount > 0),
  cost            exact_amount,
  realized_pnl    exact_amount,
  fee_cost        exact_amount,
  fee_currency    TEXT,
  role            TEXT CHECK (role IN ('maker', 'taker')),
  timestamp       TIMESTAMPTZ NOT NULL,
  created_at      TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (exchange_id, account, symbol, trade_id, side),
  CHECK ((fee_cost IS NULL) = (fee_currency IS NULL)),
  CHECK (flow <> 'exchange' OR cost IS NOT NULL),
  CHECK (flow <> 'profit' OR (realized_pnl IS NOT NULL AND settle_currency IS NOT NULL))
);
CREATE INDEX exchange_trades_timestamp ON exchange_trades (exchange_id, account, timestamp);
COMMENT ON TABLE exchange_trades IS 'Fills. What the exchange said of one never changes.';
COMMENT ON COLUMN exchange_trades.order_id IS 'NULL: the exchange does not say.';
COMMENT ON COLUMN exchange_trades.settle_currency IS 'In which profit and loss are paid. NULL: a spot market.';
COMMENT ON COLUMN exchange_trades.fee_currency IS 'NULL: the exchange names no fee.';
COMMENT ON COLUMN exchange_trades.trade_id IS 'The exchange''s own, unique within the symbol and side.';
COMMENT ON COLUMN exchange_trades.flow IS 'What the fill changes of the holdings. exchange: base against quote; profit: realized_pnl in the settle currency; none: the ledger has that event. The fee flows with the first two.';
COMMENT ON COLUMN exchange_trades.amount IS 'In the base currency, or in contracts where the exchange counts in them.';
COMMENT ON COLUMN exchange_trades.cost IS 'In the quote currency, without the fee. NULL: the exchange does not say.';
COMMENT ON COLUMN exchange_trades.realized_pnl IS 'In the settle currency, without the fee. NULL: there is none, or the ledger has it.';
COMMENT ON COLUMN exchange_trades.fee_cost IS 'What was paid, in fee_currency; negative for a rebate. NULL: the exchange does not say.';
COMMENT ON COLUMN exchange_trades.role IS 'NULL: the exchange does not say.';
COMMENT ON COLUMN exchange_trades.timestamp IS 'When it was filled, by the exchange''s clock.';

CREATE TABLE exchange_transfers (
  exchange_id    TEXT NOT NULL,
  account        TEXT NOT NULL,
  kind           TEXT NOT NULL CHECK (kind IN ('deposit', 'withdrawal', 'internal')),
  id             TEXT NOT NULL,
  scope          TEXT NOT NULL,
  currency       TEXT NOT NULL,
  amount         exact_amount NOT NULL CHECK (amount > 0),
  fee_cost       exact_amount,
  change         exact_amount NOT NULL,
  from_wallet    TEXT,
  to_wallet      TEXT,
  status         TEXT NOT NULL CHECK (status IN ('pending', 'ok', 'failed', 'canceled')),
  raw_status     TEXT,
  network        TEXT,
  address        TEXT,
  transaction_id TEXT,
  timestamp      TIMESTAMPTZ NOT NULL,
  created_at     TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at     TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (exchange_id, account, kind, id)
);
CREATE INDEX exchange_transfers_timestamp ON exchange_transfers (exchange_id, account, timestamp);
CREATE INDEX exchange_transfers_pending ON exchange_transfers (exchange_id, account, scope) WHERE status = 'pending';
COMMENT ON TABLE exchange_transfers IS 'Deposits, withdrawals, and moves between wallets and accounts of the same owner.';
COMMENT ON COLUMN exchange_transfers.from_wallet IS 'The exchange''s own name. NULL: it came from outside, or the exchange does not say.';
COMMENT ON COLUMN exchange_transfers.to_wallet IS 'The exchange''s own name. NULL: it went outside, or the exchange does not say.';
COMMENT ON COLUMN exchange_transfers.network IS 'The blockchain. NULL: none, or the exchange does not say.';
COMMENT ON COLUMN exchange_transfers.address IS 'Where it was sent. NULL: nowhere outside, or the exchange does not say.';
COMMENT ON COLUMN exchange_transfers.transaction_id IS 'Of the blockchain. NULL: none, or the exchange does not say.';
COMMENT ON COLUMN exchange_transfers.amount IS 'What arrives, without sign.';
COMMENT ON COLUMN exchange_transfers.fee_cost IS 'Paid beside the amount, in the same currency. NULL: none, or the exchange does not say.';
COMMENT ON COLUMN exchange_transfers.change IS 'What it changes of all mirrored wallets of the account once it is ok, fee included: positive for what was received; 0 between two of them.';
COMMENT ON COLUMN exchange_transfers.status IS 'Rows that are pending are read again until they are something else; only ok has moved anything.';
COMMENT ON COLUMN exchange_transfers.raw_status IS 'The exchange''s own word. NULL: it has none.';
COMMENT ON COLUMN exchange_transfers.timestamp IS 'By which the exchange lists it, by its clock.';

CREATE TABLE exchange_ledger (
  exchange_id   TEXT NOT NULL,
  account       TEXT NOT NULL,
  scope         TEXT NOT NULL,
  id            TEXT NOT NULL,
  kind          TEXT NOT NULL CHECK (kind IN ('funding', 'interest', 'fee', 'rebate', 'profit', 'reward', 'conversion',
                  'trade', 'transfer', 'settlement', 'liquidation', 'other')),
  raw_kind      TEXT,
  currency      TEXT NOT NULL,
  amount        exact_amount NOT NULL,
  fee_cost      exact_amount,
  counts        BOOLEAN NOT NULL,
  wallet        TEXT,
  symbol        TEXT,
  balance_after exact_amount,
  reference     TEXT,
  timestamp     TIMESTAMPTZ NOT NULL,
  created_at    TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (exchange_id, account, scope, id)
);
CREATE INDEX exchange_ledger_timestamp ON exchange_ledger (exchange_id, account, timestamp);
COMMENT ON TABLE exchange_ledger IS 'Rows of the exchange''s account statements: funding, interest, fees, rebates and what else moves a balance. What the exchange said of one never changes.';
COMMENT ON COLUMN exchange_ledger.wallet IS 'The exchange''s own name. NULL: it does not say.';
COMMENT ON COLUMN exchange_ledger.symbol IS 'ccxt''s unified symbol. NULL: it concerns no market, or the exchange does not say.';
COMMENT ON COLUMN exchange_ledger.reference IS 'The trade, order or transfer that it belongs to. NULL: the exchange does not say.';
COMMENT ON COLUMN exchange_ledger.raw_kind IS 'The exchange''s own word. NULL: it has none.';
COMMENT ON COLUMN exchange_ledger.amount IS 'In units of the currency, without the fee: positive for what was received.';
COMMENT ON COLUMN exchange_ledger.fee_cost IS 'Paid beside it, in the same currency; negative for a rebate. NULL: none, or the exchange does not say.';
COMMENT ON COLUMN exchange_ledger.counts IS 'False where the same event counts from the fills or the transfers.';
COMMENT ON COLUMN exchange_ledger.balance_after IS 'Of that wallet. NULL: the exchange does not say.';

CREATE VIEW account_flows AS
SELECT exchange_id, account, base AS asset, timestamp, 'fill' AS kind,
  CASE side WHEN 'buy' THEN amount ELSE -amount END AS amount, 'trades' AS data_type, scope, symbol, trade_id AS id
FROM exchange_trades WHERE flow = 'exchange'
UNION ALL
SELECT exchange_id, account, quote, timestamp, 'fill',
  CASE side WHEN 'buy' THEN -cost ELSE cost END, 'trades', scope, symbol, trade_id
FROM exchange_trades WHERE flow = 'exchange'
UNION ALL
SELECT exchange_id, account, settle_currency, timestamp, 'fill', realized_pnl, 'trades', scope, symbol, trade_id
FROM exchange_trades WHERE flow = 'profit'
UNION ALL
SELECT exchange_id, account, fee_currency, timestamp, 'fee', -fee_cost, 'trades', scope, symbol, trade_id
FROM exchange_trades WHERE flow <> 'none' AND fee_cost IS NOT NULL
UNION ALL
SELECT exchange_id, account, currency, timestamp, 'transfer', change, 'transfers', scope, NULL, kind || ' ' || id
FROM exchange_transfers WHERE status = 'ok'
UNION ALL
SELECT exchange_id, account, currency, timestamp, 'ledger', amount, 'ledger', scope, symbol, id
FROM exchange_ledger WHERE counts
UNION ALL
SELECT exchange_id, account, currency, timestamp, 'fee', -fee_cost, 'ledger', scope, symbol, id
FROM exchange_ledger WHERE counts AND fee_cost IS NOT NULL;
COMMENT ON VIEW account_flows IS 'Everything that moved a balance, each event once: positive for what was received.';

CREATE TABLE sync_coverage (
  exchange_id TEXT NOT NULL,
  account     TEXT NOT NULL,
  data_type   TEXT NOT NULL,
  scope       TEXT NOT NULL,
  from_at     TIMESTAMPTZ NOT NULL,
  to_at       TIMESTAMPTZ NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('complete', 'lost')),
  reason      TEXT,
  recorded_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (exchange_id, account, data_type, scope, from_at),
  CHECK (from_at < to_at),
  CHECK ((state = 'lost') = (reason IS NOT NULL))
);
COMMENT ON TABLE sync_coverage IS 'Which time ranges of each history are known completely, and which are lost for good. Ranges do not overlap; what no row covers is a gap.';
COMMENT ON COLUMN sync_coverage.reason IS 'Why it is lost. NULL: it is complete.';
COMMENT ON COLUMN sync_coverage.state IS 'complete: every row that the exchange has of that time is stored; lost: the exchange no longer serves it.';

CREATE TABLE sync_rereads (
  exchange_id  TEXT NOT NULL,
  account      TEXT NOT NULL,
  data_type    TEXT NOT NULL,
  scope        TEXT NOT NULL,
  from_at      TIMESTAMPTZ NOT NULL,
  to_at        TIMESTAMPTZ NOT NULL,
  reason       TEXT NOT NULL,
  requested_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (exchange_id, account, data_type, scope, from_at),
  CHECK (from_at < to_at)
);
COMMENT ON TABLE sync_rereads IS 'Ranges that are to be read once more although they are covered.';
COMMENT ON COLUMN sync_rereads.reason IS 'repair: somebody asked; proof: an asset does not add up; late: rows may have come since it was read.';

CREATE TABLE sync_set_aside (
  exchange_id   TEXT NOT NULL,
  account       TEXT NOT NULL,
  data_type     TEXT NOT NULL,
  scope         TEXT NOT NULL,
  row_name      TEXT NOT NULL,
  reason        TEXT NOT NULL,
  timestamp     TIMESTAMPTZ,
  from_at       TIMESTAMPTZ NOT NULL,
  to_at         TIMESTAMPTZ NOT NULL,
  content       JSONB,
  first_seen_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  last_seen_at  TIMESTAMPTZ NOT NULL DEFAULT now(),
  CHECK (from_at < to_at)
);
CREATE UNIQUE INDEX sync_set_aside_row
  ON sync_set_aside (exchange_id, account, data_type, scope, row_name, coalesce(timestamp, '-infinity'));
COMMENT ON TABLE sync_set_aside IS 'Rows of histories that can not be what they say. What they cover is a gap until they are valid.';
COMMENT ON COLUMN sync_set_aside.row_name IS 'What can be said about which row it is; rows without an id share theirs.';
COMMENT ON COLUMN sync_set_aside.timestamp IS 'By the exchange''s clock. NULL: it is no time.';
COMMENT ON COLUMN sync_set_aside.from_at IS 'Where the row can be, up to to_at: its own millisecond, or what was read when it was seen. It is settled once there is no gap in there.';
COMMENT ON COLUMN sync_set_aside.content IS 'The row as it was read. NULL: it can not be kept.';

CREATE TABLE sync_symbols (
  exchange_id   TEXT NOT NULL,
  account       TEXT NOT NULL,
  scope         TEXT NOT NULL,
  symbol        TEXT NOT NULL,
  reason        TEXT NOT NULL,
  discovered_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (exchange_id, account, scope, symbol)
);
COMMENT ON TABLE sync_symbols IS 'Symbols that can hold fills, where the exchange lists fills by symbol only.';
COMMENT ON COLUMN sync_symbols.scope IS 'The list, without the symbol.';
COMMENT ON COLUMN sync_symbols.reason IS 'What spoke for it, e.g. "balance of ETH".';

CREATE TABLE balance_observations (
  exchange_id   TEXT NOT NULL,
  account       TEXT NOT NULL,
  observed_to   TIMESTAMPTZ NOT NULL,
  observed_from TIMESTAMPTZ NOT NULL CHECK (observed_from <= observed_to),
  quantities    JSONB NOT NULL CHECK (jsonb_typeof(quantities) = 'object'),
  is_baseline   BOOLEAN NOT NULL DEFAULT false,
  PRIMARY KEY (exchange_id, account, observed_to)
);
COMMENT ON TABLE balance_observations IS 'What complete reads of all wallets of an account reported, until history has caught up with it.';
COMMENT ON COLUMN balance_observations.observed_from IS 'When the first wallet was asked, by the exchange''s clock.';
COMMENT ON COLUMN balance_observations.observed_to IS 'When the last wallet had answered, by the exchange''s clock.';
COMMENT ON COLUMN balance_observations.is_baseline IS 'Openings are inferred from it: of what it does not name there was nothing then. It is kept.';
COMMENT ON COLUMN balance_observations.quantities IS 'By asset, over all mirrored wallets: exact decimals as text, negative for debt.';

CREATE TABLE balance_openings (
  exchange_id     TEXT NOT NULL,
  account         TEXT NOT NULL,
  asset           TEXT NOT NULL,
  horizon         TIMESTAMPTZ NOT NULL,
  quantity        exact_amount NOT NULL,
  source          TEXT NOT NULL CHECK (source IN ('account-opened', 'inferred')),
  anchored_at     TIMESTAMPTZ,
  anchor_quantity exact_amount,
  summed_to       TIMESTAMPTZ,
  fills           exact_amount NOT NULL,
  fees            exact_amount NOT NULL,
  transfers       exact_amount NOT NULL,
  ledger          exact_amount NOT NULL,
  updated_at      TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (exchange_id, account, asset),
  CHECK ((source = 'inferred') = (anchored_at IS NOT NULL)),
  CHECK ((anchored_at IS NULL) = (anchor_quantity IS NULL))
) WITH (fillfactor = 50);
COMMENT ON TABLE balance_openings IS 'What each account held at its horizon, from when on its history is known without a hole.';
COMMENT ON COLUMN balance_openings.anchored_at IS 'Up to when the flows count of the observation that the opening is inferred from. NULL: it is not inferred.';
COMMENT ON COLUMN balance_openings.anchor_quantity IS 'What was reported then. NULL: it is not inferred.';
COMMENT ON COLUMN balance_openings.summed_to IS 'The sums are of what flowed from the horizon up to here. NULL: a row of that time has changed since; they are to be made anew.';
COMMENT ON COLUMN balance_openings.fills IS 'Sum of the fills'' flows since the horizon.';
COMMENT ON COLUMN balance_openings.fees IS 'What was paid since the horizon.';
COMMENT ON COLUMN balance_openings.transfers IS 'Sum of the transfers'' changes since the horizon.';
COMMENT ON COLUMN balance_openings.ledger IS 'Sum of the ledger''s rows that count, since the horizon.';
COMMENT ON COLUMN balance_openings.source IS 'account-opened: 0, for history reaches back to the account''s opening; inferred: from one observation and what flowed since, once.';

CREATE TABLE history_assets (
  exchange_id TEXT NOT NULL,
  account     TEXT NOT NULL,
  asset       TEXT NOT NULL,
  PRIMARY KEY (exchange_id, account, asset)
);
COMMENT ON TABLE history_assets IS 'Every asset that a row of an account''s histories ever moved, so that none is forgotten of which nothing is left.';

-- Sums of years are not made anew at each sync. A row that comes late, changes or goes must not be missed in them.
CREATE FUNCTION flows_changed() RETURNS TRIGGER LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF TG_TABLE_NAME = 'exchange_trades' THEN
    INSERT INTO history_assets
    SELECT DISTINCT row.exchange_id, row.account, moved.asset
    FROM changed AS row, unnest(ARRAY[row.base, row.quote, row.settle_currency, row.fee_currency]) AS moved (asset)
    WHERE TG_OP <> 'DELETE' AND row.flow <> 'none' AND moved.asset IS NOT NULL ORDER BY 1, 2, 3
    ON CONFLICT DO NOTHING;
    UPDATE balance_openings AS opening SET summed_to = NULL FROM (
      SELECT row.exchange_id, row.account, moved.asset, min(row.timestamp) AS oldest, max(row.timestamp) AS newest
      FROM changed AS row, unnest(ARRAY[row.base, row.quote, row.settle_currency, row.fee_currency]) AS moved (asset)
      WHERE row.flow <> 'none' GROUP BY row.exchange_id, row.account, moved.asset
    ) AS flow
    WHERE (opening.exchange_id, opening.account, opening.asset) = (flow.exchange_id, flow.account, flow.asset)
      AND opening.summed_to > flow.oldest AND opening.horizon <= flow.newest;
  ELSE
    INSERT INTO history_assets SELECT DISTINCT exchange_id, account, currency FROM changed
    WHERE TG_OP <> 'DELETE' ORDER BY 1, 2, 3
    ON CONFLICT DO NOTHING;
    UPDATE balance_openings AS opening SET summed_to = NULL FROM (
      SELECT exchange_id, account, currency, min(timestamp) AS oldest, max(timestamp) AS newest
      FROM changed GROUP BY exchange_id, account, currency
    ) AS flow
    WHERE (opening.exchange_id, opening.account, opening.asset) = (flow.exchange_id, flow.account, flow.currency)
      AND opening.summed_to > flow.oldest AND opening.horizon <= flow.newest;
  END IF;
  RETURN NULL;
END $$;
DO $$
DECLARE history TEXT;
BEGIN
  FOREACH history IN ARRAY ARRAY['exchange_trades', 'exchange_transfers', 'exchange_ledger'] LOOP
    EXECUTE format('CREATE TRIGGER rows_added AFTER INSERT ON %I
      REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION flows_changed()', history);
    EXECUTE format('CREATE TRIGGER rows_changed AFTER UPDATE ON %I
      REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION flows_changed()', history);
    EXECUTE format('CREATE TRIGGER rows_changed_from AFTER UPDATE ON %I
      REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION flows_changed()', history);
    EXECUTE format('CREATE TRIGGER rows_removed AFTER DELETE ON %I
      REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION flows_changed()', history);
  END LOOP;
END $$;

CREATE TABLE balance_proofs (
  exchange_id          TEXT NOT NULL,
  account              TEXT NOT NULL,
  asset                TEXT NOT NULL,
  since                TIMESTAMPTZ NOT NULL,
  checked_at           TIMESTAMPTZ NOT NULL,
  observed_at          TIMESTAMPTZ NOT NULL,
  state                TEXT NOT NULL CHECK (state IN ('proven', 'unexplained', 'pending', 'unknown')),
  reason               TEXT,
  horizon              TIMESTAMPTZ,
  opening              exact_amount,
  opening_source       TEXT CHECK (opening_source IN ('account-opened', 'inferred')),
  fills                exact_amount,
  fees                 exact_amount,
  transfers            exact_amount,
  ledger               exact_amount,
  expected             exact_amount,
  reported             exact_amount NOT NULL,
  unexplained_quantity exact_amount,
  reread_at            TIMESTAMPTZ,
  announced_quantity   exact_amount,
  PRIMARY KEY (exchange_id, account, asset, since)
) WITH (fillfactor = 50);
COMMENT ON TABLE balance_proofs IS 'Whether what flowed explains what is there: opening + fills - fees + transfers + ledger = reported. One row per answer.';
COMMENT ON COLUMN balance_proofs.since IS 'When this answer was first given; its numbers are those of checked_at.';
COMMENT ON COLUMN balance_proofs.reason IS 'Why the answer is pending or unknown. NULL: it is neither.';
COMMENT ON COLUMN balance_proofs.horizon IS 'From when on history counts. NULL: not worked out.';
COMMENT ON COLUMN balance_proofs.opening IS 'What was held at the horizon. NULL: not worked out.';
COMMENT ON COLUMN balance_proofs.opening_source IS 'How the opening is known. NULL: not worked out.';
COMMENT ON COLUMN balance_proofs.fills IS 'Sum of the fills'' flows. NULL: not worked out.';
COMMENT ON COLUMN balance_proofs.transfers IS 'Sum of the transfers'' changes. NULL: not worked out.';
COMMENT ON COLUMN balance_proofs.ledger IS 'Sum of the ledger''s rows that count. NULL: not worked out.';
COMMENT ON COLUMN balance_proofs.expected IS 'opening + fills - fees + transfers + ledger. NULL: not worked out.';
COMMENT ON COLUMN balance_proofs.fees IS 'What was paid; it is subtracted. NULL: not worked out.';
COMMENT ON COLUMN balance_proofs.unexplained_quantity IS 'Reported minus expected; never hidden in another number. NULL: not worked out.';
COMMENT ON COLUMN balance_proofs.announced_quantity IS 'The rest that the event proof:unexplained was sent for. NULL: none since it last added up.';
COMMENT ON COLUMN balance_proofs.reread_at IS 'When the ranges that could explain the rest were asked to be read again. NULL: they were not.';

CREATE TABLE portfolio_snapshots (
  exchange_id    TEXT NOT NULL,
  account        TEXT NOT NULL,
  asset          TEXT NOT NULL,
  quote_currency TEXT NOT NULL,
  taken_at       TIMESTAMPTZ NOT NULL,
  quantity       exact_amount NOT NULL,
  price          exact_amount,
  value          exact_amount,
  PRIMARY KEY (exchange_id, account, quote_currency, taken_at, asset)
);
COMMENT ON TABLE portfolio_snapshots IS 'What each account held and what that was worth, after each sync of the portfolio: the equity curve. Older ones are thinned.';
COMMENT ON COLUMN portfolio_snapshots.price IS 'Of one unit in the quote currency. NULL: unpriced.';
COMMENT ON COLUMN portfolio_snapshots.value IS 'quantity x price. NULL: unpriced.';

ALTER TABLE sync_scopes
  ADD COLUMN wanted_from TIMESTAMPTZ,
  ADD COLUMN wanted_to TIMESTAMPTZ,
  ADD COLUMN next_loss_at TIMESTAMPTZ,
  ADD CHECK ((wanted_from IS NULL) = (wanted_to IS NULL));
COMMENT ON COLUMN sync_scopes.wanted_from IS 'Of a history: from when on it is asked for, by the exchange''s clock. NULL: it is none, or was never planned.';
COMMENT ON COLUMN sync_scopes.wanted_to IS 'Of a history: up to when it should have been known at the last attempt, by the exchange''s clock. NULL: it is none, or was never planned.';
COMMENT ON COLUMN sync_scopes.next_loss_at IS 'When the oldest of what is not read yet falls off at the exchange, by the synchronizer''s clock; a sync is due before. NULL: nothing falls off.';

ALTER TABLE sync_status ADD COLUMN history_from TIMESTAMPTZ;
COMMENT ON COLUMN sync_status.history_from IS 'From when on the history is asked for, where somebody said so. NULL: as far back as the exchange serves, or the account''s opening.';
