import { expect } from 'chai';
import { ExchangeSyncError } from '#src/domain/errors.js';
import type { SyncReport } from '#src/domain/report.js';
import type { ScopeResult } from '#src/domain/scope-result.js';
import type { Transaction } from '#src/storage/database.js';
import type { LeaseAnswer } from '#src/storage/lease-repository.js';
import type { PreparedSync, SyncRun } from '#src/sync/data-sync.js';
import { LeaseKeeper } from '#src/sync/lease-keeper.js';
import type { DataSyncRegistry } from '#src/sync/registry.js';
import { SyncRunner } from '#src/sync/sync-runner.js';
import type { SyncTask } from '#src/sync/sync-task.js';
import { ManualClock } from '../support/manual-clock.js';
import { silentLogger } from '../support/silent-logger.js';
import { transaction } from './fakes/memory-table.js';

const COMPLETE: ScopeResult = { scope: 'a', attemptedAtMs: 1, completeAtMs: 1 };
const FAILED: ScopeResult = {
  scope: 'b',
  attemptedAtMs: 1,
  error: { code: 'EXCHANGE_TIMEOUT', message: 'no answer', scope: 'b' },
};
const SET_ASIDE: ScopeResult = {
  scope: 'c',
  attemptedAtMs: 1,
  error: { code: 'RECORD_INVALID', message: '1 set aside', scope: 'c' },
};

function prepared(rest: Partial<PreparedSync>): PreparedSync {
  return {
    scopes: [COMPLETE],
    itemsProcessed: 2,
    itemsSynced: 2,
    errors: [],
    write: async () => undefined,
    ...rest,
  };
}

interface Setting {
  readonly prepare: (run: SyncRun) => Promise<PreparedSync>;
  readonly databaseReady?: () => Promise<void>;
  readonly transactions?: (Error | undefined)[];
  readonly task?: Partial<SyncTask>;
  /** In how long something is lost, by what is stored. */
  readonly lossInMs?: number;
  /** What the database answers to who wants the lease, to a renewal and at the fence. */
  readonly lease?: LeaseAnswer;
  readonly fenced?: boolean;
  readonly clock?: ManualClock;
  /** Noted here: what was asked of the lease. */
  readonly leaseCalls?: string[];
}

const ACQUIRED: LeaseAnswer = {
  kind: 'acquired',
  lease: { exchange: 'bybit', account: 'main', owner: 'me', token: '1' },
};
const DURATION_MS = 30_000;

/** Runs one task; each transaction in turn fails with the given error or is committed. */
async function run(setting: Setting) {
  const { prepare, databaseReady, transactions = [], task, clock = new ManualClock(1000) } = setting;
  const recorded: { report: SyncReport; scopes: readonly ScopeResult[]; dueInMs: number | undefined }[] = [];
  const history: SyncReport[] = [];
  const { leaseCalls = [] } = setting;
  let pending: typeof recorded = [];
  let scopes: readonly ScopeResult[] = [];
  const leaseCall = (name: string) => {
    leaseCalls.push(name);
    return setting.fenced !== true;
  };
  const leaseKeeper = new LeaseKeeper({
    owner: 'me',
    isGone: async () => false,
    durationMs: DURATION_MS,
    leases: {
      acquire: async () => setting.lease ?? ACQUIRED,
      renew: async () => leaseCall('renew'),
      release: async () => leaseCall('release'),
      countRefused: async () => {
        leaseCall('count');
      },
    },
    // What is asked of leases alone fails for nobody.
    database: { transaction: (work) => work(transaction) },
    clock,
    logger: silentLogger,
  });
  const runner = new SyncRunner({
    leaseKeeper,
    registry: {
      balances: { dataType: 'balances', prepare },
    } as Partial<DataSyncRegistry> as DataSyncRegistry,
    database: {
      transaction: async <T>(work: (tx: Transaction) => Promise<T>) => {
        pending = [];
        scopes = [];
        const result = await work(transaction);
        const failure = transactions.shift();
        if (failure !== undefined) throw failure;
        recorded.push(...pending);
        return result;
      },
    },
    databaseReady: databaseReady ?? (async () => undefined),
    scopes: {
      record: async (_tx, _account, _dataType, results) => {
        scopes = results;
        return setting.lossInMs;
      },
      lossInMs: async () => setting.lossInMs,
    },
    status: {
      record: async (_tx, report, dueInMs) => {
        pending.push({ report, scopes, dueInMs });
      },
    },
    history: {
      record: async (_tx, report) => {
        history.push(report);
      },
    },
    retention: { pruneWhenDue: async () => undefined },
    holdKeeper: { refresh: async () => undefined, save: async () => undefined },
    logger: silentLogger,
    now: () => clock.now(),
    emitStart: () => undefined,
  });
  const result = await runner.run({
    runId: 'run-1',
    account: { exchange: 'bybit', account: 'main' },
    dataType: 'balances',
    priority: 'schedule',
    onlyIfDue: undefined,
    nextDueMs: 5000,
    signal: new AbortController().signal,
    ...task,
  });
  expect(clock.sleepers, 'timers left behind').to.equal(0);
  return { report: result.report as SyncReport, result, recorded, history, leaseCalls };
}

