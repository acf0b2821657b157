import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { loadExchangeClass } from '#src/exchange/ccxt/exchange-class.js';
import { rejection } from '../support/managed.js';

describe('the class of one exchange', () => {
  it('is loaded without the index of ccxt or another exchange', () => {
    const recorder = new URL('../support/record-modules.js', import.meta.url).href;
    const subject = import.meta.resolve('#src/exchange/ccxt/exchange-class.js');
    const script = `const { loadExchangeClass } = await import(${JSON.stringify(subject)}); await loadExchangeClass('bybit');`;
    const args = ['--import', recorder, '--input-type=module', '--eval', script];
    const loaded = execFileSync(process.execPath, args, { encoding: 'utf8' }).trim().split('\n');
    const modules = loaded.map((url) => url.replace(/^.*\/ccxt\//, ''));

    expect(modules).to.include.members(['js/src/bybit.js', 'js/src/base/Exchange.js']);
    expect(modules).to.not.include('js/ccxt.js');
    expect(modules.filter((path) => /^js\/src\/[a-z0-9]+\.js$/.test(path))).to.deep.equal([
      'js/src/bybit.js',
    ]);
  });

  it('is loaded once', async () => {
    expect(await loadExchangeClass('bybit')).to.equal(await loadExchangeClass('bybit'));
  });

  for (const id of ['bybitt', '../bybit', '']) {
    it(`is refused for ${JSON.stringify(id)}`, async () => {
      const error = await rejection(loadExchangeClass(id));
      expect(error).to.include({ code: 'EXCHANGE_UNKNOWN' });
      expect(error.message).to.include(JSON.stringify(id));
    });
  }
});
