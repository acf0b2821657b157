import { serveWorker, type WorkerProgram } from '#src/bridge/serve-worker.js';
import { ExchangeSyncError } from '#src/domain/errors.js';

/** How the thread behaves; `exchange` in `triggerSync` says what a call does. */
export interface Script {
  readonly start?: 'fail' | 'reject-configuration' | 'hang' | 'exit';
  readonly stop?: 'hang' | 'reject' | 'exit' | 'drain';
}

function blockLoop(): never {
  for (;;);
}

function fillMemory(): never {
  const kept: string[][] = [];
  for (;;) kept.push(Array.from({ length: 10_000 }, (_, i) => `${kept.length}-${i}`));
}

serveWorker(async ({ data, host, notify }) => {
  const { start, stop } = data as Script;
  if (start === 'fail') throw new TypeError('no engine today');
  if (start === 'reject-configuration')
    throw new ExchangeSyncError('CONFIG_INVALID', 'interval 0 is too short');
  if (start === 'hang') blockLoop();
  if (start === 'exit') process.exit(3);

  let finishDraining: (() => void) | undefined;
  const log = (message: string, fields = {}) =>
    notify({ kind: 'log', record: { level: 'INFO', message, fields, timestampMs: 1 } });

  const calls: Record<string, () => unknown> = {
    hang: blockLoop,
    'fill-memory': fillMemory,
    exit: () => process.exit(7),
    crash: () =>
      setImmediate(() => {
        throw new RangeError('crashed on purpose');
      }),
    'reject-in-background': () => void Promise.reject(new Error('nobody caught this')),
    never: () => new Promise(() => undefined),
    'log-and-exit': () => {
      for (let i = 0; i < 20_000; i += 1) log('line', { i });
      process.exit(0);
    },
    'log-and-crash': () => {
      for (let i = 0; i < 20_000; i += 1) log('line', { i });
      setImmediate(() => {
        throw new Error('crashed on purpose');
      });
      return new Promise(() => undefined);
    },
    'log-and-hang': () => {
      for (let i = 0; i < 20_000; i += 1) log('line', { i });
      blockLoop();
    },
    'log-unclonable': () =>
      log('odd', { callback: () => 1, error: new ExchangeSyncError('BANNED', 'for a while') }),
    'emit-error': () =>
      notify({
        kind: 'event',
        event: { name: 'error', payload: new ExchangeSyncError('BANNED', 'for a while') },
      }),
    'throw-own': () => {
      const cause = Object.assign(new TypeError('socket closed'), { code: 'ECONNRESET' });
      throw new ExchangeSyncError('EXCHANGE_UNAVAILABLE', 'bybit is down', {
        details: { status: 503 },
        cause,
      });
    },
    'throw-foreign': () => {
      throw new RangeError('out of range');
    },
    'return-unclonable': () => () => 1,
    'ask-host': () => host.resolveCredentials({ exchange: 'bybit', account: 'main' }),
    surroundings: () => ({ env: process.env, argv: process.argv.slice(2), execArgv: process.execArgv }),
    print: () => process.stdout.write('printed by a library\n'),
    drain: () =>
      new Promise((resolve) => {
        finishDraining = () => resolve(['drained']);
      }),
  };

  const program: WorkerProgram = {
    triggerSync: async (exchange, account) => ((await calls[exchange]?.()) ?? [exchange, account]) as never,
    syncAll: async () => [],
    testCredentials: async () => [],
    status: async () => ({
      scheduled: true,
      dataTypes: [],
      circuits: [],
      limits: [],
      suspensions: [],
      refusedWrites: 0,
    }),
    portfolio: async () => ({ items: [], values: [] }),
    history: async () => [],
    mirror: async () => ({ balances: [], positions: [], orders: [], prices: [] }),
    plan: async () => [],
    backfill: async () => Promise.reject(new Error('not scripted')),
    repair: async () => Promise.reject(new Error('not scripted')),
    coverage: async () => ({ scopes: [] }),
    proof: async () => ({ assets: [] }),
    ping: async () => ({ ok: true, answeredInMs: 0 }),
    migrate: async () => ({
      schema: 'public',
      fromVersion: 0,
      toVersion: 0,
      applied: [],
      dryRun: false,
      adoption: null,
    }),
    backup: async () => Promise.reject(new Error('not scripted')),
    restore: async () => Promise.reject(new Error('not scripted')),
    stop: async () => {
      if (stop === 'hang') blockLoop();
      if (stop === 'exit') process.exit(9);
      if (stop === 'reject') throw new ExchangeSyncError('DATABASE_ERROR', 'the pool would not close');
      finishDraining?.();
    },
  };
  return program;
});
