import { expect } from 'chai';
import type { SyncReport } from '#src/domain/report.js';
import type { SynchronizerStatus } from '#src/domain/synchronizer-status.js';
import { at, ExchangeServer } from '../exchange/support/exchange-server.js';
import { hostPath } from './support/hosts.js';
import type { Ended } from './support/program.js';
import { useSandbox } from './support/sandbox.js';

type Answer = { readonly result: readonly SyncReport[] };

describe('a key', function () {
  this.timeout(60_000);
  const sandbox = useSandbox({ exchanges: ['bybit'] });

  before('sync well first', async () => {
    const { code, stderr } = await sandbox.run(['run', '--one-time']);
    expect(code, stderr).to.equal(3);
  });

  /** Balances, positions and orders of one account, which no failing read may change. */
  async function rowsOf(account: string): Promise<readonly string[]> {
    const rows = Object.values(await sandbox.stored.mirrored()).flat();
    return rows.filter((row) => row.includes(`bybit,${account},`));
  }

  function reportOf({ stdout }: Ended, account: string, dataType: string): SyncReport | undefined {
    const reports = JSON.parse(stdout) as SyncReport[];
    return reports.find((report) => report.account === account && report.dataType === dataType);
  }

  it('that may not read one wallet leaves out that scope only, of that account only', async () => {
    const states = await sandbox.stored.query(
      `SELECT account, scope, error_code, last_complete_at IS NULL AS never FROM :sync_scopes
       WHERE data_type = 'balances' ORDER BY 1, 2`,
    );
    expect(states).to.deep.equal([
      { account: 'main', scope: 'wallet=FUND', error_code: null, never: false },
      { account: 'main', scope: 'wallet=UNIFIED', error_code: null, never: false },
      { account: 'sub1', scope: 'wallet=FUND', error_code: 'PERMISSION_DENIED', never: true },
      { account: 'sub1', scope: 'wallet=UNIFIED', error_code: null, never: false },
    ]);
  });

  it('that is missing is named, and the other account goes on', async () => {
    const stored = await rowsOf('main');
    expect(stored).to.have.length.greaterThan(20);
    sandbox.simulator.world.advance();
    sandbox.simulator.requests.reset();
    const ended = await sandbox.run(['run', '--one-time', '--json'], {
      env: { BYBIT_API_SECRET: undefined },
    });
    expect(ended.code).to.equal(1);
    const report = reportOf(ended, 'main', 'balances');
    expect(report).to.include({ status: 'failed', requests: 0 });
    expect(report?.errors[0]?.code).to.equal('CREDENTIALS_MISSING');
    expect(report?.errors[0]?.message).to.contain('BYBIT_API_SECRET');
    expect(reportOf(ended, 'sub1', 'positions')).to.include({ status: 'ok' });
    const asked = sandbox.simulator.requests.counts().filter(({ account }) => account === 'main');
    expect(asked).to.deep.equal([]);
    expect(await rowsOf('main')).to.deep.equal(stored);
  });

  it('that is wrong suspends its account: one signed request, and none by the next sync or process', async () => {
    const stored = await rowsOf('main');
    sandbox.simulator.requests.reset();
    const env = { BYBIT_API_SECRET: 'a secret that the exchange never gave', EXCHANGE_SYNC_ENABLED: 'false' };
    const signed = () =>
      sandbox.simulator.requests
        .counts()
        .filter(({ account }) => account === 'main')
        .reduce((total, { count }) => total + count, 0);

    const host = sandbox.spawn(process.execPath, [hostPath('triggering-host')], { env, conversing: true });
    await host.ask('start');
    const first = await host.ask<Answer>('sync bybit/main balances');
    expect(first.result).to.have.length(1);
    expect(first.result[0]).to.include({ status: 'failed' });
    expect(first.result[0]?.errors[0]?.code).to.equal('AUTHENTICATION_FAILED');
    expect(signed()).to.equal(1);
    const second = await host.ask<Answer>('sync bybit/main balances');
    expect(second.result[0]?.errors[0]?.code).to.equal('ACCOUNT_SUSPENDED');
    const { result: status } = await host.ask<{ result: SynchronizerStatus }>('status');
    expect(status.suspensions).to.deep.include.members([
      { ...status.suspensions.find(({ account }) => account === 'main'), exchange: 'bybit', scope: null },
    ]);
    await host.ask('stop');
    host.endInput();
    expect((await host.ended).code).to.equal(0);
    expect(signed()).to.equal(1);

    const ended = await sandbox.run(['run', '--one-time', '--json'], { env });
    expect(ended.code).to.equal(1);
    expect(reportOf(ended, 'main', 'orders')?.errors[0]?.code).to.equal('ACCOUNT_SUSPENDED');
    expect(reportOf(ended, 'sub1', 'orders')).to.include({ status: 'ok' });
    expect(signed()).to.equal(1);
    expect(await rowsOf('main')).to.deep.equal(stored);
  });

  it('that is right again is used at once, and mends what was missed', async () => {
    const ended = await sandbox.run(['run', '--one-time', '--json']);
    expect(ended.code).to.equal(3);
    expect(reportOf(ended, 'main', 'balances')).to.include({ status: 'ok' });
  });

  it('whose passphrase is missing or wrong is refused, of an exchange that wants one', async () => {
    const okx = await ExchangeServer.start(
      at('/api/v5/public/time', { code: '0', data: [{ ts: '1700000000000' }], msg: '' }),
      at('/api/v5/public/instruments', { code: '0', data: [], msg: '' }),
      at('/api/v5/market/tickers', { code: '0', data: [], msg: '' }),
      ({ headers }) =>
        headers['ok-access-passphrase'] === undefined
          ? undefined
          : { code: '50105', data: [], msg: 'Request header OK-ACCESS-PASSPHRASE incorrect.' },
    );
    try {
      const env = {
        EXCHANGE_SYNC_EXCHANGES: 'okx',
        OKX_PROXY_URL: okx.url,
        OKX_API_KEY: 'invented-okx-key',
        OKX_API_SECRET: 'invented-okx-secret',
      };
      const missing = await sandbox.run(['run', '--one-time', '--json'], { env });
      expect(missing.code).to.equal(1);
      expect(reportOf(missing, 'main', 'balances')?.errors[0]).to.include({ code: 'CREDENTIALS_MISSING' });
      expect(reportOf(missing, 'main', 'balances')?.errors[0]?.message).to.contain('OKX_API_PASSWORD');

      const passphrase = 'canary-passphrase-5517';
      const wrong = await sandbox.run(['run', '--one-time', '--json'], {
        env: { ...env, OKX_API_PASSWORD: passphrase },
      });
      expect(wrong.code).to.equal(1);
      expect(reportOf(wrong, 'main', 'balances')?.errors[0]).to.include({ code: 'AUTHENTICATION_FAILED' });
      expect(
        okx.requests.filter(({ headers }) => headers['ok-access-passphrase'] === passphrase),
      ).to.have.length(1);
      expect(wrong.stdout + wrong.stderr).to.not.contain(passphrase);
      expect(
        await sandbox.stored.query(`SELECT * FROM :exchange_balances WHERE exchange_id = 'okx'`),
      ).to.deep.equal([]);
    } finally {
      await okx.close();
    }
  });
});
