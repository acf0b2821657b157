import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { EXCHANGE_DIRECTORY } from '#src/domain/exchange-directory.js';

const ROOT = new URL('../../', import.meta.url);

describe('exchange directory', () => {
  it('is what the installed ccxt says; otherwise run `npm run generate`', async () => {
    const generator = new URL('scripts/generate-exchange-directory.mjs', ROOT).href;
    const { exchangeDirectorySource } = (await import(generator)) as {
      exchangeDirectorySource: () => string;
    };
    const file = readFileSync(new URL('src/domain/exchange-directory.ts', ROOT), 'utf8');
    expect(file).to.equal(exchangeDirectorySource());
  });

  for (const [id, testnet] of Object.entries({
    bybit: true,
    binance: true,
    okx: true,
    kraken: false,
    // ccxt declares a sandbox, and has no address for it.
    htx: false,
    // ccxt's test address belongs to another company.
    blockchaincom: false,
  })) {
    it(`knows that ${id} has ${testnet ? 'a' : 'no'} testnet`, () => {
      expect(EXCHANGE_DIRECTORY[id]?.testnet).to.equal(testnet);
    });
  }
});
