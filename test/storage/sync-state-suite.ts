import { expect } from 'chai';
import type { AccountRef } from '#src/domain/account.js';
import type { SyncReport } from '#src/domain/report.js';
import type { ScopeResult } from '#src/domain/scope-result.js';
import { ScopeRepository } from '#src/storage/scope-repository.js';
import { SyncHistoryRepository } from '#src/storage/sync-history-repository.js';
import { SyncStatusRepository } from '#src/storage/sync-status-repository.js';
import type { TestDatabase } from '../support/postgres.js';

const MAIN: AccountRef = { exchange: 'bybit', account: 'main' };
const T1 = Date.UTC(2026, 0, 1, 10);
const T2 = Date.UTC(2026, 0, 1, 11);
const DENIED = { code: 'PERMISSION_DENIED', message: 'the key may not read FUND', scope: 'FUND' } as const;

function report(changes: Partial<SyncReport> = {}): SyncReport {
  return {
    ...MAIN,
    runId: 'run-1',
    dataType: 'balances',
    status: 'ok',
    itemsProcessed: 3,
    itemsSynced: 2,
    startedAt: new Date(T1).toISOString(),
    finishedAt: new Date(T1 + 1234).toISOString(),
    requests: 4,
    errors: [],
    ...changes,
  };
}

