import { expect } from 'chai';
import fc from 'fast-check';
import type { AccountRef } from '#src/domain/account.js';
import type { LedgerRecord, TradeRecord, TransferRecord } from '#src/domain/history-records.js';
import { FlowRepository } from '#src/storage/flow-repository.js';
import { HistoryRepository } from '#src/storage/history-repository.js';
import { LEDGER, TRADES, TRANSFERS } from '#src/storage/history-tables.js';
import type { TestDatabase } from '../support/postgres.js';
import { ledgerRow, trade, transfer } from './records.js';

const MAIN: AccountRef = { exchange: 'bybit', account: 'main' };
const SUB: AccountRef = { exchange: 'okx', account: 'sub1' };
const START_MS = Date.UTC(2026, 0, 1);
const ALWAYS = { fromMs: 0, toMs: START_MS + 1_000_000 };

interface Rows {
  readonly trades?: readonly TradeRecord[];
  readonly transfers?: readonly TransferRecord[];
  readonly ledger?: readonly LedgerRecord[];
}

/** What histories add up to, and their rows in the order of time. */
export function describeFlows(test: TestDatabase): void {
  describe('account_flows', () => {
    const add = (account: AccountRef, { trades = [], transfers = [], ledger = [] }: Rows) =>
      test.database.transaction(async (transaction) => {
        await new HistoryRepository(TRADES, test).add(transaction, account, 'spot', trades);
        await new HistoryRepository(TRANSFERS, test).add(transaction, account, 'out', transfers);
        await new HistoryRepository(LEDGER, test).add(transaction, account, 'UNIFIED', ledger);
      });
    const sums = (range = ALWAYS, account = MAIN) =>
      new FlowRepository(test).sums(test.database, account, range);

    it('adds up by asset and kind, to the last digit', async () => {
      await add(MAIN, {
        trades: [
          trade(),
          trade({
            tradeId: '2',
            side: 'sell',
            amount: '0.1',
            cost: '6000',
            feeCost: '-0.3',
            feeCurrency: 'BNB',
          }),
          trade({
            tradeId: '3',
            amount: '0.000000000000000001',
            cost: '0',
            feeCost: undefined,
            feeCurrency: undefined,
          }),
        ],
        transfers: [
          transfer(),
          transfer({ id: '2', status: 'failed' }),
          transfer({ id: '3', status: 'pending' }),
        ],
        ledger: [ledgerRow(), ledgerRow({ id: '2', feeCost: '0.01' }), ledgerRow({ id: '3', counts: false })],
      });
      expect(await sums()).to.deep.equal([
        { asset: 'BNB', fills: '0', fees: '-0.3', transfers: '0', ledger: '0' },
        { asset: 'BTC', fills: '0.400000000000000001', fees: '0.0005', transfers: '0', ledger: '0' },
        { asset: 'USDT', fills: '-24000.05', fees: '0.01', transfers: '-101', ledger: '-0.5' },
      ]);
      expect(await sums(ALWAYS, SUB)).to.deep.equal([]);
    });

    it('counts the profit of a derivative and its fee, and nothing of a fill that counts elsewhere', async () => {
      const linear = { symbol: 'BTC/USDT:USDT', settleCurrency: 'USDT', realizedPnl: '12.5' };
      await add(MAIN, {
        trades: [
          trade({ ...linear, flow: 'profit', feeCost: '0.1', feeCurrency: 'USDT' }),
          trade({ ...linear, tradeId: '2', flow: 'none', feeCost: '0.2', feeCurrency: 'USDT' }),
        ],
      });
      expect(await sums()).to.deep.equal([
        { asset: 'USDT', fills: '12.5', fees: '0.1', transfers: '0', ledger: '0' },
      ]);
    });

    it('of a half-open range', async () => {
      await add(MAIN, {
        trades: [0, 1, 2].map((ms) => trade({ tradeId: `${ms}`, timestampMs: START_MS + ms })),
        ledger: [ledgerRow({ currency: 'ETH', timestampMs: START_MS + 2 })],
      });
      const range = { fromMs: START_MS + 1, toMs: START_MS + 2 };
      expect((await sums(range)).map(({ asset, fills }) => [asset, fills])).to.deep.equal([
        ['BTC', '0.5'],
        ['USDT', '-30000.05'],
      ]);
      const assets = (toMs: number) =>
        new FlowRepository(test).assets(test.database, MAIN, { fromMs: START_MS + 2, toMs });
      expect(await assets(START_MS + 3)).to.deep.equal(new Set(['BTC', 'USDT', 'ETH']));
      expect(await assets(START_MS + 2)).to.deep.equal(new Set());
    });

    it('names the assets that flowed, as the view does', async () => {
      const coin = fc.constantFrom('A', 'B', 'C', 'D', 'E');
      const row = fc.record({
        kind: fc.constantFrom('exchange', 'profit', 'none', 'ok', 'pending', 'counts', 'counts not'),
        ...{
          base: coin,
          quote: coin,
          settleCurrency: coin,
          feeCurrency: fc.option(coin, { nil: undefined }),
        },
      });
      await fc.assert(
        fc.asyncProperty(fc.array(row, { maxLength: 5 }), async (rows) => {
          for (const { name } of [TRADES, TRANSFERS, LEDGER]) {
            await test.database.query(`DELETE FROM "${test.schema}".${name}`);
          }
          for (const [index, { kind, ...coins }] of rows.entries()) {
            const id = String(index);
            const feeCost = coins.feeCurrency && '1';
            if (kind === 'exchange' || kind === 'profit' || kind === 'none') {
              const fill = { ...coins, tradeId: id, flow: kind, feeCost, realizedPnl: '1' } as const;
              await add(MAIN, { trades: [trade(fill)] });
            } else if (kind === 'ok' || kind === 'pending') {
              await add(MAIN, { transfers: [transfer({ id, currency: coins.base, status: kind })] });
            } else {
              const entry = { id, currency: coins.base, feeCost, counts: kind === 'counts' };
              await add(MAIN, { ledger: [ledgerRow(entry)] });
            }
          }
          const view = await test.database.query<{ asset: string }>(
            `SELECT DISTINCT asset FROM "${test.schema}".account_flows`,
          );
          expect(await new FlowRepository(test).assets(test.database, MAIN, ALWAYS)).to.deep.equal(
            new Set(view.rows.map(({ asset }) => asset)),
          );
        }),
        { numRuns: 40 },
      );
    });

    it('names the assets that are on their way', async () => {
      await add(MAIN, {
        transfers: [
          transfer({ status: 'pending', timestampMs: START_MS }),
          transfer({ id: '2', currency: 'ETH', status: 'pending', timestampMs: START_MS + 1 }),
          transfer({ id: '3', currency: 'XRP' }),
        ],
      });
      const repository = new FlowRepository(test);
      expect(await repository.pendingAssets(test.database, MAIN)).to.deep.equal(new Set(['USDT', 'ETH']));
      expect(await repository.pendingAssets(test.database, MAIN, START_MS + 1)).to.deep.equal(
        new Set(['USDT']),
      );
    });

    it('gives every row of all accounts once, in the order of time, whatever the size of a batch', async () => {
      const timed = fc.record({ account: fc.constantFrom(MAIN, SUB), table: fc.nat(2), ms: fc.nat(6) });
      await fc.assert(
        fc.asyncProperty(
          fc.array(timed, { maxLength: 40 }),
          fc.integer({ min: 1, max: 7 }),
          fc.nat(3),
          async (rows, batchSize, fromMs) => {
            for (const table of [TRADES, TRANSFERS, LEDGER]) {
              await test.database.query(`DELETE FROM "${test.schema}".${table.name}`);
            }
            const events = rows.map((row, index) => ({
              ...row,
              id: `${index}`,
              timestampMs: START_MS + row.ms,
            }));
            for (const account of [MAIN, SUB]) {
              const of = (table: number) =>
                events.filter((event) => event.account === account && event.table === table);
              await add(account, {
                transfers: of(0).map(({ id, timestampMs }) => transfer({ id, timestampMs })),
                ledger: of(1).map(({ id, timestampMs }) => ledgerRow({ id, timestampMs })),
                trades: of(2).map(({ id, timestampMs }) => trade({ tradeId: id, timestampMs })),
              });
            }
            const given: unknown[] = [];
            const options = { fromMs: START_MS + fromMs, toMs: START_MS + 6, batchSize };
            for await (const batch of new FlowRepository(test).events(test.database, [MAIN, SUB], options)) {
              for (const { account, dataType, record } of batch) {
                given.push([
                  record.timestampMs,
                  dataType,
                  account,
                  'tradeId' in record ? record.tradeId : record.id,
                ]);
              }
            }
            const names = ['transfers', 'ledger', 'trades'];
            const expected = events
              .filter(({ ms }) => ms >= fromMs && ms < 6)
              .sort(
                (left, right) =>
                  left.ms - right.ms ||
                  left.table - right.table ||
                  Number(left.account === SUB) - Number(right.account === SUB) ||
                  Number(left.id) - Number(right.id),
              );
            expect(given).to.deep.equal(
              expected.map(({ timestampMs, table, account, id }) => [timestampMs, names[table], account, id]),
            );
          },
        ),
        { numRuns: 25 },
      );
    });

    it('gives rows of one millisecond by their ids, of which most are numbers', async () => {
      const ids = ['9', 'B', 'a', '10', '100'];
      await add(MAIN, { trades: [...ids].reverse().map((tradeId) => trade({ tradeId })) });
      const given = [];
      for await (const batch of new FlowRepository(test).events(test.database, [MAIN], { batchSize: 2 })) {
        for (const { record } of batch) given.push('tradeId' in record && record.tradeId);
      }
      expect(given).to.deep.equal(ids);
    });

    it('gives rows as they were written', async () => {
      const rows = {
        trades: [trade({ feeCost: undefined, feeCurrency: undefined, role: undefined })],
        transfers: [transfer()],
        ledger: [ledgerRow()],
      };
      await add(MAIN, rows);
      const given = [];
      for await (const batch of new FlowRepository(test).events(test.database, [MAIN])) given.push(...batch);
      expect(given).to.deep.equal([
        { account: MAIN, dataType: 'transfers', scope: 'out', record: rows.transfers[0] },
        { account: MAIN, dataType: 'ledger', scope: 'UNIFIED', record: rows.ledger[0] },
        { account: MAIN, dataType: 'trades', scope: 'spot', record: rows.trades[0] },
      ]);
    });

    it('tells of transfers that count from the ledger by what they are on the blockchain', async () => {
      const row = { kind: 'transfer', counts: true } as const;
      await add(MAIN, {
        transfers: [transfer({ id: 'refid', transactionId: '0xabc', change: '0' })],
        ledger: [
          ledgerRow({ ...row, id: '1', reference: 'refid' }),
          ledgerRow({ ...row, id: '2', reference: 'another' }),
          ledgerRow({ id: '3', kind: 'fee', reference: 'refid' }),
        ],
      });
      const told: unknown[] = [];
      for await (const batch of new FlowRepository(test).events(test.database, [MAIN])) {
        for (const event of batch) {
          if (event.dataType === 'ledger') told.push([event.record.id, event.transactionId]);
        }
      }
      expect(told).to.deep.equal([
        ['1', '0xabc'],
        ['2', undefined],
        ['3', undefined],
      ]);
    });
  });
}
