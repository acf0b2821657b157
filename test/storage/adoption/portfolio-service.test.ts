import { expect } from 'chai';
import { PortfolioRepository } from '#src/storage/portfolio-repository.js';
import { SyncHistoryRepository } from '#src/storage/sync-history-repository.js';
import { PORTFOLIO_ROWS, PORTFOLIO_SERVICE } from './legacy-database.js';
import { counts, LegacySchema, ZONE } from './legacy-schema.js';

describe("adoption of the portfolio service's tables, whose times have no zone", () => {
  const { test, make, adopt, select } = new LegacySchema();
  beforeEach(() => make(PORTFOLIO_SERVICE + PORTFOLIO_ROWS));

  it('accounts for every row', async () => {
    const { adoption, applied } = await adopt({ legacyTimezone: 'europe/berlin' });
    expect(applied).to.not.equal([]);
    expect(adoption).to.include({ timezone: ZONE, timezoneMissing: false });
    expect(counts(adoption?.tables)).to.deep.equal([
      ['portfolio_items', 9, 3, 2, 4],
      ['sync_history', 6, 4, 0, 2],
    ]);
    expect(adoption?.tables.flatMap(({ reasons }) => reasons)).to.deep.equal([
      { reason: 'differs from a newer row only in how its exchange_id is written', rows: 2 },
      { reason: 'avg_entry_price is not a finite number', rows: 1 },
      { reason: 'exchange_id is empty', rows: 1 },
      { reason: 'quantity is not a finite number', rows: 1 },
      { reason: 'updated_at is not a time of the years 1 to 9999', rows: 1 },
      { reason: 'end_time is before start_time', rows: 1 },
      { reason: 'items_processed is negative', rows: 1 },
    ]);
    expect(await select('SELECT count(*)::int FROM :legacy_portfolio_items')).to.deep.equal([{ count: 9 }]);
    expect(
      await select(
        'SELECT legacy_table, legacy_id, outcome, kept_id FROM :legacy_rows_not_copied ORDER BY 1, 2',
      ),
    ).to.deep.equal([
      { legacy_table: 'legacy_portfolio_items', legacy_id: '3', outcome: 'merged', kept_id: '1' },
      { legacy_table: 'legacy_portfolio_items', legacy_id: '4', outcome: 'merged', kept_id: '5' },
      ...['6', '7', '8', '9'].map((legacy_id) => ({
        ...{ legacy_table: 'legacy_portfolio_items', legacy_id, outcome: 'set aside', kept_id: null },
      })),
      ...['15', '16'].map((legacy_id) => ({
        ...{ legacy_table: 'legacy_sync_history', legacy_id, outcome: 'set aside', kept_id: null },
      })),
    ]);
  });

  it('copies amounts to the last digit and reads times in that zone, in summer and in winter', async () => {
    await adopt({ legacyTimezone: ZONE });
    expect(
      await select(
        `SELECT id, exchange_id, account, asset, quantity, current_price, value, avg_entry_price, price_source,
             quote_currency, priced_at = updated_at AS priced, observed_from = updated_at AND observed_to = updated_at AS observed,
             to_char(updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') AS updated
           FROM :portfolio_items ORDER BY id`,
      ),
    ).to.deep.equal([
      {
        ...{ id: 1, exchange_id: 'bybit', account: 'main', asset: 'BTC', quote_currency: 'USDT' },
        ...{ quantity: '0.1000000000000000055511151231257827', current_price: '60000.5' },
        ...{ value: '6000.05000000000033306968294510852489135', avg_entry_price: '55000' },
        ...{ price_source: 'BTC/USDT last', priced: true, observed: true },
        updated: '2025-07-01 10:00:00.123456',
      },
      {
        ...{ id: 2, exchange_id: 'bybit', account: 'main', asset: 'USDT', quote_currency: 'USDT' },
        ...{ quantity: '250', current_price: null, value: null, avg_entry_price: null },
        ...{ price_source: null, priced: null, observed: true, updated: '2025-07-01 10:00:00.000000' },
      },
      {
        ...{ id: 5, exchange_id: 'bybit', account: 'main', asset: 'ETH', quote_currency: 'USDT' },
        ...{ quantity: '4', current_price: '2600', value: '10400', avg_entry_price: null },
        ...{ price_source: 'ETH/USDT last', priced: true, observed: true },
        updated: '2025-06-02 10:00:00.000000',
      },
    ]);
    const history = await new SyncHistoryRepository(test).list(test.database);
    expect(
      history.map(({ id, runId, status, startedAt, requests, errorMessage }) => [
        ...[id, runId, status, startedAt, requests, errorMessage],
      ]),
    ).to.have.deep.members([
      ['11', 'legacy-11', 'ok', '2025-07-01T10:00:00.000Z', null, null],
      ['12', 'legacy-12', 'ok', '2025-07-01T10:00:00.000Z', null, null],
      ['13', 'legacy-13', 'partial', '2025-12-01T11:00:00.000Z', null, 'Failed to save ETH'],
      ['14', 'legacy-14', 'failed', '2025-12-01T11:00:00.000Z', null, null],
    ]);
  });

  it('gives new rows later ids, and leaves no name of ours to the old tables', async () => {
    await adopt({ legacyTimezone: ZONE });
    const fresh = await select(
      `INSERT INTO :sync_history (exchange_id, account, sync_type, run_id, status, items_processed, items_synced, success, start_time, end_time)
         VALUES ('bybit', 'main', 'portfolio', 'r', 'ok', 0, 0, true, now(), now()) RETURNING id`,
    );
    expect(fresh).to.deep.equal([{ id: 15 }]);
    const names = await select(
      `SELECT indexname AS name FROM pg_indexes WHERE schemaname = '${test.schema}' AND tablename = 'portfolio_items'
         UNION SELECT pg_get_serial_sequence('"${test.schema}".portfolio_items', 'id')`,
    );
    expect(names.map(({ name }) => name)).to.have.members([
      ...['portfolio_items_pkey', 'portfolio_items_exchange_id_account_asset_key'],
      `${test.schema}.portfolio_items_id_seq`,
    ]);
  });

  it('counts what it took over as stale until it is read again, and keeps its average and the note on it', async () => {
    await adopt({ legacyTimezone: ZONE });
    const repository = new PortfolioRepository(test);
    const [value] = await repository.values(test.database);
    expect(value).to.include({
      value: '16400.05000000000033306968294510852489135',
      ...{ pricedAssets: 2, unpricedAssets: 1 },
    });
    expect(value?.staleAccounts).to.deep.equal(['bybit/main']);
    const held = { ...{ asset: 'BTC', quantity: '0.1', quoteCurrency: 'USDT', price: '2', value: '0.2' } };
    const item = {
      ...held,
      ...{ priceSource: 'BTC/USDT last', pricedAtMs: 1, basisNote: 'no fills', avgEntryPrice: undefined },
      ...{ basisKnownQuantity: undefined, basisUnknownQuantity: undefined, realizedPnl: undefined },
      ...{ observedFromMs: 1, observedToMs: 1 },
    };
    await test.database.transaction((transaction) =>
      repository.apply(
        transaction,
        { exchange: 'bybit', account: 'main' },
        [item, { ...item, asset: 'ETH' }],
        { isAll: true },
      ),
    );
    const after = await select('SELECT asset, avg_entry_price, basis_note FROM :portfolio_items ORDER BY 1');
    expect(after[0]?.avg_entry_price).to.equal('55000');
    expect(after[0]?.basis_note).to.match(/at most 50 buy orders/);
    expect(after[1]).to.deep.equal({ asset: 'ETH', avg_entry_price: null, basis_note: 'no fills' });
  });

  it('names columns that nobody knows, and leaves them behind', async () => {
    await make(`ALTER TABLE portfolio_items ADD tenant TEXT DEFAULT 'me'`);
    const { adoption } = await adopt({ legacyTimezone: ZONE });
    expect(adoption?.tables[0]?.columnsLeftBehind).to.deep.equal(['tenant']);
    expect(await select('SELECT DISTINCT tenant FROM :legacy_portfolio_items')).to.deep.equal([
      { tenant: 'me' },
    ]);
  });
});
