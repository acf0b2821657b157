import { expect } from 'chai';
import type { RestartTiming } from '#src/bridge/restart-backoff.js';
import { WorkerSupervisor } from '#src/bridge/worker-supervisor.js';
import { WorkerThread } from '#src/bridge/worker-thread.js';
import { systemClock } from '#src/domain/clock.js';
import { ExchangeSyncError } from '#src/domain/errors.js';
import { rejection } from './rejection.js';
import type { Script } from './workers/scripted-worker.js';

const ENTRY = new URL('./workers/scripted-worker.js', import.meta.url);

describe('WorkerSupervisor', () => {
  let supervisor: WorkerSupervisor;
  let restarts: { reason: string; attempt: number; delayMs: number }[];
  let created: number;
  /** A busy machine keeps a healthy worker from answering for a while; only the hanging one is hurried. */
  let heartbeatMs = 5_000;
  let lastThread: WorkerThread | undefined;

  /** The nth thread runs the nth script; further ones run well. */
  function supervise(...scripts: Script[]): WorkerSupervisor {
    return superviseWith({ firstDelayMs: 5, maxDelayMs: 20, ranWellMs: 60_000 }, ...scripts);
  }

  function superviseWith(restart: RestartTiming, ...scripts: Script[]): WorkerSupervisor {
    restarts = [];
    created = 0;
    supervisor = new WorkerSupervisor({
      createThread: () => {
        const data = scripts[created] ?? {};
        created += 1;
        lastThread = new WorkerThread({
          entry: ENTRY,
          data,
          hostApi: { listAccounts: async () => [], resolveCredentials: async () => undefined },
          onNotice: () => undefined,
          onOutput: () => undefined,
          clock: systemClock,
          heartbeat: { intervalMs: heartbeatMs, missedLimit: 3 },
          startDeadlineMs: 20_000,
          resourceLimits: { maxOldGenerationSizeMb: 64 },
        });
        return lastThread;
      },
      clock: systemClock,
      restart,
      isPermanent: (error) => error instanceof ExchangeSyncError && error.code === 'CONFIG_INVALID',
      onLost: ({ reason }, restart) => restarts.push({ reason, ...restart }),
    });
    return supervisor;
  }

  const call = (what: string) => supervisor.api.triggerSync(what, undefined, 'all');

  afterEach(async () => {
    heartbeatMs = 5_000;
    await supervisor.stop(1_000);
  });

  for (const what of ['crash', 'exit', 'hang', 'fill-memory']) {
    it(`starts another worker after: ${what}`, async () => {
      heartbeatMs = what === 'hang' ? 50 : 5_000;
      await supervise().start();
      heartbeatMs = 5_000;
      const pending = rejection(call('never'));
      call(what).catch(() => undefined);
      expect((await pending).code).to.equal('WORKER_LOST');
      // Waits for the worker that is being started instead of failing.
      expect(await call('echo')).to.deep.equal(['echo', undefined]);
      expect(restarts).to.have.length(1);
      expect(restarts[0]).to.include({ attempt: 1, delayMs: 5 });
    });
  }

  it('is started once a worker is ready, however many were lost before', async () => {
    await supervise({ start: 'exit' }, { start: 'fail' }, { start: 'exit' }).start();
    expect(restarts.map(({ attempt, delayMs }) => [attempt, delayMs])).to.deep.equal([
      [1, 5],
      [2, 10],
      [3, 20],
    ]);
    expect(await call('echo')).to.deep.equal(['echo', undefined]);
  });

  it('rejects what waited for a worker that could not start', async () => {
    const started = supervise({ start: 'fail' }).start();
    expect((await rejection(call('echo'))).code).to.equal('INTERNAL');
    await started;
  });

  it('gives up when the next worker would fail the same way', async () => {
    const started = supervise({ start: 'reject-configuration' }).start();
    expect((await rejection(started)).code).to.equal('CONFIG_INVALID');
    expect((await rejection(call('echo'))).code).to.equal('CONFIG_INVALID');
    await lastThread?.exited;
    await new Promise((resolve) => setImmediate(resolve));
    expect(created).to.equal(1);
    expect(restarts).to.deep.equal([]);
  });

  it('starts none after stop, and rejects with STOPPED', async () => {
    await supervise().start();
    await supervisor.stop(1_000);
    expect((await rejection(call('echo'))).code).to.equal('STOPPED');
    expect(created).to.equal(1);
  });

  it('can be stopped while it waits to start the next worker', async () => {
    const anHour = { firstDelayMs: 3_600_000, maxDelayMs: 3_600_000, ranWellMs: 60_000 };
    const started = superviseWith(anHour, { start: 'exit' }).start();
    await rejection(call('echo'));
    await supervisor.stop(1_000);
    expect((await rejection(started)).code).to.equal('STOPPED');
    expect((await rejection(call('echo'))).code).to.equal('STOPPED');
  });

  it('can be stopped before it was started', async () => {
    await supervise().stop(1_000);
  });
});