describe('SyncRunner', () => {
  const outcomes: readonly [string, Partial<PreparedSync>, string][] = [
    ['every scope complete', { scopes: [COMPLETE] }, 'ok'],
    ['nothing to hold', { scopes: [COMPLETE], itemsProcessed: 0, itemsSynced: 0 }, 'ok'],
    ['one scope of two failed', { scopes: [COMPLETE, FAILED] }, 'partial'],
    ['every scope failed', { scopes: [FAILED] }, 'failed'],
    ['a row set aside', { scopes: [SET_ASIDE] }, 'partial'],
    ['a row set aside beside a failure', { scopes: [SET_ASIDE, FAILED] }, 'partial'],
    ['something else wrong', { errors: [{ code: 'SCOPE_NEVER_READ', message: 'x' }] }, 'partial'],
  ];
  for (const [title, result, status] of outcomes) {
    it(`reports ${status}: ${title}`, async () => {
      const { report, recorded } = await run({ prepare: async () => prepared(result) });
      expect(report.status).to.equal(status);
      expect(recorded.map((entry) => entry.report)).to.deep.equal([report]);
    });
  }

  it('commits rows, scopes, status and history together', async () => {
    let written = 0;
    const { recorded, history } = await run({
      prepare: async () =>
        prepared({
          scopes: [COMPLETE, FAILED],
          write: async () => {
            written += 1;
          },
        }),
    });
    expect(written).to.equal(1);
    expect(recorded[0]?.scopes).to.deep.equal([COMPLETE, FAILED]);
    expect(recorded[0]?.dueInMs).to.equal(4000);
    expect(history).to.have.length(1);
  });

  it('reports failed when the rows could not be written, and records that', async () => {
    const full = new ExchangeSyncError('DATABASE_ERROR', 'disk full');
    const { report, recorded } = await run({
      prepare: async () => prepared({}),
      transactions: [full, undefined],
    });
    expect(report).to.include({ status: 'failed', itemsProcessed: 2, itemsSynced: 0 });
    expect(report.errors[0]?.code).to.equal('DATABASE_ERROR');
    expect(recorded.map((entry) => entry.report.status)).to.deep.equal(['failed']);
    expect(recorded[0]?.scopes).to.deep.equal([]);
  });

  it('reports what happened also when not even that can be recorded', async () => {
    const down = new ExchangeSyncError('DATABASE_UNAVAILABLE', 'connection refused');
    const { report, recorded } = await run({
      prepare: async () => prepared({}),
      transactions: [down, down],
    });
    expect(report.status).to.equal('failed');
    expect(report.errors[0]?.code).to.equal('DATABASE_UNAVAILABLE');
    expect(recorded).to.deep.equal([]);
  });

  it('asks the exchange for nothing while there is no database to write to', async () => {
    let asked = false;
    const { report } = await run({
      databaseReady: () => Promise.reject(new ExchangeSyncError('DATABASE_UNAVAILABLE', 'refused')),
      prepare: async () => {
        asked = true;
        return prepared({});
      },
    });
    expect(asked).to.equal(false);
    expect(report.errors.map(({ code }) => code)).to.deep.equal(['DATABASE_UNAVAILABLE']);
  });

  describe('runs before its time', () => {
    const HOUR = 60 * 60 * 1000;
    const dueAfter = async (
      lossInMs: number | undefined,
      rest: Partial<PreparedSync> = {},
      nextDueMs = 24 * HOUR,
    ) => {
      const { result, recorded } = await run({
        prepare: async () => prepared(rest),
        clock: new ManualClock(0),
        task: { nextDueMs },
        ...(lossInMs !== undefined && { lossInMs }),
      });
      return { stored: recorded[0]?.dueInMs, retryInMs: result.retryInMs };
    };

    it('at once, where more is to be read', async () => {
      expect(await dueAfter(undefined, { isMore: true })).to.deep.equal({ stored: 0, retryInMs: 0 });
    });

    it('before something falls off, with time to try again', async () => {
      expect(await dueAfter(2 * HOUR)).to.deep.equal({ stored: 1.5 * HOUR, retryInMs: 1.5 * HOUR });
      const margin = 12 * HOUR;
      expect(await dueAfter(100 * HOUR, {}, 200 * HOUR)).to.deep.include({ stored: 100 * HOUR - margin });
    });

    it('also after a run that came to nothing', async () => {
      expect(await dueAfter(2 * HOUR, { scopes: [] })).to.deep.include({ stored: 1.5 * HOUR });
    });

    it('but not for what is falling off already, e.g. of a list that the key may not read', async () => {
      const inTime = { stored: 24 * HOUR, retryInMs: undefined };
      expect(await dueAfter(300_000)).to.deep.equal(inTime);
      expect(await dueAfter(-HOUR)).to.deep.equal(inTime);
    });

    it('and in its time where that is earlier', async () => {
      expect(await dueAfter(48 * HOUR)).to.deep.equal({ stored: 24 * HOUR, retryInMs: undefined });
    });
  });

  it('skips what the exchange does not offer, which is no news for the history', async () => {
    const { report, history } = await run({
      prepare: () => Promise.reject(new ExchangeSyncError('NOT_SUPPORTED', 'no positions')),
    });
    expect(report.status).to.equal('skipped');
    expect(history).to.deep.equal([]);
  });

  it('counts requests and announces the first one once', async () => {
    let announced = 0;
    const { report } = await run({
      task: {
        onFirstRequest: () => {
          announced += 1;
        },
      },
      prepare: async ({ context: { meter } }) => {
        meter.requests += 1;
        meter.requests += 1;
        return prepared({});
      },
    });
    expect(report.requests).to.equal(2);
    expect(announced).to.equal(1);
  });

  it('rejects and writes nothing when it is aborted while reading', async () => {
    const controller = new AbortController();
    const stopping = new ExchangeSyncError('STOPPED', 'stopping');
    let wrote = false;
    const error = await run({
      task: { signal: controller.signal },
      prepare: async () => {
        controller.abort(stopping);
        return prepared({
          write: async () => {
            wrote = true;
          },
        });
      },
    }).catch((reason: unknown) => reason);
    expect(error).to.equal(stopping);
    expect(wrote).to.equal(false);
  });

  describe('under a lease', () => {
    const DUE = { intervalMs: 60_000, toleranceMs: 1_000 };
    const untouched = async (): Promise<PreparedSync> => {
      throw new Error('nothing was to be read');
    };

    it('reads nothing and tells nobody when the schedule meets another process', async () => {
      const { result, recorded } = await run({
        prepare: untouched,
        lease: { kind: 'held', owner: 'process 7 on elsewhere', freeInMs: 20_000 },
      });
      expect(result).to.deep.equal({ report: undefined, retryInMs: 20_000 });
      expect(recorded).to.deep.equal([]);
    });

    it('follows the time that is stored when another process has just done it', async () => {
      const { result } = await run({
        prepare: untouched,
        task: { onlyIfDue: DUE },
        lease: { kind: 'not-due', dueInMs: 55_000 },
      });
      expect(result).to.deep.equal({ report: undefined, dueInMs: 55_000 });
    });

    it('tells who triggers which process is at it', async () => {
      const { report, recorded } = await run({
        prepare: untouched,
        task: { priority: 'trigger' },
        lease: { kind: 'held', owner: 'process 7 on elsewhere', freeInMs: 20_000 },
      });
      expect(report).to.include({ status: 'skipped', requests: 0 });
      expect(report.errors[0]?.code).to.equal('LEASE_HELD');
      expect(report.errors[0]?.message).to.include('process 7 on elsewhere');
      expect(recorded).to.deep.equal([]);
    });

    it('writes nothing at all, and says so, when the lease was lost', async () => {
      let wrote = false;
      const { result, report, recorded, leaseCalls } = await run({
        fenced: true,
        prepare: async () =>
          prepared({
            write: async () => {
              wrote = true;
            },
          }),
      });
      expect(wrote).to.equal(false);
      expect(recorded).to.deep.equal([]);
      expect(report).to.include({ status: 'failed', itemsSynced: 0 });
      expect(report.errors.map(({ code }) => code)).to.deep.equal(['LEASE_LOST']);
      expect(result.retryInMs).to.equal(DURATION_MS);
      expect(leaseCalls).to.deep.equal(['release', 'count']);
    });

    it('renews while the run lasts, and ends the reading when that fails', async () => {
      const clock = new ManualClock();
      const { report, leaseCalls } = await run({
        clock,
        fenced: true,
        prepare: async ({ context }) => {
          await clock.advance(DURATION_MS / 3);
          context.signal.throwIfAborted();
          return prepared({});
        },
      });
      expect(leaseCalls).to.deep.equal(['renew', 'release', 'count']);
      expect(report.errors[0]?.code).to.equal('LEASE_LOST');
    });

    it('fences what is committed while the run lasts, and keeps the lease', async () => {
      const calls: string[] = [];
      const { report, leaseCalls } = await run({
        leaseCalls: calls,
        prepare: async ({ commit }) => {
          expect(await commit(async () => [...calls])).to.deep.equal(['renew']);
          expect(await commit(async () => [...calls])).to.deep.equal(['renew', 'renew']);
          return prepared({});
        },
      });
      expect(report.status).to.equal('ok');
      expect(leaseCalls).to.deep.equal(['renew', 'renew', 'release']);
    });

    it('commits nothing more, and reads nothing more, once it is lost', async () => {
      let wrote = false;
      const { report, recorded } = await run({
        fenced: true,
        prepare: async ({ context, commit }) => {
          const work = async () => {
            wrote = true;
          };
          await commit(work).catch(() => undefined);
          expect(context.signal.aborted, 'the reading goes on').to.equal(true);
          await commit(work);
          return prepared({});
        },
      });
      expect(wrote).to.equal(false);
      expect(recorded).to.deep.equal([]);
      expect(report.errors.map(({ code }) => code)).to.deep.equal(['LEASE_LOST']);
    });

    it('renews by what is committed', async () => {
      const clock = new ManualClock();
      const { report } = await run({
        clock,
        prepare: async ({ context, commit }) => {
          clock.jump(DURATION_MS - 1);
          await commit(async () => undefined);
          clock.jump(DURATION_MS - 1);
          context.meter.requests += 1;
          context.signal.throwIfAborted();
          return prepared({});
        },
      });
      expect(report).to.include({ status: 'ok', requests: 1 });
    });

    it('goes on for as long as it is renewed', async () => {
      const clock = new ManualClock();
      const { report, leaseCalls } = await run({
        clock,
        prepare: async ({ context }) => {
          await clock.advance(3 * DURATION_MS);
          context.meter.requests += 1;
          context.signal.throwIfAborted();
          return prepared({});
        },
      });
      expect(report.status).to.equal('ok');
      expect(leaseCalls.filter((call) => call === 'renew')).to.have.lengthOf(9);
    });

    it('sends no request after it was asleep for longer than the lease', async () => {
      const clock = new ManualClock();
      const { report } = await run({
        clock,
        prepare: async ({ context }) => {
          // As when a process is stopped: no timer has had its turn when it goes on.
          clock.jump(DURATION_MS);
          context.meter.requests += 1;
          context.signal.throwIfAborted();
          return prepared({});
        },
      });
      expect(report).to.include({ status: 'failed', requests: 0 });
      expect(report.errors[0]?.code).to.equal('LEASE_LOST');
    });

    it('gives the lease back when it is called off', async () => {
      const controller = new AbortController();
      const calls: string[] = [];
      const clock = new ManualClock();
      await run({
        clock,
        leaseCalls: calls,
        task: { signal: controller.signal },
        prepare: async () => {
          controller.abort(new ExchangeSyncError('STOPPED', 'stopping'));
          return prepared({});
        },
      }).catch(() => undefined);
      expect(calls).to.deep.equal(['release']);
      expect(clock.sleepers).to.equal(0);
    });
  });
});
