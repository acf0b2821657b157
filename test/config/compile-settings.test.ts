import { expect } from 'chai';
import { compileSettings } from '#src/config/compile-settings.js';
import type { SettingOptions } from '#src/config/setting-options.js';
import type { SettingProblem } from '#src/config/setting-values.js';
import { ExchangeSyncError } from '#src/domain/errors.js';

const DIRECTORY = '/home/somebody';

function compile(env: Record<string, string>, options: SettingOptions = {}) {
  return compileSettings(options, env, DIRECTORY);
}

function problemsOf(env: Record<string, string>, options: SettingOptions = {}): readonly SettingProblem[] {
  return rejection(env, options).details.problems as SettingProblem[];
}

function rejection(env: Record<string, string>, options: SettingOptions = {}): ExchangeSyncError {
  try {
    compile(env, options);
  } catch (error: unknown) {
    expect(error).to.be.instanceOf(ExchangeSyncError);
    expect((error as ExchangeSyncError).code).to.equal('CONFIG_INVALID');
    return error as ExchangeSyncError;
  }
  throw new Error('the settings were accepted');
}

describe('compileSettings', () => {
  it('runs on defaults alone', () => {
    const { settings, warnings } = compile({});
    const interval = 30 * 60_000;
    expect(settings).to.deep.equal({
      exchanges: [{ id: 'bybit', connection: { testnet: false }, accountConnections: {} }],
      schedule: {
        enabled: true,
        intervalMs: {
          balances: interval,
          positions: interval,
          orders: interval,
          prices: interval,
          transfers: interval,
          ledger: interval,
          trades: interval,
          portfolio: interval,
        },
      },
      database: { kind: 'embedded', schema: 'public', dataDir: '/home/somebody/.exchange-sync' },
      logging: { level: 'INFO', consoleLevel: 'INFO', directory: '/home/somebody/logs' },
      vault: { file: '/home/somebody/.exchange-sync/vault.json' },
      quoteCurrency: 'USDT',
      costBasisMethod: 'average',
      historyRetentionDays: 90,
      accountOpenings: {},
      snapshots: { fullDays: 7, hourlyDays: 90 },
    });
    expect(warnings).to.deep.equal([]);
  });

  it('refuses a logger and a provider that cannot do what they are for', () => {
    const pino = { info: () => undefined };
    const error = rejection({}, { logger: pino, credentials: { name: 'mine' } } as SettingOptions);
    expect(error.message).to.contain('option logger: has no method log; pass a winston logger');
    expect(error.message).to.contain('option credentials: has no method accounts, credentials;');
    expect(compile({}, { logger: { log: () => undefined } } as SettingOptions).warnings).to.deep.equal([]);
  });

  it('freezes what it gives', () => {
    const { settings } = compile({});
    expect(() => {
      (settings.schedule.intervalMs as { prices: number }).prices = 1;
    }).to.throw(TypeError);
  });

  it('prefers options to the environment, and the environment to defaults', () => {
    const env = { EXCHANGE_SYNC_LOG_LEVEL: 'ERROR', EXCHANGE_SYNC_QUOTE_CURRENCY: 'usdc' };
    const { settings } = compile(env, { logLevel: 'debug', exchanges: ['kraken'] });
    expect(settings.logging.level).to.equal('DEBUG');
    expect(settings.quoteCurrency).to.equal('USDC');
    expect(settings.exchanges.map(({ id }) => id)).to.deep.equal(['kraken']);
  });

  it('treats an option that is undefined as not given', () => {
    expect(
      compile({ EXCHANGE_SYNC_LOG_LEVEL: 'ERROR' }, { logLevel: undefined }).settings.logging.level,
    ).to.equal('ERROR');
  });

  it('treats an empty variable as not set', () => {
    const { settings } = compile({ EXCHANGE_SYNC_INTERVAL_MINUTES: ' ', DB_HOST: '', DATABASE_URL: '' });
    expect(settings.schedule.intervalMs.prices).to.equal(30 * 60_000);
    expect(settings.database.kind).to.equal('embedded');
  });

  it('reports every problem at once, by the name a person set it by', () => {
    const env = {
      EXCHANGE_SYNC_EXCHANGES: 'bybitt,kraken,binanc',
      EXCHANGE_SYNC_ENABLED: 'perhaps',
      EXCHANGE_SYNC_INTERVAL_MINUTES_PRICES: '-1',
      EXCHANGE_SYNC_LOG_LEVEL: 'loud',
      KRAKEN_TESTNET: '1',
      DB_PORT: '70000',
      DB_SCHEMA: 'My Schema',
    };
    const problems = problemsOf(env, { intervalMinutes: 0 });
    expect(problems.map(({ setting, code }) => `${setting} ${code}`)).to.have.members([
      'EXCHANGE_SYNC_EXCHANGES EXCHANGE_UNKNOWN',
      'EXCHANGE_SYNC_EXCHANGES EXCHANGE_UNKNOWN',
      'KRAKEN_TESTNET TESTNET_UNAVAILABLE',
      'option intervalMinutes (--interval) CONFIG_INVALID',
      'EXCHANGE_SYNC_INTERVAL_MINUTES_PRICES CONFIG_INVALID',
      'EXCHANGE_SYNC_ENABLED CONFIG_INVALID',
      'EXCHANGE_SYNC_LOG_LEVEL CONFIG_INVALID',
      'DB_SCHEMA CONFIG_INVALID',
      'DB_PORT CONFIG_INVALID',
    ]);
    const { message } = rejection(env, { intervalMinutes: 0 });
    expect(message).to.match(/^9 settings cannot be used:\n/);
    for (const problem of problems) expect(message).to.include(`${problem.setting}: ${problem.message}`);
  });

  it('refuses options that do not exist, and names the one that was meant', () => {
    const [problem, ...others] = problemsOf({}, {
      intervalMinute: 5,
      logger: { log: () => undefined },
    } as SettingOptions);
    expect(problem?.setting).to.equal('option intervalMinute');
    expect(problem?.message).to.include('did you mean intervalMinutes');
    expect(others).to.deep.equal([]);
  });

  it('refuses two variables on one line of .env, and shows no part of a key', () => {
    const error = rejection({
      EXCHANGE_SYNC_EXCHANGES: 'bybit BYBIT_API_KEY=open-sesame',
      BYBIT_SUB1_API_KEY: 'open-sesame\tBYBIT_SUB1_API_SECRET=close-sesame',
      BYBIT_API_SECRET: 'a b=c== D=1',
      NODE_OPTIONS: '--a BYBIT_API_KEY=open-sesame',
    });
    expect((error.details.problems as SettingProblem[]).map(({ setting }) => setting)).to.deep.equal([
      'EXCHANGE_SYNC_EXCHANGES',
      'BYBIT_SUB1_API_KEY',
    ]);
    expect(error.message).to.include(
      'its value goes on with BYBIT_SUB1_API_SECRET=; write one variable per line',
    );
    expect(error.message).to.not.include('sesame');
  });

  it('refuses two different keys for the main account, and shows neither', () => {
    const env = { BYBIT_API_KEY: 'open-sesame', BYBIT_MAIN_API_KEY: 'close-sesame' };
    const { message } = rejection(env);
    expect(message).to.include('BYBIT_API_KEY and BYBIT_MAIN_API_KEY').and.not.to.include('sesame');
    expect(compile({ ...env, BYBIT_MAIN_API_KEY: 'open-sesame' }).warnings).to.deep.equal([]);
  });

  describe('exchanges', () => {
    it('cleans padding, case and duplicates', () => {
      const { settings } = compile({ EXCHANGE_SYNC_EXCHANGES: ' Bybit, binance ,BYBIT,,' });
      expect(settings.exchanges.map(({ id }) => id)).to.deep.equal(['bybit', 'binance']);
    });

    for (const empty of ['', ' , ']) {
      it(`refuses the empty list ${JSON.stringify(empty)}`, () => {
        expect(problemsOf({ EXCHANGE_SYNC_EXCHANGES: empty })[0]?.message).to.include('names no exchange');
      });
    }

    it('names near matches of an unknown one', () => {
      const [problem] = problemsOf({ EXCHANGE_SYNC_EXCHANGES: 'binance-us' });
      expect(problem?.code).to.equal('EXCHANGE_UNKNOWN');
      expect(problem?.message).to.include('"binance-us"').and.to.include('binanceus');
    });

    it('is not fooled by the names of object methods', () => {
      expect(problemsOf({ EXCHANGE_SYNC_EXCHANGES: 'constructor' })[0]?.code).to.equal('EXCHANGE_UNKNOWN');
    });
  });

  describe('intervals', () => {
    for (const [given, expected] of [
      ['1', 60_000],
      ['0.5', 30_000],
      ['15.25', 915_000],
    ] as const) {
      it(`takes ${given} minutes`, () => {
        const { settings } = compile({ EXCHANGE_SYNC_INTERVAL_MINUTES: given });
        expect(settings.schedule.intervalMs.orders).to.equal(expected);
      });
    }

    for (const bad of [
      '0',
      '0.0',
      '-5',
      'NaN',
      'abc',
      '30m',
      '1e3',
      '0x10',
      'Infinity',
      '99999999',
      '0.000001',
    ]) {
      it(`refuses ${bad}`, () => {
        const [problem] = problemsOf({ EXCHANGE_SYNC_INTERVAL_MINUTES: bad });
        expect(problem?.message).to.include(JSON.stringify(bad)).and.to.include('greater than 0');
      });
    }

    for (const bad of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      it(`refuses the number ${bad}`, () => {
        expect(problemsOf({}, { intervalMinutes: bad })).to.have.length(1);
      });
    }

    it('takes one for a single data type', () => {
      const { intervalMs } = compile(
        { EXCHANGE_SYNC_INTERVAL_MINUTES_PRICES: '5' },
        { intervalMinutesOrders: 10 },
      ).settings.schedule;
      expect(intervalMs).to.include({ prices: 300_000, orders: 600_000, balances: 1_800_000 });
    });
  });

  for (const [word, expected] of Object.entries({
    true: true,
    TRUE: true,
    1: true,
    Yes: true,
    on: true,
    false: false,
    0: false,
    NO: false,
    Off: false,
  })) {
    it(`reads ${word} as ${expected}`, () => {
      expect(compile({ EXCHANGE_SYNC_ENABLED: word }).settings.schedule.enabled).to.equal(expected);
    });
  }
});
