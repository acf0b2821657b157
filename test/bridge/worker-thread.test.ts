import { expect } from 'chai';
import sinon from 'sinon';
import type { BridgeMessage } from '#src/bridge/protocol.js';
import { RpcPeer } from '#src/bridge/rpc-peer.js';
import type { WorkerNotice } from '#src/bridge/worker-api.js';
import { WorkerThread, type WorkerThreadOptions } from '#src/bridge/worker-thread.js';
import { systemClock } from '#src/domain/clock.js';
import { ExchangeSyncError } from '#src/domain/errors.js';
import { rejection } from './rejection.js';
import type { Script } from './workers/scripted-worker.js';

const ENTRY = new URL('./workers/scripted-worker.js', import.meta.url);

/** A busy machine keeps a healthy worker from answering for a while; only a test of hanging may be impatient. */
const PATIENT = { intervalMs: 5_000, missedLimit: 3 };
const IMPATIENT = { intervalMs: 50, missedLimit: 3 };

describe('WorkerThread', () => {
  const threads: WorkerThread[] = [];
  let notices: WorkerNotice[] = [];
  let printed: [string, string][] = [];

  function create(script: Script = {}, options: Partial<WorkerThreadOptions> = {}): WorkerThread {
    notices = [];
    printed = [];
    const thread = new WorkerThread({
      entry: ENTRY,
      data: script,
      hostApi: {
        listAccounts: async () => ['main'],
        resolveCredentials: async ({ exchange }) => ({
          credentials: { apiKey: `key of ${exchange}` },
          source: 'test',
        }),
      },
      onNotice: (notice) => notices.push(notice),
      onOutput: (stream, text) => printed.push([stream, text]),
      clock: systemClock,
      heartbeat: PATIENT,
      startDeadlineMs: 20_000,
      resourceLimits: { maxOldGenerationSizeMb: 64 },
      ...options,
    });
    threads.push(thread);
    thread.start();
    return thread;
  }

  const call = (thread: WorkerThread, what: string) => thread.api.triggerSync(what, undefined, 'all');

  afterEach(async () => {
    for (const thread of threads.splice(0)) await thread.stop(0).catch(() => undefined);
  });

  it('calls the worker, with undefined kept, and the host back', async () => {
    const thread = create();
    await thread.ready;
    expect(await call(thread, 'echo')).to.deep.equal(['echo', undefined]);
    expect(await call(thread, 'ask-host')).to.deep.equal({
      credentials: { apiKey: 'key of bybit' },
      source: 'test',
    });
  });

  it('answers calls that were made before it was ready', async () => {
    expect(await call(create(), 'echo')).to.deep.equal(['echo', undefined]);
  });

  it('gives the worker neither arguments nor environment nor flags', async () => {
    process.env.BYBIT_API_SECRET = 'do not inherit';
    try {
      expect(await call(create(), 'surroundings')).to.deep.equal({ env: {}, argv: [], execArgv: [] });
    } finally {
      delete process.env.BYBIT_API_SECRET;
    }
  });

  it('rejects with the error that was thrown, code and cause included', async () => {
    const error = await rejection(call(create(), 'throw-own'));
    expect(error).to.include({ code: 'EXCHANGE_UNAVAILABLE', message: 'bybit is down' });
    expect(error.details).to.deep.equal({ status: 503 });
    expect(error.cause).to.include({ name: 'TypeError', code: 'ECONNRESET' });
    expect((await rejection(call(create(), 'throw-foreign'))).code).to.equal('INTERNAL');
  });

  it('rejects what cannot cross, both ways, instead of leaving the caller waiting', async () => {
    const thread = create();
    expect((await rejection(call(thread, 'return-unclonable'))).code).to.equal('INTERNAL');
    const argument = { exchange: () => 'bybit' } as never;
    expect((await rejection(thread.api.portfolio(argument))).code).to.equal('INTERNAL');
    expect(await call(thread, 'echo')).to.deep.equal(['echo', undefined]);
  });

  it('answers only the methods of its interface', async () => {
    const thread = create();
    const stop = (thread.api as unknown as Record<string, unknown>).stop;
    expect(stop).to.equal(undefined);
    const peer = new RpcPeer({
      send: (message) => sent.push(message),
      api: { toString: () => '' },
      methods: {} as never,
    });
    const sent: BridgeMessage[] = [];
    await peer.answer({ kind: 'call', id: 1, method: 'toString', args: [] });
    expect(sent).to.have.nested.property('[0].error.code', 'INTERNAL');
  });

  const deaths = {
    crash: /crashed: crashed on purpose/,
    'reject-in-background': /crashed: nobody caught this/,
    exit: /exited with code 7/,
    hang: /did not answer for 150 ms/,
    'fill-memory': /ran out of memory/,
  };
  for (const [what, reason] of Object.entries(deaths)) {
    const heartbeat = what === 'hang' ? IMPATIENT : PATIENT;
    it(`rejects everything pending with WORKER_LOST after: ${what}`, async () => {
      const thread = create({}, { heartbeat });
      await thread.ready;
      const pending = rejection(call(thread, 'never'));
      call(thread, what).catch(() => undefined);
      const error = await pending;
      expect(error.code).to.equal('WORKER_LOST');
      expect(error.message).to.match(reason);
      expect((await thread.exited).reason).to.match(reason);
      expect((await rejection(call(thread, 'echo'))).code).to.equal('WORKER_LOST');
    });
  }

  const startFailures = {
    fail: ['INTERNAL', /could not start/],
    'reject-configuration': ['CONFIG_INVALID', /could not start/],
    exit: ['WORKER_LOST', /exited with code 3/],
  } as const;
  for (const [start, [code, reason]] of Object.entries(startFailures)) {
    it(`is never ready when its start ends with: ${start}`, async () => {
      const thread = create({ start: start as keyof typeof startFailures });
      expect((await rejection(thread.ready)).code).to.equal(code);
      expect((await thread.exited).reason).to.match(reason);
    });
  }

  it('ends a worker that hangs while it starts', async () => {
    const thread = create({ start: 'hang' }, { startDeadlineMs: 300 });
    expect((await rejection(thread.ready)).message).to.match(/not ready after 300 ms/);
  });

  it('does not take a blocked host for a hung worker', async () => {
    const thread = create({}, { heartbeat: { intervalMs: 200, missedLimit: 3 } });
    await thread.ready;
    const pending = call(thread, 'drain');
    const untilMs = performance.now() + 1_500;
    while (performance.now() < untilMs);
    expect(await call(thread, 'echo')).to.deep.equal(['echo', undefined]);
    await thread.stop(5_000);
    expect(await pending).to.deep.equal(['drained']);
  });

  it('reports a thread that cannot be created', async () => {
    const thread = create({}, { data: { callback: () => 1 } });
    expect((await rejection(thread.ready)).code).to.equal('WORKER_LOST');
    expect((await thread.exited).reason).to.match(/could not be created/);
  });

  for (const what of ['log-and-exit', 'log-and-crash', 'log-and-hang']) {
    it(`loses no log record and no order after: ${what}`, async () => {
      // Longer than posting 20,000 records takes.
      const thread = create(
        {},
        { heartbeat: what === 'log-and-hang' ? { intervalMs: 500, missedLimit: 3 } : PATIENT },
      );
      await thread.ready;
      await rejection(call(thread, what));
      const lines = notices.map((notice) => notice.kind === 'log' && notice.record.fields.i);
      expect(lines.length).to.equal(20_000);
      expect(lines.every((i, index) => i === index)).to.equal(true);
    });
  }

  it('carries log records and events that hold errors and functions', async () => {
    const thread = create();
    await call(thread, 'log-unclonable');
    await call(thread, 'emit-error');
    const [log, event] = notices;
    expect(log?.kind === 'log' && log.record.fields.error).to.be.instanceOf(ExchangeSyncError);
    expect(event?.kind === 'event' && event.event.payload)
      .to.be.instanceOf(ExchangeSyncError)
      .and.include({ code: 'BANNED' });
  });

  it('keeps what a library prints out of the output of the host', async () => {
    const write = sinon.spy(process.stdout, 'write');
    try {
      const thread = create();
      await call(thread, 'print');
      await thread.stop(1_000);
      expect(printed).to.deep.equal([['stdout', 'printed by a library']]);
      expect(write.args.flat().filter((chunk) => String(chunk).includes('by a library'))).to.deep.equal([]);
    } finally {
      write.restore();
    }
  });

  describe('stop', () => {
    it('lets what is under way finish', async () => {
      const thread = create();
      await thread.ready;
      const draining = call(thread, 'drain');
      await thread.stop(5_000);
      expect(await draining).to.deep.equal(['drained']);
    });

    it('rejects with STOPPED what did not finish', async () => {
      const thread = create();
      await thread.ready;
      const pending = rejection(call(thread, 'never'));
      await thread.stop(5_000);
      expect((await pending).code).to.equal('STOPPED');
    });

    it('ends a worker that does not stop within the deadline', async () => {
      const thread = create({ stop: 'hang' });
      await thread.ready;
      const error = await rejection(thread.stop(10));
      expect(error).to.include({ code: 'ABORTED' });
      await thread.exited;
    });

    it('says what went wrong when the worker fails or dies while it stops', async () => {
      const failing = create({ stop: 'reject' });
      await failing.ready;
      expect((await rejection(failing.stop(5_000))).code).to.equal('DATABASE_ERROR');
      await failing.exited;
      const dying = create({ stop: 'exit' });
      await dying.ready;
      expect((await rejection(dying.stop(5_000))).message).to.match(/exited with code 9/);
    });

    it('does nothing more for a thread that is gone', async () => {
      const thread = create();
      await thread.ready;
      await rejection(call(thread, 'exit'));
      await thread.stop(5_000);
      await thread.stop(5_000);
    });
  });
});
