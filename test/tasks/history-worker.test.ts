import { expect } from 'chai';
import { ExchangeSyncError } from '#src/domain/errors.js';
import type { SyncReport } from '#src/domain/report.js';
import type { HistoryDemand } from '#src/sync/history/history-demand.js';
import { HistoryWorker } from '#src/tasks/history-worker.js';
import { expectError } from '../support/expect-error.js';
import { ManualClock } from '../support/manual-clock.js';
import { accountRef, watch } from './task-manager-harness.js';

type Slice = Partial<Parameters<HistoryDemand['add']>[0]> & { readonly report?: Partial<SyncReport> };

const LIST = {
  scope: 'spot',
  attempted: [],
  doneMs: 0,
  error: undefined,
  list: { settleLagMs: 5_000 },
  allLost: [],
};

/** A worker whose runs end as the test says: a slice, an error, or `held` by another process. */
function worker(
  runs: Partial<Record<string, readonly (Slice | 'held' | 'offered nothing')[]>> = {},
  { hasRereads = false } = {},
) {
  const clock = new ManualClock(0);
  const calls: string[] = [];
  const left = new Map(Object.entries(runs).map(([dataType, slices]) => [dataType, [...(slices ?? [])]]));
  const asked: unknown[][] = [];
  const report = (dataType: string, changes: Partial<SyncReport> = {}) =>
    ({
      exchange: 'bybit',
      account: 'main',
      dataType,
      status: 'ok',
      requests: 2,
      errors: [],
      ...changes,
    }) as SyncReport;
  const historyWorker = new HistoryWorker({
    taskManager: {
      async runHistory(_account, dataType, demand) {
        calls.push(`${dataType} @ ${clock.now()}`);
        const slice = left.get(dataType)?.shift() ?? {};
        if (slice === 'held') throw new ExchangeSyncError('LEASE_HELD', 'another process');
        if (slice === 'offered nothing') {
          return report(dataType, { status: 'skipped', errors: [{ code: 'NOT_SUPPORTED', message: 'no' }] });
        }
        const { report: changes, ...rest } = slice;
        if (changes?.status !== 'failed')
          demand.add({ rows: 3, newRows: 2, isMore: false, walks: [LIST], ...rest });
        return report(dataType, changes);
      },
      async trigger(_exchange, _account, dataType) {
        calls.push(`${dataType} @ ${clock.now()}`);
        return [report(dataType)];
      },
    },
    accounts: async () => [accountRef('bybit/main')],
    checkFrom: async () => undefined,
    askFrom: async ({ account }, dataTypes, fromMs) => void asked.push([account, ...dataTypes, fromMs]),
    hasRereads: async () => hasRereads,
    clock,
  });
  return { historyWorker, clock, calls, asked };
}

