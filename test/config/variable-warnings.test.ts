import { expect } from 'chai';
import { compileSettings } from '#src/config/compile-settings.js';

function warnings(env: Record<string, string>): readonly string[] {
  return compileSettings({}, env, '/').warnings;
}

describe('warnings about variables', () => {
  for (const [variable, meant] of [
    ['EXCHANGE_SYNC_INTERVAL_MINUTE', 'EXCHANGE_SYNC_INTERVAL_MINUTES'],
    ['EXCHANGE_SYNC_EXCHANGE', 'EXCHANGE_SYNC_EXCHANGES'],
    ['EXCHANGE_SYNC_LOGLEVEL', 'EXCHANGE_SYNC_LOG_LEVEL'],
    ['BYBIT_SECRET', 'BYBIT_API_SECRET'],
    ['BYBIT_APIKEY', 'BYBIT_API_KEY'],
    ['BYBIT_SUB_1_API_KEY', 'letters and digits only'],
  ] as const) {
    it(`asks whether ${variable} was meant as something else`, () => {
      const found = warnings({ [variable]: 'value-of-it' });
      expect(found).to.have.length(1);
      expect(found[0]).to.include(variable).and.to.include(meant).and.not.to.include('value-of-it');
    });
  }

  it('asks about DB_PASSWORD where DB_* is used', () => {
    expect(warnings({ DB_HOST: 'h', DB_PASSWORD: 'x' })[0]).to.include('DB_PASS?');
    expect(warnings({ DB_PASSWORD: 'x' })).to.deep.equal([]);
  });

  it('says once that binance_us is an account, and what the exchange is called', () => {
    const env = { EXCHANGE_SYNC_EXCHANGES: 'binance', BINANCE_US_API_KEY: 'k', BINANCE_US_API_SECRET: 's' };
    const found = warnings(env);
    expect(found).to.have.length(1);
    expect(found[0]).to.include('account "us" of binance').and.to.include('BINANCEUS_');
  });

  it('names exchanges that have keys and are not synced, unless an option chose the exchanges', () => {
    const env = { KRAKEN_API_KEY: 'k', KRAKEN_SUB1_API_KEY: 'k', BYBIT_API_KEY: 'k' };
    expect(warnings(env)).to.have.length(1);
    expect(warnings(env)[0]).to.include('kraken').and.to.include('EXCHANGE_SYNC_EXCHANGES');
    expect(compileSettings({ exchanges: 'bybit' }, env, '/').warnings).to.deep.equal([]);
  });

  it("leaves other programs' variables alone", () => {
    expect(
      warnings({
        HTTPS_PROXY: 'http://localhost:1',
        GITHUB_TOKEN: 'x',
        BYBIT_API_KEY: 'x',
        EXCHANGE_SYNC_RECORDED_DIR: '/x',
        BYBIT_WEBHOOK: 'x',
      }),
    ).to.deep.equal([]);
  });
});
