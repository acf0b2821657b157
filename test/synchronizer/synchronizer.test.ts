import { expect } from 'chai';
import { type DatabaseServer, HOST_PARTS, type HostParts } from '#src/bridge/host-parts.js';
import { DataType } from '#src/domain/data-type.js';
import { ExchangeSyncError } from '#src/domain/errors.js';
import type { LogRecord } from '#src/logging/logger.js';
import type { StartOptions } from '#src/start-options.js';
import { ExchangeDataSynchronizer, exchangeDataSynchronizer } from '#src/synchronizer.js';
import { rejection } from '../bridge/rejection.js';

const ENTRY = new URL('./workers/scripted-engine.js', import.meta.url);
const ENV = {
  EXCHANGE_SYNC_EXCHANGES: 'bybit,binance',
  DB_HOST: 'db.example',
  BYBIT_API_KEY: 'bybit-main-key',
  BYBIT_API_SECRET: 'bybit-main-secret',
  BYBIT_SUB1_API_KEY: 'bybit-sub1-key',
  BYBIT_SUB1_API_SECRET: 'bybit-sub1-secret',
};

function eventOf(synchronizer: ExchangeDataSynchronizer, name: 'worker:restart'): Promise<unknown> {
  return new Promise((resolve) => synchronizer.once(name, resolve));
}

function serverAt(port: number, stop: () => Promise<void> = async () => undefined): DatabaseServer {
  return {
    settings: {
      kind: 'server',
      host: '127.0.0.1',
      port,
      user: 'u',
      password: 'p'.repeat(20),
      database: 'd',
      schema: 'public',
      tls: 'disable',
    },
    stop,
  };
}

