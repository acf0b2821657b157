import { expect } from 'chai';
import { migrate } from '#src/storage/migrate.js';
import { silentLogger } from '../../support/silent-logger.js';
import {
  PORTFOLIO_ROWS,
  PORTFOLIO_SERVICE,
  SYNC_MODULE_FLOAT,
  SYNC_MODULE_NUMERIC,
  SYNC_MODULE_ROWS,
} from './legacy-database.js';
import { counts, LegacySchema, ZONE } from './legacy-schema.js';

describe("adoption of the older synchronizer's tables", () => {
  const { test, make, adopt, select, everything } = new LegacySchema();

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
