import { expect } from 'chai';
import type { AccountRef } from '#src/domain/account.js';
import { HistoryRepository } from '#src/storage/history-repository.js';
import { type HistoryTable, LEDGER, TRADES, TRANSFERS } from '#src/storage/history-tables.js';
import type { TestDatabase } from '../support/postgres.js';
import { ledgerRow, trade, transfer } from './records.js';

const MAIN: AccountRef = { exchange: 'bybit', account: 'main' };
const SUB: AccountRef = { exchange: 'bybit', account: 'sub1' };
const HALF_A_PAIR = '\uD800';

/** The repository of a history's rows. */
export function describeHistory(test: TestDatabase): void {
  describeRows(test, TRADES, (id) => trade({ tradeId: id }), {
    other: (row) => ({ ...row, price: '60000.11' }),
    less: (row) => ({ ...row, feeCost: undefined, feeCurrency: undefined, role: undefined }),
    reread: (row) => ({ ...row, flow: 'none' as const }),
  });
  describeRows(test, TRANSFERS, (id) => transfer({ id }), {
    other: (row) => ({ ...row, amount: '99', change: '-100' }),
    less: (row) => ({ ...row, network: undefined, address: undefined }),
    reread: (row) => ({ ...row, change: '-100' }),
  });
  describeRows(test, LEDGER, (id) => ledgerRow({ id }), {
    other: (row) => ({ ...row, currency: 'USDC' }),
    less: (row) => ({ ...row, balanceAfter: undefined, symbol: undefined }),
    reread: (row) => ({ ...row, kind: 'interest' as const, counts: false }),
  });

  describe('exchange_transfers that are not final', () => {
    const pending = transfer({ status: 'pending', rawStatus: 'processing', transactionId: undefined });

    it('change in everything but their currency', async () => {
      const repository = new HistoryRepository(TRANSFERS, test);
      const done = transfer({
        amount: '99.5',
        feeCost: '1.5',
        rawStatus: 'success',
        transactionId: '0xabc',
        timestampMs: pending.timestampMs + 1,
      });
      await test.database.transaction((transaction) => repository.add(transaction, MAIN, 'out', [pending]));
      const added = await test.database.transaction((transaction) =>
        repository.add(transaction, MAIN, 'out', [done]),
      );
      expect(added).to.deep.equal({ inserted: 0, changed: 1, contradicted: [] });
      const { rows } = await test.database.query(
        `SELECT amount, fee_cost, status, raw_status, transaction_id, timestamp, updated_at > created_at AS touched
         FROM "${test.schema}".exchange_transfers`,
      );
      expect(rows).to.deep.equal([
        {
          amount: '99.5',
          fee_cost: '1.5',
          status: 'ok',
          raw_status: 'success',
          transaction_id: '0xabc',
          timestamp: new Date(done.timestampMs),
          touched: true,
        },
      ]);
    });

    it('keep what is said no more when something else changes', async () => {
      const repository = new HistoryRepository(TRANSFERS, test);
      const done = transfer({ network: undefined, address: undefined, feeCost: undefined });
      const { changed } = await test.database.transaction((transaction) =>
        repository.add(transaction, MAIN, 'out', [pending, done]),
      );
      expect(changed).to.equal(1);
      const { rows } = await test.database.query(
        `SELECT status, network, address, fee_cost FROM "${test.schema}".exchange_transfers`,
      );
      expect(rows).to.deep.equal([{ status: 'ok', network: 'TRX', address: 'T1', fee_cost: '1' }]);
    });

    it('are contradicted by another currency', async () => {
      const repository = new HistoryRepository(TRANSFERS, test);
      const other = transfer({ currency: 'USDC' });
      const added = await test.database.transaction((transaction) =>
        repository.add(transaction, MAIN, 'out', [pending, other]),
      );
      expect(added).to.deep.equal({ inserted: 1, changed: 0, contradicted: [other] });
    });

    it('are named by their times, of their scope and account only', async () => {
      const repository = new HistoryRepository(TRANSFERS, test);
      const at = (id: string, status: 'pending' | 'failed', timestampMs: number) =>
        transfer({ id, status, timestampMs });
      await test.database.transaction(async (transaction) => {
        await repository.add(transaction, MAIN, 'out', [
          at('1', 'pending', 3000),
          at('2', 'pending', 1001),
          at('3', 'failed', 2000),
          at('4', 'pending', 3000),
        ]);
        await repository.add(transaction, MAIN, 'in', [at('5', 'pending', 4000)]);
        await repository.add(transaction, SUB, 'out', [at('1', 'pending', 5000)]);
      });
      expect(await repository.nonFinal(test.database, MAIN, 'out')).to.deep.equal([1001, 3000]);
    });

    it('become final by a word of the exchange, and take other words for the same end', async () => {
      const repository = new HistoryRepository(TRANSFERS, test);
      const credited = transfer({ rawStatus: 'credited' });
      const unlocked = transfer({ rawStatus: 'success', transactionId: '0xabc' });
      const added = await test.database.transaction((transaction) =>
        repository.add(transaction, MAIN, 'out', [pending, credited, unlocked]),
      );
      expect(added).to.deep.equal({ inserted: 1, changed: 2, contradicted: [] });
      expect(await repository.nonFinal(test.database, MAIN, 'out')).to.deep.equal([]);
      const undone = transfer({ status: 'failed' });
      const { contradicted } = await test.database.transaction((transaction) =>
        repository.add(transaction, MAIN, 'out', [undone]),
      );
      expect(contradicted).to.deep.equal([undone]);
    });
  });
}