describe('HistoryWorker', () => {
  it('reads what is missing, the balances, what flowed by then, and what both say', async () => {
    const { historyWorker, clock, calls, asked } = worker({
      ledger: [{ isMore: true }, { isMore: true }, {}],
    });
    const backfill = watch(historyWorker.backfill({ fromMs: 7, allSymbols: false }));
    await clock.advance(60_000);
    expect(asked).to.deep.equal([['main', 'transfers', 'ledger', 'trades', 7]]);
    expect(calls).to.deep.equal([
      'transfers @ 0',
      'ledger @ 0',
      'ledger @ 0',
      'ledger @ 0',
      'trades @ 0',
      'balances @ 0',
      // The list's lag, and what clocks may differ by.
      'transfers @ 7000',
      'ledger @ 7000',
      'trades @ 7000',
      'portfolio @ 7000',
    ]);
    const results = backfill.value?.results ?? [];
    expect(
      results.map(({ dataType, status, rows, newRows, requests }) => [
        dataType,
        status,
        rows,
        newRows,
        requests,
      ]),
    ).to.deep.equal([
      ['transfers', 'ok', 6, 4, 4],
      ['ledger', 'ok', 12, 8, 8],
      ['trades', 'ok', 6, 4, 4],
    ]);
  });

  it('reads of one data type alone what is asked for alone', async () => {
    const { historyWorker, clock, calls, asked } = worker();
    const backfill = watch(historyWorker.backfill({ dataType: 'trades', fromMs: 7, allSymbols: false }));
    await clock.advance(60_000);
    expect(asked).to.deep.equal([['main', 'trades', 7]]);
    expect(calls).to.deep.equal(['trades @ 0', 'balances @ 0', 'trades @ 7000', 'portfolio @ 7000']);
    expect(backfill.value?.results.map(({ dataType }) => dataType)).to.deep.equal(['trades']);
  });

  it('waits for another process that has the account', async () => {
    const { historyWorker, clock, calls } = worker({ transfers: ['held', 'held', {}] });
    const backfill = watch(historyWorker.backfill({ allSymbols: false }));
    await clock.advance(60_000);
    expect(calls.slice(0, 4)).to.deep.equal([
      'transfers @ 0',
      'transfers @ 2000',
      'transfers @ 4000',
      'ledger @ 4000',
    ]);
    expect(backfill.value?.results.map(({ status }) => status)).to.deep.equal(['ok', 'ok', 'ok']);
  });

  it('goes on after another process took the account away in the middle', async () => {
    const lost = { status: 'failed', errors: [{ code: 'LEASE_LOST', message: 'another process' }] } as const;
    const { historyWorker, clock, calls } = worker({ ledger: [{ report: lost }, {}] });
    const backfill = watch(historyWorker.backfill({ allSymbols: false }));
    await clock.advance(60_000);
    expect(calls.slice(0, 4)).to.deep.equal([
      'transfers @ 0',
      'ledger @ 0',
      'ledger @ 2000',
      'trades @ 2000',
    ]);
    expect(backfill.value?.results.map(({ status }) => status)).to.deep.equal(['ok', 'ok', 'ok']);
  });

  it('ends where nothing can be read any more, and says so', async () => {
    const down = { code: 'DATABASE_UNAVAILABLE', message: 'down' } as const;
    const failed = { report: { status: 'failed', errors: [down] } } as const;
    const { historyWorker, clock, calls } = worker({
      transfers: [{ isMore: true }, failed],
      ledger: ['offered nothing'],
      trades: [failed, failed],
    });
    const backfill = watch(historyWorker.backfill({ allSymbols: false }));
    await clock.advance(60_000);
    expect(
      backfill.value?.results.map(({ dataType, status, errors }) => [dataType, status, errors]),
    ).to.deep.equal([
      // Read on when the database was back.
      ['transfers', 'ok', []],
      ['trades', 'failed', [down]],
    ]);
    expect(calls.filter((call) => call.startsWith('transfers'))).to.have.length(3);
  });

  it('reads again what a proof asks for', async () => {
    const { historyWorker, clock, calls } = worker({}, { hasRereads: true });
    const backfill = watch(historyWorker.backfill({ allSymbols: false }));
    await clock.advance(60_000);
    expect(backfill.settled).to.equal(true);
    expect(calls.filter((call) => call.startsWith('trades'))).to.have.length(3);
    expect(calls.filter((call) => call.startsWith('portfolio'))).to.have.length(2);
  });

  it('waits no longer than the synchronizer', async () => {
    const { historyWorker, clock } = worker({ transfers: ['held', 'held', 'held'] });
    const held = watch(historyWorker.backfill({ allSymbols: false }));
    await clock.advance(1_000);
    historyWorker.stop();
    await clock.advance(0);
    expect(held.error).to.include({ code: 'STOPPED' });
    expect(clock.sleepers).to.equal(0);
  });

  it('is called off with the synchronizer', async () => {
    const stopped = new ExchangeSyncError('STOPPED', 'stopped');
    const { historyWorker } = worker();
    const rejecting = new HistoryWorker({
      taskManager: { runHistory: () => Promise.reject(stopped), trigger: () => Promise.reject(stopped) },
      accounts: async () => [accountRef('bybit/main')],
      checkFrom: async () => undefined,
      askFrom: async () => undefined,
      hasRereads: async () => false,
      clock: new ManualClock(),
    });
    await expectError(rejecting.backfill({ allSymbols: false }), 'STOPPED');
    await expectError(
      historyWorker.backfill({ exchange: 'okx', allSymbols: false }),
      'EXCHANGE_NOT_CONFIGURED',
    );
  });
});
