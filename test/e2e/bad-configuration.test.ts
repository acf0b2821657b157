import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { SyncReport } from '#src/domain/report.js';
import { type RunOptions, useSandbox } from './support/sandbox.js';

describe('bad configuration', function () {
  this.timeout(60_000);
  const sandbox = useSandbox({ exchanges: ['bybit'] });
  let stored: Awaited<ReturnType<typeof sandbox.stored.everything>>;

  before('store something, by names as people type them', async () => {
    const { code, stdout } = await sandbox.run(
      ['run', '--one-time', '--json', '--exchanges', ' Bybit , bybit,,BYBIT'],
      {},
    );
    expect(code).to.equal(3);
    const reports = JSON.parse(stdout) as SyncReport[];
    expect(
      reports.filter(({ account, dataType }) => account === 'main' && dataType === 'balances'),
    ).to.have.length(1);
    expect(reports.every(({ exchange }) => exchange === 'bybit')).to.equal(true);
    stored = await sandbox.stored.everything();
    expect(stored.exchange_balances).to.have.length.greaterThan(20);
  });

  afterEach('find everything as it was', async () => {
    expect(await sandbox.stored.everything()).to.deep.equal(stored);
  });

  async function refused(args: readonly string[], options: RunOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await sandbox.run(args, options);
    expect(code, stderr).to.equal(2);
    expect(stdout).to.equal('');
    return stderr;
  }

  it('is all reported at once, with names, values and remedies', async () => {
    const stderr = await refused(['run', '--one-time'], {
      env: {
        EXCHANGE_SYNC_EXCHANGES: 'bybitt,binance,okex',
        EXCHANGE_SYNC_INTERVAL_MINUTES: 'often',
        EXCHANGE_SYNC_INTERVAL_MINUTES_PRICES: '-1',
        EXCHANGE_SYNC_ENABLED: 'perhaps',
        EXCHANGE_SYNC_LOG_LEVEL: 'LOUD',
        EXCHANGE_SYNC_HISTORY_RETENTION_DAYS: '0',
        EXCHANGE_SYNC_QUOTE_CURRENCY: 'U$',
        DATABASE_URL: 'mysql://root:hunter2-db@localhost/books',
        DB_SCHEMA: 'Robert"; DROP TABLE',
        DB_SSL: 'sometimes',
        BINANCE_TESTNET: 'sort of',
      },
    });
    for (const said of [
      /bybitt.*bybit/,
      /okex.*okx/,
      /EXCHANGE_SYNC_INTERVAL_MINUTES: "often"/,
      /EXCHANGE_SYNC_INTERVAL_MINUTES_PRICES: "-1"/,
      /EXCHANGE_SYNC_ENABLED: "perhaps"/,
      /EXCHANGE_SYNC_LOG_LEVEL: "LOUD".*DEBUG/,
      /EXCHANGE_SYNC_HISTORY_RETENTION_DAYS: "0"/,
      /EXCHANGE_SYNC_QUOTE_CURRENCY: "U\$"/,
      /DATABASE_URL: .*postgresql:\/\//,
      /DB_SCHEMA: "Robert/,
      /DB_SSL: "sometimes"/,
      /BINANCE_TESTNET: "sort of"/,
    ]) {
      expect(stderr).to.match(said);
    }
    expect(stderr).to.not.contain('hunter2-db');
    expect(stderr).to.match(/^CONFIG_INVALID: 12 settings/);
  });

  for (const value of ['0', '-5', 'abc', '1e3', '0.0000001', '999999999', ' ']) {
    it(`an interval of ${JSON.stringify(value)} is`, async () => {
      expect(await refused(['run', `--interval=${value}`])).to.match(/--interval.*(minutes|not text)/s);
    });
  }

  it('a testnet that the exchange does not have is, and mainnet is not used instead', async () => {
    sandbox.simulator.requests.reset();
    const stderr = await refused(['run', '--one-time'], {
      env: { EXCHANGE_SYNC_EXCHANGES: 'bybit,kraken', KRAKEN_TESTNET: 'true' },
    });
    expect(stderr).to.match(/KRAKEN_TESTNET: kraken has no testnet/);
    expect(sandbox.simulator.requests.counts()).to.deep.equal([]);
  });

  it('two proxies for one exchange are', async () => {
    const stderr = await refused(['run', '--one-time'], {
      env: { BYBIT_HTTPS_PROXY: 'http://someone:hunter2-proxy@proxy.example:3128' },
    });
    expect(stderr).to.match(/BYBIT_PROXY_URL and BYBIT_HTTPS_PROXY.*one proxy/);
    expect(stderr).to.not.contain('hunter2-proxy');
  });

  it('what a .env file says is, in a file that holds garbage too', async () => {
    const cwd = await sandbox.directory('with-env-file');
    const garbage = Buffer.from([0, 0xff, 0xfe, 0x80]).toString('latin1');
    await writeFile(
      join(cwd, '.env'),
      `${garbage}\n=\n=value\nno equals sign\nexport EXCHANGE_SYNC_ENABLED='nope'\nEXCHANGE_SYNC_LOG_LEVEL=LOUD\n"`,
      'latin1',
    );
    const stderr = await refused(['run', '--one-time'], { cwd });
    expect(stderr).to.match(/EXCHANGE_SYNC_ENABLED: "nope"/);
    expect(stderr).to.match(/EXCHANGE_SYNC_LOG_LEVEL: "LOUD"/);
  });

  it('a .env that cannot be read is', async () => {
    const cwd = await sandbox.directory('with-env-directory');
    await mkdir(join(cwd, '.env'));
    expect(await refused(['status'], { cwd })).to.match(/\.env cannot be read \(EISDIR\).*remove it/);
  });

  describe('on the command line', () => {
    const wrong: readonly (readonly [what: string, args: readonly string[], said: RegExp])[] = [
      ['no command', [], /Usage: exchange-sync/],
      ['an unknown command', ['synk'], /unknown command 'synk'/],
      ['an unknown flag', ['run', '--one-tme'], /unknown option '--one-tme'.*--one-time/s],
      ['an argument too many', ['status', 'bybit'], /too many arguments/],
      ['an unknown data type', ['history', '--data', 'ballances'], /ballances.*balances/s],
      ['a count that is none', ['history', '--limit', '0'], /--limit.*whole number/],
      ['an unknown exchange', ['portfolio', '--exchanges', 'binace'], /binace.*binance/],
      ['a log level that is none', ['status', '--log-level', 'x'], /--log-level.*"x"/],
      ['an account that is none', ['portfolio', '--account', 'bybitt/main'], /bybitt.*bybit/],
    ];
    for (const [what, args, said] of wrong) {
      it(`${what} is`, async () => {
        expect(await refused(args)).to.match(said);
      });
    }
  });
});
