import { expect } from 'chai';
import { compileSettings } from '#src/config/compile-settings.js';
import type { SettingOptions } from '#src/config/setting-options.js';
import type { SettingProblem } from '#src/config/setting-values.js';
import { ExchangeSyncError } from '#src/domain/errors.js';

function connections(env: Record<string, string>, options: SettingOptions = {}) {
  const [exchange] = compileSettings(options, env, '/').settings.exchanges;
  return { exchange: exchange?.connection, accounts: exchange?.accountConnections };
}

function problemsOf(env: Record<string, string>, options: SettingOptions = {}): readonly SettingProblem[] {
  try {
    compileSettings(options, env, '/');
  } catch (error: unknown) {
    if (error instanceof ExchangeSyncError) return error.details.problems as SettingProblem[];
    throw error;
  }
  return [];
}

describe('connections of exchanges', () => {
  it('reads them for the exchange and for its accounts', () => {
    expect(
      connections({
        BYBIT_PROXY_URL: 'http://localhost:1/',
        BYBIT_SUB1_TESTNET: 'yes',
        BYBIT_SUB2_SOCKS_PROXY: 'socks5h://localhost:1080',
        BYBIT_MAIN_TESTNET: 'no',
      }),
    ).to.deep.equal({
      exchange: { testnet: false, proxyUrl: 'http://localhost:1/' },
      accounts: {
        sub1: { testnet: true, proxyUrl: 'http://localhost:1/' },
        // The proxy resolves names in any case.
        sub2: { testnet: false, socksProxy: 'socks5://localhost:1080' },
        main: { testnet: false, proxyUrl: 'http://localhost:1/' },
      },
    });
  });

  it('takes them as options', () => {
    const options = { connections: { bybit: { testnet: true }, 'bybit/sub1': { testnet: false } } };
    expect(connections({ BYBIT_TESTNET: 'false' }, options)).to.deep.equal({
      exchange: { testnet: true },
      accounts: { sub1: { testnet: false } },
    });
  });

  it('leaves other exchanges and accounts alone', () => {
    expect(connections({ BINANCE_TESTNET: '1', BYBIT_API_KEY: 'x' })).to.deep.equal({
      exchange: { testnet: false },
      accounts: {},
    });
  });

  it('refuses two proxies for one exchange', () => {
    const [problem, ...others] = problemsOf({
      BYBIT_HTTPS_PROXY: 'http://localhost:1',
      BYBIT_SOCKS_PROXY: 'socks5://localhost:2',
    });
    expect(problem?.setting).to.equal('BYBIT_HTTPS_PROXY and BYBIT_SOCKS_PROXY');
    expect(problem?.message).to.include('one proxy');
    expect(others).to.deep.equal([]);
  });

  it('refuses a testnet that the exchange has not got', () => {
    const problems = problemsOf({ EXCHANGE_SYNC_EXCHANGES: 'htx', HTX_SUB1_TESTNET: 'true' });
    expect(problems.map(({ code, setting }) => `${setting} ${code}`)).to.deep.equal([
      'HTX_SUB1_TESTNET TESTNET_UNAVAILABLE',
    ]);
  });

  it('refuses SOCKS 4, which cannot be spoken', () => {
    const [problem] = problemsOf({ BYBIT_SOCKS_PROXY: 'socks4://localhost:1080' });
    expect(problem?.setting).to.equal('BYBIT_SOCKS_PROXY');
  });

  it('refuses a proxy of the wrong kind, without showing what its URL carries', () => {
    const [problem] = problemsOf({ BYBIT_SOCKS_PROXY: 'ftp://user:hunter2hunter2@localhost' });
    expect(problem?.setting).to.equal('BYBIT_SOCKS_PROXY');
    expect(problem?.message).to.include('socks5://').and.not.to.include('hunter2');
  });

  it('refuses connections of what is not configured, and fields that do not exist', () => {
    const connections = { okx: { testnet: true }, bybit: { proxy: 'x' } } as SettingOptions['connections'];
    expect(problemsOf({}, { connections }).map(({ setting }) => setting)).to.deep.equal([
      "option connections['okx']",
      "option connections['bybit'].proxy",
    ]);
  });
});
