import { expect } from 'chai';
import type { AccountRef } from '#src/domain/account.js';
import type { LedgerRecord, TradeRecord, TransferRecord } from '#src/domain/history-records.js';
import { netFlow } from '#src/ledger/proof.js';
import { seededRandom } from '#src/simulator/world/random.js';
import { createRepositories } from '#src/storage/repositories.js';
import type { TestDatabase } from '../support/postgres.js';
import { ledgerRow, trade, transfer } from './records.js';

const MAIN: AccountRef = { exchange: 'bybit', account: 'main' };
const SUB: AccountRef = { exchange: 'bybit', account: 'sub1' };
const START_MS = Date.UTC(2026, 0, 1);
const ASSETS = ['BTC', 'ETH', 'USDT'];

/** Sums of windows of time, and how it is noticed that they are no longer right. */
export function describeFlowWindows(test: TestDatabase): void {
  const repositories = () => createRepositories(test);

  describe('sums of windows', () => {
    it('are what adding up each row says, however windows overlap', async () => {
      const { between, pick } = seededRandom('windows');
      const rows = Array.from({ length: 300 }, (_, index) =>
        ledgerRow({
          id: String(index),
          currency: pick(ASSETS) ?? '',
          amount: String(between(-50, 50)),
          timestampMs: START_MS + between(0, 99),
        }),
      );
      const { histories, flows } = repositories();
      await test.database.transaction((tx) => histories.ledger.add(tx, MAIN, 'UNIFIED', rows));
      await test.database.transaction((tx) => histories.ledger.add(tx, SUB, 'UNIFIED', rows.slice(0, 50)));
      const windows = Array.from({ length: 40 }, () => {
        const fromMs = START_MS + between(0, 99);
        return { asset: pick(ASSETS) ?? '', fromMs, toMs: fromMs + between(0, 60) };
      });
      const sums = await flows.windowSums(test.database, MAIN, windows);
      const naive = windows.map(({ asset, fromMs, toMs }) =>
        rows
          .filter((row) => row.currency === asset && row.timestampMs >= fromMs && row.timestampMs < toMs)
          .reduce((total, row) => total + Number(row.amount), 0),
      );
      expect(sums.map((sum) => Number(netFlow(sum)))).to.deep.equal(naive);
      expect(new Set(naive).size).to.be.greaterThan(10);
    });
  });

  describe('sums of fills', () => {
    it('are those of account_flows, whatever a fill moves', async () => {
      const { between, pick } = seededRandom('fills');
      const fills = Array.from({ length: 200 }, (_, index) => {
        const flow = pick(['exchange', 'profit', 'none'] as const) ?? 'none';
        const feeCurrency = pick([...ASSETS, undefined]);
        return trade({
          ...{ tradeId: String(index), flow, side: pick(['buy', 'sell'] as const) ?? 'buy' },
          ...{ base: pick(ASSETS) ?? '', quote: pick(ASSETS) ?? '', amount: String(between(1, 9)) },
          ...{
            cost: String(between(1, 99)),
            realizedPnl: String(between(-9, 9)),
            settleCurrency: pick(ASSETS) ?? '',
          },
          ...{
            feeCurrency,
            feeCost: feeCurrency && String(between(-3, 3)),
            timestampMs: START_MS + between(0, 99),
          },
        });
      });
      const { histories, flows } = repositories();
      await test.database.transaction(async (tx) => {
        await histories.trades.add(tx, MAIN, 'spot', fills);
        await histories.transfers.add(tx, MAIN, 'in', [transfer({ timestampMs: START_MS + 30 })]);
      });
      const range = { fromMs: START_MS + 20, toMs: START_MS + 80 };
      const sums = await flows.sums(test.database, MAIN, range);
      const windows = sums.map(({ asset }) => ({ ...range, asset }));
      const expected = sums.map(({ asset: _, ...rest }) => rest);
      expect(await flows.windowSums(test.database, MAIN, windows)).to.deep.equal(expected);
      expect(sums).to.have.length(3);
      expect(await flows.everMoved(test.database, MAIN)).to.deep.equal(['BTC', 'ETH', 'USDT']);
      expect(await flows.everMoved(test.database, SUB)).to.deep.equal([]);
    });
  });

  describe('sums that are kept', () => {
    const TO_MS = START_MS + 1000;
    const inside = { timestampMs: START_MS + 500 };

    const keep = (account: AccountRef, ...assets: readonly string[]) =>
      test.database.transaction((tx) =>
        repositories().openings.put(
          tx,
          account,
          assets.map((asset) => ({
            asset,
            horizonMs: START_MS,
            quantity: '0',
            source: 'account-opened' as const,
            ...{ anchoredAtMs: undefined, anchorQuantity: undefined, summedToMs: TO_MS },
            ...{ fills: '1', fees: '0', transfers: '0', ledger: '0' },
          })),
        ),
      );
    const stale = async () => {
      const { rows } = await test.database.query<{ name: string }>(
        `SELECT account || ' ' || asset AS name FROM "${test.schema}".balance_openings
         WHERE summed_to IS NULL ORDER BY 1`,
      );
      return rows.map(({ name }) => name);
    };
    interface Row {
      readonly trade?: TradeRecord;
      readonly transfer?: TransferRecord;
      readonly ledger?: LedgerRecord;
    }
    const add = (row: Row) =>
      test.database.transaction(async (tx) => {
        const { trades, transfers, ledger } = repositories().histories;
        if (row.trade) await trades.add(tx, MAIN, 'spot', [row.trade]);
        if (row.transfer) await transfers.add(tx, MAIN, 'in', [row.transfer]);
        if (row.ledger) await ledger.add(tx, MAIN, 'UNIFIED', [row.ledger]);
      });

    beforeEach(async () => {
      await keep(MAIN, 'BTC', 'USDT', 'BNB', 'ETH');
      await keep(SUB, 'BTC', 'USDT');
    });

    it('are worth nothing after a fill that comes late, for each of its three currencies', async () => {
      await add({ trade: trade({ ...inside, feeCurrency: 'BNB' }) });
      expect(await stale()).to.deep.equal(['main BNB', 'main BTC', 'main USDT']);
    });

    it('stay after rows before the horizon, after their end, and those that move nothing', async () => {
      await add({ trade: trade({ tradeId: '1', timestampMs: START_MS - 1 }) });
      await add({ trade: trade({ tradeId: '2', timestampMs: TO_MS }) });
      await add({ trade: trade({ ...inside, tradeId: '3', flow: 'none' }) });
      expect(await stale()).to.deep.equal([]);
      await add({ trade: trade({ tradeId: '4', timestampMs: TO_MS - 1, feeCurrency: 'BTC' }) });
      expect(await stale()).to.deep.equal(['main BTC', 'main USDT']);
    });

    it('are worth nothing after a transfer that is final, or not any more', async () => {
      await add({ transfer: transfer({ ...inside, status: 'pending' }) });
      await keep(MAIN, 'USDT');
      expect(await stale()).to.deep.equal([]);
      await add({ transfer: transfer({ ...inside, status: 'ok' }) });
      expect(await stale()).to.deep.equal(['main USDT']);
    });

    it('are worth nothing after a row was changed or removed by hand', async () => {
      await add({ ledger: ledgerRow({ ...inside, currency: 'ETH' }) });
      for (const change of ['SET amount = 5', "SET currency = 'BTC'", "SET timestamp = '2031-01-01'"]) {
        await keep(MAIN, 'BTC', 'ETH');
        await test.database.query(`UPDATE "${test.schema}".exchange_ledger ${change}`);
        expect((await stale()).length, change).to.be.greaterThan(0);
        await test.database.query(`DELETE FROM "${test.schema}".exchange_ledger`);
        await add({ ledger: ledgerRow({ ...inside, currency: 'ETH' }) });
      }
      await keep(MAIN, 'BTC', 'ETH');
      await test.database.query(`DELETE FROM "${test.schema}".exchange_ledger`);
      expect(await stale()).to.deep.equal(['main ETH']);
    });
  });

  describe('observations', () => {
    const observe = (...minutes: readonly number[]) =>
      test.database.transaction(async (tx) => {
        for (const minute of minutes) {
          const atMs = START_MS + minute * 60_000;
          const read = {
            observedFromMs: atMs - 10,
            observedToMs: atMs,
            quantities: new Map([['BTC', String(minute)]]),
          };
          await repositories().observations.record(tx, MAIN, read);
        }
      });
    const kept = async () => {
      const list = await repositories().observations.list(test.database, MAIN);
      return list.map(({ observedToMs }) => (observedToMs - START_MS) / 60_000);
    };

    it('are thinned to the oldest and the newest; the baseline stays', async () => {
      await observe(1, 2, 3, 4, 5, 6, 7);
      const { observations } = repositories();
      expect(await observations.baseline(test.database, MAIN)).to.equal(undefined);
      await test.database.transaction(async (tx) => {
        await observations.makeBaseline(tx, MAIN, START_MS + 60_000);
        await observations.makeBaseline(tx, MAIN, START_MS + 4 * 60_000);
        await observations.thin(tx, MAIN, { oldest: 1, newest: 2 });
      });
      expect(await kept()).to.deep.equal([1, 4, 6, 7]);
      await test.database.transaction((tx) => observations.forget(tx, MAIN, START_MS + 7 * 60_000));
      expect(await kept()).to.deep.equal([4, 7]);
      const baseline = await observations.baseline(test.database, MAIN);
      expect(baseline?.quantities).to.deep.equal(new Map([['BTC', '4']]));
    });
  });
}