export function describeSyncState(test: TestDatabase): void {
  describe('scopes', () => {
    const scopes = () => new ScopeRepository({ schema: test.schema });
    const record = (...results: ScopeResult[]) =>
      test.database.transaction((tx) => scopes().record(tx, MAIN, 'balances', results));
    const list = () => scopes().list(test.database);

    it('keep the age of the last complete read when a later attempt fails', async () => {
      await record({ scope: 'FUND', attemptedAtMs: T1, completeAtMs: T1 });
      await record({ scope: 'FUND', attemptedAtMs: T2, error: DENIED });
      expect(await list()).to.deep.equal([
        {
          ...MAIN,
          dataType: 'balances',
          scope: 'FUND',
          lastCompleteAtMs: T1,
          lastAttemptAtMs: T2,
          errorCode: 'PERMISSION_DENIED',
          wanted: undefined,
          nextLossAtMs: undefined,
        },
      ]);
    });

    it('know what should be known, and what is lost next also after a failure', async () => {
      const HOUR = 60 * 60 * 1000;
      const nowMs = Date.now();
      const wanted = { fromMs: T1, toMs: T2 };
      const tells = { wanted, nextLossAtMs: nowMs + 2 * HOUR };
      const lossInMs = await record(
        { scope: 'UNIFIED', attemptedAtMs: T1, ...tells },
        { scope: 'FUND', attemptedAtMs: T1, wanted, nextLossAtMs: nowMs + 3 * HOUR },
      );
      expect(lossInMs).to.be.within(2 * HOUR - 60_000, 2 * HOUR);
      const down = { code: 'EXCHANGE_UNAVAILABLE', message: 'it is down' } as const;
      await record(
        { scope: 'UNIFIED', attemptedAtMs: T2, error: down },
        { scope: 'FUND', attemptedAtMs: T2 },
      );
      expect((await list()).map(({ scope, ...row }) => [scope, row.wanted, row.nextLossAtMs])).to.deep.equal([
        ['FUND', wanted, undefined],
        ['UNIFIED', wanted, nowMs + 2 * HOUR],
      ]);
      const stored = await scopes().lossInMs(test.database, MAIN, 'balances');
      expect(stored).to.be.within(2 * HOUR - 60_000, 2 * HOUR);
      expect(await scopes().lossInMs(test.database, MAIN, 'orders')).to.equal(undefined);
    });

    it('are no reason to come sooner where the key may not read them', async () => {
      const nextLossAtMs = Date.now() + 60_000;
      const lossInMs = await record({ scope: 'UNIFIED', attemptedAtMs: T1, nextLossAtMs, error: DENIED });
      expect(lossInMs).to.equal(undefined);
      expect(await scopes().lossInMs(test.database, MAIN, 'balances')).to.equal(undefined);
      expect((await list())[0]).to.include({ nextLossAtMs });
    });

    it('never move back', async () => {
      await record({ scope: 'FUND', attemptedAtMs: T2, completeAtMs: T2 });
      await record({ scope: 'FUND', attemptedAtMs: T1, completeAtMs: T1, error: DENIED });
      expect((await list())[0]).to.include({
        lastCompleteAtMs: T2,
        lastAttemptAtMs: T2,
        errorCode: undefined,
      });
    });

    it('are never younger than now, whatever the clock of who read them said', async () => {
      const aheadMs = Date.UTC(2099, 0, 1);
      await record({ scope: 'FUND', attemptedAtMs: aheadMs, completeAtMs: aheadMs });
      const [first] = await list();
      expect(first?.lastCompleteAtMs).to.be.below(aheadMs).and.equal(first?.lastAttemptAtMs);
      await record({ scope: 'FUND', attemptedAtMs: aheadMs, error: DENIED });
      expect((await list())[0]).to.include({
        lastCompleteAtMs: first?.lastCompleteAtMs,
        errorCode: 'PERMISSION_DENIED',
      });
    });

    it('are forgotten when they are read no more', async () => {
      await record({ scope: 'spot', attemptedAtMs: T1, completeAtMs: T1 });
      await record({ scope: 'UNIFIED', attemptedAtMs: T2 }, { scope: 'FUND', attemptedAtMs: T2 });
      expect((await list()).map(({ scope }) => scope)).to.deep.equal(['FUND', 'UNIFIED']);
    });

    it('are found by account and data type', async () => {
      await record({ scope: 'UNIFIED', attemptedAtMs: T1 }, { scope: 'FUND', attemptedAtMs: T1 });
      const find = (filter: object) => scopes().list(test.database, filter);
      expect((await find({ ...MAIN, dataType: 'balances' })).map(({ scope }) => scope)).to.deep.equal([
        'FUND',
        'UNIFIED',
      ]);
      expect(await find({ dataType: 'orders' })).to.deep.equal([]);
      expect(await find({ account: 'other' })).to.deep.equal([]);
    });
  });

  describe('history', () => {
    const history = () => new SyncHistoryRepository({ schema: test.schema });
    const record = (...reports: SyncReport[]) =>
      test.database.transaction(async (tx) => {
        for (const each of reports) await history().record(tx, each);
      });

    it('tells how each sync ended, newest first', async () => {
      await record(
        report(),
        report({
          runId: 'run-2',
          status: 'partial',
          startedAt: new Date(T2).toISOString(),
          finishedAt: new Date(T2).toISOString(),
          errors: [DENIED, { code: 'RECORD_INVALID', message: 'a row had\0 no total' }],
        }),
      );
      const [newest, oldest] = await history().list(test.database);
      expect(newest).to.include({
        runId: 'run-2',
        status: 'partial',
        errorCode: 'PERMISSION_DENIED',
        errorMessage: 'the key may not read FUND. a row had\uFFFD no total',
      });
      const { status, dataType, itemsProcessed, itemsSynced, startedAt, finishedAt, requests } = report();
      expect(oldest).to.deep.equal({
        ...{ ...MAIN, id: oldest?.id, runId: 'run-1', dataType, status, itemsProcessed, itemsSynced },
        ...{ startedAt, finishedAt, requests, errorCode: null, errorMessage: null },
      });
    });

    it('is filtered and limited', async () => {
      await record(
        report(),
        report({ dataType: 'orders', status: 'failed' }),
        report({ exchange: 'binance', account: 'sub1' }),
      );
      const count = async (filter: object) => (await history().list(test.database, filter)).length;
      expect(await count({ exchange: 'bybit' })).to.equal(2);
      expect(await count({ account: 'sub1' })).to.equal(1);
      expect(await count({ dataType: 'orders' })).to.equal(1);
      expect(await count({ status: 'ok' })).to.equal(2);
      expect(await count({ limit: 1 })).to.equal(1);
    });

    it('loses only what is older than its retention', async () => {
      const now = new Date().toISOString();
      await record(report(), report({ startedAt: now, finishedAt: now }));
      const prune = () => test.database.transaction((tx) => history().prune(tx, 1));
      expect(await prune()).to.equal(1);
      expect(await prune()).to.equal(0);
      expect(await history().list(test.database)).to.have.length(1);
    });
  });

  describe('status', () => {
    const status = () => new SyncStatusRepository({ schema: test.schema });
    const record = (entry: SyncReport, dueInMs?: number) =>
      test.database.transaction((tx) => status().record(tx, entry, dueInMs));
    const only = async () => (await status().list(test.database))[0];
    /** Rounded to minutes, for time has passed since. */
    const dueInMinutes = async () => {
      const due = await status().dueTimes(test.database);
      return due.map(({ dataType, dueInMs }) => [dataType, Math.round(dueInMs / 60_000)]);
    };
    const HOUR = 3_600_000;

    it('is of the last sync, with its scopes', async () => {
      await record(report());
      await test.database.transaction((tx) =>
        new ScopeRepository({ schema: test.schema }).record(tx, MAIN, 'balances', [
          { scope: 'UNIFIED', attemptedAtMs: T1, completeAtMs: T1 },
          { scope: 'FUND', attemptedAtMs: T1, error: DENIED },
        ]),
      );
      expect(await status().list(test.database)).to.deep.equal([
        {
          ...{ ...MAIN, dataType: 'balances', status: 'ok', running: false },
          ...{ lastSync: report().finishedAt, lastSuccess: report().finishedAt },
          ...{ nextSync: null, errorCode: null, errorMessage: null },
          scopes: [
            {
              scope: 'FUND',
              lastCompleteAt: null,
              lastAttemptAt: new Date(T1).toISOString(),
              errorCode: 'PERMISSION_DENIED',
              nextLossAt: null,
            },
            {
              scope: 'UNIFIED',
              lastCompleteAt: new Date(T1).toISOString(),
              lastAttemptAt: new Date(T1).toISOString(),
              errorCode: null,
              nextLossAt: null,
            },
          ],
        },
      ]);
    });

    it('remembers from when on somebody asked for a history', async () => {
      const from = () => status().historyFrom(test.database, MAIN, 'trades');
      const ask = (fromMs?: number) =>
        test.database.transaction((tx) => status().askHistoryFrom(tx, MAIN, 'trades', fromMs));
      expect(await from()).to.equal(undefined);
      await ask(T1);
      expect(await from()).to.equal(T1);
      await ask();
      expect(await from()).to.equal(undefined);
    });

    it('keeps the last success and the due time when a triggered sync fails', async () => {
      await record(report(), HOUR);
      const finishedAt = new Date(T1 + 60_000).toISOString();
      await record(report({ status: 'failed', finishedAt, errors: [DENIED] }));
      expect(await only()).to.include({
        status: 'failed',
        lastSync: finishedAt,
        lastSuccess: report().finishedAt,
        errorCode: 'PERMISSION_DENIED',
      });
      expect(await dueInMinutes()).to.deep.equal([['balances', 60]]);
    });

    it('is left to the sync that ran when another one was skipped', async () => {
      await record(report(), HOUR);
      await record(report({ status: 'skipped', errors: [DENIED] }), 2 * HOUR);
      expect(await only()).to.include({
        status: 'ok',
        lastSync: report().finishedAt,
        errorCode: null,
      });
      expect(await dueInMinutes()).to.deep.equal([['balances', 120]]);
    });

    it('gives the due times by the clock of the database, earliest first', async () => {
      await record(report({ dataType: 'orders' }), HOUR);
      await record(report(), -HOUR / 2);
      await record(report({ dataType: 'prices' }));
      expect(await dueInMinutes()).to.deep.equal([
        ['balances', -30],
        ['orders', 60],
      ]);
      const { rows } = await test.database.query<{ minutes: number }>(
        `SELECT round(extract(epoch FROM next_sync - now()) / 60)::int AS minutes
         FROM "${test.schema}".sync_status WHERE data_type = 'orders'`,
      );
      expect(rows).to.deep.equal([{ minutes: 60 }]);
    });

    it('takes an interval without touching anything else', async () => {
      await record(report(), HOUR);
      const before = await only();
      await test.database.transaction((tx) =>
        status().schedule(tx, [{ ...MAIN, dataType: 'balances', intervalMs: 90_500 }]),
      );
      expect(await only()).to.deep.equal(before);
      const { rows } = await test.database.query<{ seconds: string }>(
        `SELECT extract(epoch FROM sync_interval)::text AS seconds FROM "${test.schema}".sync_status`,
      );
      expect(Number(rows[0]?.seconds)).to.equal(90.5);
    });
  });
}