describe('ExchangeDataSynchronizer', () => {
  let synchronizer: ExchangeDataSynchronizer;
  let lines: LogRecord[];
  let closedLogs: number;

  function create(parts: Partial<HostParts> = {}): ExchangeDataSynchronizer {
    lines = [];
    closedLogs = 0;
    synchronizer = new ExchangeDataSynchronizer({
      ...HOST_PARTS,
      entry: ENTRY,
      restart: { firstDelayMs: 5, maxDelayMs: 20, ranWellMs: 60_000 },
      openLog: async () => ({
        write: (record) => lines.push(record),
        close: async () => {
          closedLogs += 1;
        },
      }),
      ...parts,
    });
    return synchronizer;
  }

  const start = (options: StartOptions = {}) => synchronizer.start({ env: ENV, ...options });
  const logged = (message: string) => lines.filter((line) => line.message === message);

  afterEach(() => synchronizer.stop());

  it('is one per process', () => {
    create();
    expect(ExchangeDataSynchronizer.getInstance()).to.equal(exchangeDataSynchronizer);
    expect(ExchangeDataSynchronizer.getInstance()).to.equal(ExchangeDataSynchronizer.getInstance());
  });

  describe('start', () => {
    it('returns at once, shares its promise, and lets triggers wait for the worker', async () => {
      create();
      const started = start();
      expect(synchronizer.state).to.equal('starting');
      expect(start()).to.equal(started);
      const [report] = await synchronizer.triggerSync('bybit', DataType.BALANCES);
      expect(report).to.deep.include({ exchange: 'bybit', account: undefined, dataType: 'balances' });
      expect(report).to.have.nested.property('answer.apiKey', 'bybit-main-key');
      await started;
      expect(synchronizer.state).to.equal('running');
      expect(start()).to.equal(started);
    });

    it('plans what a trigger would sync, by the same rules', async () => {
      create();
      expect((await rejection(synchronizer.plan('bybit'))).code).to.equal('NOT_STARTED');
      void start();
      expect(await synchronizer.plan(' Bybit/Sub1 ', DataType.BALANCES)).to.deep.equal([
        { exchange: 'bybit', account: 'sub1', dataType: 'balances' },
      ]);
      expect((await rejection(synchronizer.plan('kraken'))).code).to.equal('EXCHANGE_NOT_CONFIGURED');
      expect((await rejection(synchronizer.plan('bybit', 'fills' as 'all'))).code).to.equal(
        'DATA_TYPE_UNKNOWN',
      );
    });

    it('rejects bad configuration and tells it to who listens, and can be called again', async () => {
      create();
      const heard: ExchangeSyncError[] = [];
      synchronizer.on('error', (error) => heard.push(error));
      const error = await rejection(start({ intervalMinutes: '0', exchanges: 'bibyt' }));
      expect(error.code).to.equal('CONFIG_INVALID');
      expect(heard).to.deep.equal([error]);
      expect(synchronizer.state).to.equal('idle');
      expect((await rejection(synchronizer.triggerSync('bybit'))).code).to.equal('NOT_STARTED');
      await start();
      expect(synchronizer.state).to.equal('running');
    });

    it('never ends the host by a promise that nobody awaits', async () => {
      create();
      const unhandled: unknown[] = [];
      const listener = (reason: unknown) => unhandled.push(reason);
      process.on('unhandledRejection', listener);
      try {
        synchronizer.on('error', () => undefined);
        void start({ intervalMinutes: 'never' });
        await new Promise((resolve) => setImmediate(resolve));
        expect(unhandled).to.deep.equal([]);
      } finally {
        process.off('unhandledRejection', listener);
      }
    });

    it('warns of bad configuration where nobody listens', async () => {
      create();
      const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
      void start({ intervalMinutes: 'never' });
      expect((await warned).message).to.contain('never');
    });

    it('does not warn of what is awaited', async () => {
      create();
      const warnings: Error[] = [];
      const listener = (warning: Error) => warnings.push(warning);
      process.on('warning', listener);
      try {
        await rejection(start({ intervalMinutes: 'never' }));
        for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        expect(warnings).to.deep.equal([]);
      } finally {
        process.off('warning', listener);
      }
    });

    it('rejects what only the worker finds wrong with the configuration, and gives everything back', async () => {
      create();
      expect((await rejection(start({ quoteCurrency: 'BADCONFIG' }))).code).to.equal('TESTNET_UNAVAILABLE');
      expect(synchronizer.state).to.equal('idle');
      expect(closedLogs).to.equal(1);
      expect(logged('Something failed in the background')).to.have.length(1);
      await start();
    });

    it('goes on trying when the worker fails for any other reason', async () => {
      create();
      const restarted = eventOf(synchronizer, 'worker:restart');
      const started = start({ quoteCurrency: 'BROKEN' });
      expect(await restarted).to.deep.equal({
        reason: 'the worker thread could not start',
        attempt: 1,
        delayMs: 5,
      });
      await synchronizer.stop();
      expect((await rejection(started)).code).to.equal('STOPPED');
    });
  });

  describe('triggerSync', () => {
    it('needs a start', async () => {
      create();
      expect((await rejection(synchronizer.triggerSync('bybit'))).code).to.equal('NOT_STARTED');
      await start();
      await synchronizer.stop();
      expect((await rejection(synchronizer.triggerSync('bybit'))).code).to.equal('STOPPED');
    });

    it('cleans its arguments and syncs everything by default', async () => {
      create();
      await start();
      const [report] = await synchronizer.triggerSync(' Bybit / SUB1 ', ' ALL ' as never);
      expect(report).to.deep.include({ exchange: 'bybit', account: 'sub1', dataType: 'all' });
      expect((await synchronizer.triggerSync('binance'))[0]).to.deep.include({ dataType: 'all' });
    });

    it('names what is configured when it is given something else', async () => {
      create();
      await start();
      for (const target of ['okx', 'bybit/main/x', 'bybit/', '', undefined as never]) {
        const error = await rejection(synchronizer.triggerSync(target));
        expect(error.code, String(target)).to.equal('EXCHANGE_NOT_CONFIGURED');
        expect(error.details.configured).to.deep.equal(['bybit', 'binance']);
      }
      const unknownExchange = await rejection(synchronizer.triggerSync('bybitt/main'));
      expect(unknownExchange.code).to.equal('EXCHANGE_UNKNOWN');
      expect(unknownExchange.message).to.match(/"bybitt".*bybit/);
      const unknownType = await rejection(synchronizer.triggerSync('bybit', 'everything' as never));
      expect(unknownType.code).to.equal('DATA_TYPE_UNKNOWN');
      expect(unknownType.message).to.contain('balances');
    });

    it('rejects with WORKER_LOST when the worker dies, tells it, and works again', async () => {
      create();
      const heard: ExchangeSyncError[] = [];
      synchronizer.on('error', (error) => heard.push(error));
      await start();
      const restarted = eventOf(synchronizer, 'worker:restart');
      expect((await rejection(synchronizer.triggerSync('bybit', 'positions'))).code).to.equal('WORKER_LOST');
      expect(await restarted).to.include({ reason: 'the worker thread exited with code 7', attempt: 1 });
      expect(heard.map(({ code }) => code)).to.deep.equal(['WORKER_LOST']);
      expect(logged('The worker thread is started again')).to.have.length(1);
      expect(await synchronizer.triggerSync('bybit')).to.have.length(1);
    });

    it('asks the credentials that the host passed first, and anew each time', async () => {
      create();
      let apiKey = 'first';
      await start({
        credentials: {
          name: 'vault of the host',
          accounts: async () => ['main'],
          credentials: async () => ({ apiKey, secret: 'of-the-host' }),
        },
      });
      const resolved = async () => (await synchronizer.triggerSync('bybit', 'balances'))[0] as unknown;
      expect(await resolved()).to.have.nested.property('answer.apiKey', 'first');
      apiKey = 'second';
      expect(await resolved()).to.have.nested.property('answer.apiKey', 'second');
      expect(logged('Credentials found')[0]?.fields).to.include({ source: 'vault of the host' });
    });

    it('gives a provider that never answers a deadline', async () => {
      create({ hostCallDeadlineMs: 20 });
      const never = new Promise<never>(() => undefined);
      await start({ credentials: { name: 'slow', accounts: () => never, credentials: () => never } });
      expect((await rejection(synchronizer.triggerSync('bybit', 'balances'))).code).to.equal(
        'CREDENTIALS_MISSING',
      );
    });
  });

  describe('events', () => {
    it('logs each error once, whether somebody listens or not, and survives listeners that throw', async () => {
      create();
      await start();
      await synchronizer.triggerSync('bybit', 'orders');
      const failing = new Error('listener failed');
      synchronizer.on('error', () => {
        throw failing;
      });
      const heard: ExchangeSyncError[] = [];
      synchronizer.on('error', (error) => heard.push(error));
      await synchronizer.triggerSync('bybit', 'orders');
      expect(heard.map(({ code }) => code)).to.deep.equal(['BANNED']);
      expect(logged('Something failed in the background')).to.have.length(2);
      expect(logged('A listener of the host failed')).to.have.length(1);
    });
  });

  describe('stop', () => {
    it('lets what is under way finish, gives everything back, and can start again', async () => {
      create();
      await start();
      const draining = synchronizer.triggerSync('bybit', 'prices');
      await synchronizer.triggerSync('bybit');
      const stopped = synchronizer.stop();
      expect(synchronizer.state).to.equal('stopping');
      expect(synchronizer.stop()).to.equal(stopped);
      await stopped;
      expect((await draining)[0]).to.deep.include({ answer: 'drained' });
      expect(synchronizer.state).to.equal('stopped');
      expect(closedLogs).to.equal(1);
      await synchronizer.stop();
      await start();
      expect(await synchronizer.triggerSync('bybit')).to.have.length(1);
    });

    it('rejects what does not finish with STOPPED', async () => {
      create();
      await start();
      const pending = rejection(synchronizer.triggerSync('bybit', 'portfolio'));
      await synchronizer.triggerSync('bybit');
      await synchronizer.stop();
      expect((await pending).code).to.equal('STOPPED');
    });

    it('does nothing before a start', async () => {
      create();
      await synchronizer.stop();
      expect(synchronizer.state).to.equal('idle');
    });

    it('overtakes a start, and a start overtakes a stop', async () => {
      create();
      const first = rejection(start());
      void synchronizer.stop();
      const second = start();
      expect(start()).to.equal(second);
      expect((await first).code).to.equal('STOPPED');
      await second;
      expect(synchronizer.state).to.equal('running');
      void synchronizer.stop();
      const third = rejection(start());
      await synchronizer.stop();
      expect((await third).code).to.equal('STOPPED');
      expect(synchronizer.state).to.equal('stopped');
    });

    it('can be tried again when something could not be given back', async () => {
      let failures = 1;
      let stops = 0;
      const stop = async () => {
        stops += 1;
        failures -= 1;
        if (failures >= 0) throw new ExchangeSyncError('EMBEDDED_DATABASE_FAILED', 'will not stop');
      };
      create({ startDatabase: async () => serverAt(5_000, stop) });
      await start({ env: {} });
      expect((await rejection(synchronizer.stop())).code).to.equal('EMBEDDED_DATABASE_FAILED');
      expect(synchronizer.state).to.equal('stop-failed');
      expect((await rejection(synchronizer.triggerSync('bybit'))).code).to.equal('STOPPED');
      expect(closedLogs).to.equal(0);
      await synchronizer.stop();
      expect(synchronizer.state).to.equal('stopped');
      expect([stops, closedLogs]).to.deep.equal([2, 1]);
    });
  });

  describe('while it is not started', () => {
    it('answers in a worker for this call only', async () => {
      create();
      expect(await synchronizer.status({ env: ENV })).to.include({ mode: 'read-only', host: 'db.example' });
      expect(logged('Status asked')).to.have.length(1);
      expect(await synchronizer.portfolio({ exchange: 'bybit' }, { env: ENV })).to.deep.equal({
        mode: 'read-only',
        filter: { exchange: 'bybit' },
      });
      expect(await synchronizer.history({ limit: 3 }, { env: ENV })).to.deep.equal([
        { mode: 'read-only', filter: { limit: 3 } },
      ]);
      expect(await synchronizer.migrate({ env: ENV })).to.deep.equal({ mode: 'read-only' });
      expect(await synchronizer.runOnce({ env: ENV })).to.deep.equal([{ mode: 'on-demand', port: 5432 }]);
      expect(closedLogs).to.equal(5);
      expect(synchronizer.state).to.equal('idle');
    });

    it('uses the running one while there is one', async () => {
      create();
      await start();
      expect(await synchronizer.status()).to.include({ mode: 'service' });
      expect(await synchronizer.runOnce()).to.deep.equal([{ mode: 'service', port: 5432 }]);
    });

    it('shares a run that is under way', async () => {
      create();
      const run = synchronizer.runOnce({ env: ENV });
      expect(synchronizer.runOnce({ env: ENV })).to.equal(run);
      await run;
      expect(await synchronizer.runOnce({ env: ENV })).to.have.length(1);
    });

    it('fails at the first obstacle instead of trying again', async () => {
      create({
        startDatabase: async () => {
          throw new ExchangeSyncError('EMBEDDED_DATABASE_FAILED', 'no binaries');
        },
      });
      expect((await rejection(synchronizer.runOnce({ env: {} }))).code).to.equal('EMBEDDED_DATABASE_FAILED');
      expect(
        (await rejection(synchronizer.status({ env: { ...ENV, EXCHANGE_SYNC_QUOTE_CURRENCY: 'BROKEN' } })))
          .code,
      ).to.equal('INTERNAL');
      expect(closedLogs).to.equal(2);
    });

    it('is ended by stop, and gives everything back once', async () => {
      let closed = 0;
      const close = async () => {
        closed += 1;
        await new Promise((resolve) => setImmediate(resolve));
      };
      create({ openLog: async () => ({ write: () => undefined, close }) });
      const run = rejection(synchronizer.runOnce({ env: ENV }));
      await synchronizer.stop();
      expect((await run).code).to.equal('STOPPED');
      expect(closed).to.equal(1);
    });
  });

  describe('embedded database', () => {
    it('is started before the worker, tried again, and stopped after it', async () => {
      const order: string[] = [];
      let attempts = 0;
      create({
        startDatabase: async () => {
          attempts += 1;
          if (attempts < 3) throw new ExchangeSyncError('EMBEDDED_DATABASE_FAILED', `attempt ${attempts}`);
          return serverAt(5_001, async () => void order.push('database'));
        },
        openLog: async () => ({ write: () => undefined, close: async () => void order.push('log') }),
      });
      const heard: string[] = [];
      synchronizer.on('error', ({ message }) => heard.push(message));
      const started = synchronizer.start({ env: {} });
      expect((await rejection(synchronizer.triggerSync('bybit'))).message).to.equal('attempt 1');
      await started;
      expect(heard).to.deep.equal(['attempt 1', 'attempt 2']);
      expect(await synchronizer.status()).to.include({ port: 5_001 });
      await synchronizer.stop();
      expect(order).to.deep.equal(['database', 'log']);
    });

    it('is started again when it ends, and the worker follows it to another port', async () => {
      const ends: (() => void)[] = [];
      create({
        startDatabase: async (_settings, _logger, onEnd) => {
          ends.push(onEnd);
          return serverAt(5_000 + ends.length);
        },
      });
      await synchronizer.start({ env: {} });
      expect(await synchronizer.status()).to.include({ port: 5_001 });
      const restarted = eventOf(synchronizer, 'worker:restart');
      ends[0]?.();
      expect(await restarted).to.include({ reason: 'the embedded database moved to another port' });
      expect(await synchronizer.status()).to.include({ port: 5_002 });
      expect(ends).to.have.length(2);
    });

    it('can be stopped while it is tried again', async () => {
      create({
        startDatabase: async () => {
          throw new ExchangeSyncError('EMBEDDED_DATABASE_FAILED', 'no');
        },
        restart: { firstDelayMs: 3_600_000, maxDelayMs: 3_600_000, ranWellMs: 60_000 },
      });
      const heard = new Promise((resolve) => synchronizer.once('error', resolve));
      const started = rejection(synchronizer.start({ env: {} }));
      await heard;
      await synchronizer.stop();
      expect((await started).code).to.equal('STOPPED');
    });
  });
});
