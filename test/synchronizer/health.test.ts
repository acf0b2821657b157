import { expect } from 'chai';
import { HOST_PARTS, type HostParts } from '#src/bridge/host-parts.js';
import { DataType } from '#src/domain/data-type.js';
import { ExchangeSyncError } from '#src/domain/errors.js';
import type { StartOptions } from '#src/start-options.js';
import { ExchangeDataSynchronizer } from '#src/synchronizer.js';
import { rejection } from '../bridge/rejection.js';
import { ManualClock } from '../support/manual-clock.js';
import { until } from '../support/until.js';

const ENTRY = new URL('./workers/scripted-engine.js', import.meta.url);
const ENV = { EXCHANGE_SYNC_EXCHANGES: 'bybit', DB_HOST: 'db.example' };

describe('ExchangeDataSynchronizer.health', () => {
  let synchronizer: ExchangeDataSynchronizer;

  function start(options: StartOptions = {}, parts: Partial<HostParts> = {}): Promise<void> {
    synchronizer = new ExchangeDataSynchronizer({
      ...HOST_PARTS,
      entry: ENTRY,
      openLog: async () => ({ write: () => undefined, close: async () => undefined }),
      ...parts,
    });
    synchronizer.on('error', () => undefined);
    return synchronizer.start({ env: ENV, ...options });
  }

  const workerHealth = async () => (await synchronizer.health()).worker;

  afterEach(() => synchronizer.stop());

  it('is what the worker says of the database', async () => {
    await start();
    const { ok, worker, database } = await synchronizer.health({ deadlineMs: 123 });
    expect(ok).to.equal(false);
    expect(worker).to.include({ ok: true });
    expect(database).to.deep.equal({
      ok: false,
      code: 'DATABASE_UNAVAILABLE',
      message: 'nothing within 123 ms',
    });
  });

  it('says why it could not start, until it is started again or stopped', async () => {
    await rejection(start({ intervalMinutes: 'never' }));
    expect(await workerHealth()).to.include({ ok: false, code: 'CONFIG_INVALID' });
    await synchronizer.start({ env: ENV });
    expect(await workerHealth()).to.include({ ok: true });
    await synchronizer.stop();
    expect(await synchronizer.health()).to.deep.equal({
      ok: false,
      worker: { ok: false, code: 'STOPPED', message: 'The synchronizer is stopped; call start() again.' },
      database: null,
    });
  });

  it('says at once that the worker died, while the next one is waited for', async () => {
    // The next one is never started: the clock stands still.
    await start({}, { clock: new ManualClock() });
    const lost = new Promise((resolve) => synchronizer.once('worker:restart', resolve));
    await rejection(synchronizer.triggerSync('bybit', DataType.POSITIONS));
    await lost;
    expect(await synchronizer.health()).to.deep.equal({
      ok: false,
      worker: {
        ok: false,
        code: 'WORKER_LOST',
        message: 'The worker is being started again because the worker thread exited with code 7.',
      },
      database: null,
    });
  });

  it('forgets a worker that died once the next one is ready', async () => {
    await start({}, { restart: { firstDelayMs: 5, maxDelayMs: 20, ranWellMs: 60_000 } });
    await rejection(synchronizer.triggerSync('bybit', DataType.POSITIONS));
    await until('the next worker', async () => (await workerHealth()).ok);
  });

  it('says why the embedded database does not start, while it is tried again', async () => {
    let starts = 0;
    const starting = start(
      { env: { EXCHANGE_SYNC_EXCHANGES: 'bybit' } },
      {
        // Not tried again before the test says so.
        clock: new ManualClock(),
        startDatabase: async () => {
          starts += 1;
          throw new ExchangeSyncError('EMBEDDED_DATABASE_FAILED', 'the disk is full');
        },
      },
    );
    starting.catch(() => undefined);
    await until('the failure', async () => !(await workerHealth()).ok);
    // At once also when nobody waited for the attempt that failed.
    expect(await workerHealth()).to.deep.equal({
      ok: false,
      code: 'EMBEDDED_DATABASE_FAILED',
      message: 'the disk is full',
    });
    expect(starts).to.equal(1);
  });

  it('does not wait longer than the deadline and a second for a worker that is silent', async () => {
    const clock = new ManualClock();
    await start({ quoteCurrency: 'MUTE' }, { clock, heartbeat: { intervalMs: 60_000, missedLimit: 3 } });
    const health = synchronizer.health({ deadlineMs: 2_000 });
    await clock.advance(3_000);
    expect((await health).worker).to.deep.equal({
      ok: false,
      code: 'WORKER_SILENT',
      message: 'The worker thread did not answer within 3000 ms. If it stays silent, it is started again.',
    });
  });
});
