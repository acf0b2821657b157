import { expect } from 'chai';
import type { AdoptedTable } from '#src/domain/views.js';
import { type MigrateOptions, migrate } from '#src/storage/migrate.js';
import { PortfolioRepository } from '#src/storage/portfolio-repository.js';
import { SyncHistoryRepository } from '#src/storage/sync-history-repository.js';
import { expectError } from '../../support/expect-error.js';
import { useTestDatabase } from '../../support/postgres.js';
import { silentLogger } from '../../support/silent-logger.js';
import {
  makeLegacyDatabase,
  PORTFOLIO_ROWS,
  PORTFOLIO_SERVICE,
  SYNC_MODULE_FLOAT,
  SYNC_MODULE_NUMERIC,
  SYNC_MODULE_ROWS,
} from './legacy-database.js';

const ZONE = 'Europe/Berlin';

describe('adoption of an older database', () => {
  const test = useTestDatabase({ migrated: false });
  const make = (sql: string) => makeLegacyDatabase(test.database, test.schema, sql);
  const adopt = (options: MigrateOptions = {}) =>
    migrate(test.database, test.schema, silentLogger, { adopt: true, ...options });
  const select = async (sql: string) =>
    (await test.database.query(sql.replace(/(?<![:\d]):([a-z]\w+)/g, `"${test.schema}".$1`))).rows;
  const counts = (tables: readonly AdoptedTable[] | undefined) =>
    tables?.map(({ table, rows, copied, merged, setAside }) => [table, rows, copied, merged, setAside]);

  /** Every table of the schema with its rows; `::text` shows the last digit. */
  const everything = async () => {
    const tables = await select(
      `SELECT c.oid::regclass::text AS name, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = '${test.schema}' ORDER BY 1`,
    );
    const contents = [];
    for (const { name, relkind } of tables) {
      if (relkind === 'r') contents.push(await select(`SELECT t::text FROM ${String(name)} t ORDER BY 1`));
    }
    return { tables, contents };
  };

  describe('portfolio service: naive timestamps', () => {
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
      const after = await select(
        'SELECT asset, avg_entry_price, basis_note FROM :portfolio_items ORDER BY 1',
      );
      expect(after[0]?.avg_entry_price).to.equal('55000');
      expect(after[0]?.basis_note).to.match(/at most 50 buy orders/);
      expect(after[1]).to.deep.equal({ asset: 'ETH', avg_entry_price: null, basis_note: 'no fills' });
    });

    it('says on a dry run what would become of each row, and does nothing', async () => {
      const before = await everything();
      const planned = await adopt({ dryRun: true, legacyTimezone: ZONE });
      expect(await everything()).to.deep.equal(before);
      const done = await adopt({ legacyTimezone: ZONE });
      expect(planned.adoption).to.deep.equal(done.adoption);
      const unsaid = await adopt({ dryRun: true }).then(({ adoption }) => adoption);
      expect(unsaid).to.equal(null);
    });

    it('says on a dry run that the time zone is missing', async () => {
      const { adoption } = await adopt({ dryRun: true });
      expect(adoption).to.include({ timezone: null, timezoneMissing: true });
      expect(adoption?.tables[0]).to.include({ rows: 9, copied: 3 });
    });

    for (const [legacyTimezone, said] of [
      [undefined, /portfolio_items and sync_history.*--legacy-timezone/],
      ['Europe/Berlinn', /"Europe\/Berlinn" is no time zone.*Europe\/Berlin/],
      ['UTC+2', /no time zone/],
      ["UTC'; DROP TABLE portfolio_items; --", /no time zone/],
      ['', /no time zone/],
    ] as const) {
      it(`changes nothing without a time zone that exists: ${legacyTimezone}`, async () => {
        const before = await everything();
        const error = await expectError(adopt({ legacyTimezone }), 'CONFIG_INVALID');
        expect(error.message).to.match(said);
        expect(await everything()).to.deep.equal(before);
      });
    }

    for (const [kind, statement] of [
      ['writes', `INSERT INTO :sync_history SELECT 99, 'x', 'y', 0, 0, true, now(), now(), NULL, now()`],
      ['reads', 'SELECT count(*) FROM :portfolio_items'],
      ['has locked', 'LOCK TABLE :portfolio_items IN SHARE MODE'],
    ] as const) {
      it(`changes nothing while somebody ${kind}, and names them`, async () => {
        const other = test.connect({ applicationName: 'psql' });
        const before = await everything();
        await other
          .transaction(async (transaction) => {
            await transaction.query(statement.replace(/:(\w+)/g, `"${test.schema}".$1`));
            const error = await expectError(
              adopt({ legacyTimezone: ZONE, lockTimeoutMs: 50 }),
              'LEGACY_TABLES_IN_USE',
            );
            expect(error.message)
              .to.match(/Process \d+ \(user postgres, application "psql", .*idle in transaction/)
              .and.to.match(/holds (portfolio_items|sync_history)\./);
            if (kind !== 'has locked') throw new Error('take it back');
          })
          .catch((error: Error) => expect(error.message).to.equal('take it back'));
        expect(await everything()).to.deep.equal(before);
        await adopt({ legacyTimezone: ZONE });
      });
    }

    it('changes nothing while the older program is connected, although it does nothing just now', async () => {
      const older = test.connect({ applicationName: 'AlphaPulse' });
      await older.query('SELECT 1');
      const before = await everything();
      const error = await expectError(adopt({ legacyTimezone: ZONE }), 'LEGACY_TABLES_IN_USE');
      expect(error.message).to.match(
        /still connected\. Process \d+ \(user postgres, application "AlphaPulse"/,
      );
      expect(await everything()).to.deep.equal(before);
      await older.close();
      await adopt({ legacyTimezone: ZONE });
    });

    it('is not done by the way: whoever only wants the schema up to date is told', async () => {
      const before = await everything();
      const error = await expectError(migrate(test.database, test.schema, silentLogger), 'ADOPTION_NEEDED');
      expect(error.message).to.match(/portfolio_items, sync_history.*migrate --dry-run/);
      expect(await everything()).to.deep.equal(before);
    });

    it('changes nothing where a legacy table is in the way already', async () => {
      await make('CREATE TABLE legacy_sync_history ()');
      const before = await everything();
      const error = await expectError(adopt({ legacyTimezone: ZONE }), 'MIGRATION_FAILED');
      expect(error.message).to.contain('legacy_sync_history');
      expect(await everything()).to.deep.equal(before);
    });

    it('changes nothing where a column is missing or of another kind', async () => {
      await make('ALTER TABLE sync_history DROP COLUMN success, ALTER items_synced TYPE TEXT');
      const error = await expectError(adopt({ legacyTimezone: ZONE }), 'MIGRATION_FAILED');
      expect(error.message).to.contain('items_synced is of type text').and.contain('no column success');
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

  for (const [kind, tables, shortest] of [
    ['NUMERIC', SYNC_MODULE_NUMERIC, '123456789.123456789'],
    ['float', SYNC_MODULE_FLOAT, '123456789.12345679'],
  ] as const) {
    it(`accounts for every row of the older synchronizer with ${kind} columns`, async () => {
      await make(tables + SYNC_MODULE_ROWS);
      // A server may be told to print fewer digits than a float has.
      await test.database.query('ALTER ROLE CURRENT_USER SET extra_float_digits = -5');
      try {
        const { adoption } = await migrate(test.connect(), test.schema, silentLogger, { adopt: true });
        expect(adoption).to.include({ timezone: null, timezoneMissing: false });
        expect(counts(adoption?.tables)).to.deep.equal([
          ['sync_status', 5, 3, 1, 1],
          ['exchange_balances', 5, 2, 1, 2],
          ['exchange_positions', 2, 0, 0, 2],
          ['exchange_orders', 5, 3, 0, 2],
          ['exchange_prices', 2, 1, 0, 1],
        ]);
      } finally {
        await test.database.query('ALTER ROLE CURRENT_USER RESET extra_float_digits');
      }
      expect(
        await select(
          'SELECT exchange_id, wallet, currency, scope, available, locked, total FROM :exchange_balances ORDER BY 1',
        ),
      ).to.deep.equal([
        {
          ...{ exchange_id: 'binance', wallet: 'MAIN', currency: 'SHIB', scope: 'wallet=MAIN' },
          ...{ available: '0.00000001', locked: null, total: shortest },
        },
        {
          ...{ exchange_id: 'bybit', wallet: 'UNIFIED', currency: 'BTC', scope: 'wallet=UNIFIED' },
          ...{ available: '0.1', locked: '0.2', total: '0.30000000000000004' },
        },
      ]);
      expect(
        await select(
          'SELECT account, data_type, status, last_success, next_sync, error_message FROM :sync_status ORDER BY data_type',
        ),
      ).to.deep.equal(
        [
          ['main', 'balances', 'partial', 'Taken over from an older program, which called it completed.'],
          ['main', 'orders', null, 'Taken over from an older program, which called it in_progress.'],
          ['*', 'prices', 'failed', 'timed out'],
        ].map(([account, data_type, status, error_message]) => ({
          ...{ account, data_type, status, last_success: null, next_sync: null, error_message },
        })),
      );
      expect(
        await select('SELECT order_id, side, price, status, raw_status FROM :exchange_orders ORDER BY 1'),
      ).to.deep.equal([
        { order_id: 'a', side: 'buy', price: '60000.1', status: 'closed', raw_status: 'filled' },
        { order_id: 'b', side: 'sell', price: '70000', status: 'unknown', raw_status: 'open' },
        { order_id: 'c', side: null, price: null, status: 'unknown', raw_status: null },
      ]);
      expect(
        await select('SELECT base, quote, price, source, observed_until FROM :exchange_prices'),
      ).to.deep.equal([
        {
          ...{ base: 'BTC', quote: 'USDT', price: '60000.1', source: 'last' },
          observed_until: new Date('2025-03-10T10:00:00Z'),
        },
      ]);
      expect(await select('SELECT FROM :exchange_positions')).to.deep.equal([]);
      expect(
        await select('SELECT exchange_id, account, retired_at FROM :sync_accounts ORDER BY 1'),
      ).to.deep.equal([
        { exchange_id: 'binance', account: 'main', retired_at: null },
        { exchange_id: 'bybit', account: 'main', retired_at: null },
      ]);
      expect(await select('SELECT DISTINCT scope, stale FROM :sync_freshness ORDER BY 1 DESC')).to.deep.equal(
        [
          { scope: 'wallet=UNIFIED', stale: true },
          { scope: 'wallet=MAIN', stale: true },
        ],
      );
    });
  }

  it('takes over both generations at once, and nothing the second time', async () => {
    await make(PORTFOLIO_SERVICE + PORTFOLIO_ROWS + SYNC_MODULE_FLOAT + SYNC_MODULE_ROWS);
    const { adoption } = await adopt({ legacyTimezone: ZONE });
    expect(adoption?.tables).to.have.lengthOf(7);
    const before = await everything();
    expect(await adopt()).to.deep.include({ applied: [], adoption: null });
    expect(await everything()).to.deep.equal(before);
  });

  it('needs no time zone for tables without rows', async () => {
    await make(PORTFOLIO_SERVICE);
    const { adoption } = await adopt();
    expect(counts(adoption?.tables)).to.deep.equal([
      ['portfolio_items', 0, 0, 0, 0],
      ['sync_history', 0, 0, 0, 0],
    ]);
    const fresh = await select(
      `INSERT INTO :portfolio_items (exchange_id, account, asset, quantity, quote_currency, observed_from, observed_to)
       VALUES ('bybit', 'main', 'BTC', 1, 'USDT', now(), now()) RETURNING id`,
    );
    expect(fresh).to.deep.equal([{ id: 1 }]);
  });
});