interface Variants<Row> {
  /** The same key with other content. */
  readonly other: (row: Row) => Row;
  /** The same row when the exchange says less of it. */
  readonly less: (row: Row) => Row;
  /** The same row when this program makes something else of it. */
  readonly reread: (row: Row) => Row;
}

function describeRows<Row>(
  test: TestDatabase,
  table: HistoryTable<Row>,
  row: (id: string) => Row,
  { other, less, reread }: Variants<Row>,
): void {
  describe(table.name, () => {
    const add = (rows: readonly Row[], account = MAIN, scope = 'spot') =>
      test.database.transaction((transaction) =>
        new HistoryRepository(table, test).add(transaction, account, scope, rows),
      );
    const stored = async () =>
      (
        await test.database.query(
          `SELECT *, xmin::text, xmax::text FROM "${test.schema}".${table.name} ORDER BY 1, 2, 3, 4`,
        )
      ).rows;

    it('takes new rows and leaves stored ones untouched', async () => {
      expect(await add([row('1'), row('2')])).to.deep.equal({ inserted: 2, changed: 0, contradicted: [] });
      const before = await stored();
      expect(await add([row('1'), row('2')])).to.deep.equal({ inserted: 0, changed: 0, contradicted: [] });
      expect(await stored()).to.deep.equal(before);
      expect(await add([row('2'), row('3')])).to.deep.equal({ inserted: 1, changed: 0, contradicted: [] });
      expect(await new HistoryRepository(table, test).count(test.database, MAIN)).to.equal(3);
      expect(await new HistoryRepository(table, test).count(test.database, MAIN, 'margin')).to.equal(0);
    });

    it('writes no other content over what is stored, and gives it back', async () => {
      await add([row('1'), row('2')]);
      const before = await stored();
      const contradicting = other(row('2'));
      expect(await add([row('1'), contradicting, row('3')])).to.deep.equal({
        inserted: 1,
        changed: 0,
        contradicted: [contradicting],
      });
      expect((await stored()).slice(0, 2)).to.deep.equal(before);
    });

    it('judges a row that a page has twice by the first', async () => {
      const contradicting = other(row('1'));
      expect(await add([row('1'), row('1'), contradicting])).to.deep.equal({
        inserted: 1,
        changed: 0,
        contradicted: [contradicting],
      });
    });

    it('fills in what was unknown, and keeps what is said no more', async () => {
      await add([less(row('1'))]);
      expect(await add([row('1')])).to.deep.equal({ inserted: 0, changed: 1, contradicted: [] });
      const full = await stored();
      expect(await add([less(row('1'))])).to.deep.equal({ inserted: 0, changed: 0, contradicted: [] });
      expect(await stored()).to.deep.equal(full);
    });

    it('takes what a later version of this program makes of the same row', async () => {
      await add([row('1')]);
      expect(await add([reread(row('1'))])).to.deep.equal({ inserted: 0, changed: 1, contradicted: [] });
      expect(await add([reread(row('1'))])).to.deep.equal({ inserted: 0, changed: 0, contradicted: [] });
    });

    it('keeps the rows of accounts apart', async () => {
      await add([row('1')]);
      expect(await add([other(row('1'))], SUB)).to.deep.equal({ inserted: 1, changed: 0, contradicted: [] });
      expect(await new HistoryRepository(table, test).count(test.database, SUB)).to.equal(1);
    });

    it('stores names that no text can hold', async () => {
      const names = [
        '\0',
        HALF_A_PAIR,
        `a${HALF_A_PAIR}\0b`,
        '\u{1F600}',
        "'; DROP TABLE x; --",
        '{NULL,"a"}',
      ];
      const { inserted, contradicted } = await add(names.map(row));
      // The first two are one name to the database.
      expect([inserted, contradicted]).to.deep.equal([5, []]);
      expect(await add(names.map(row))).to.deep.equal({ inserted: 0, changed: 0, contradicted: [] });
    });

    it('takes nothing and adds nothing', async () => {
      expect(await add([])).to.deep.equal({ inserted: 0, changed: 0, contradicted: [] });
    });
  });
}
