import { createSecretKey, randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { seal, unseal } from '#src/credentials/vault/sealing.js';

describe('a sealed text', () => {
  const key = createSecretKey(randomBytes(32));
  const sealed = seal(key, 'the secret of main', 'bybit/main');

  it('opens with its key, for what it was sealed for', () => {
    expect(unseal(key, sealed, 'bybit/main')).to.equal('the secret of main');
  });

  it('does not open for anything else, or with another key', () => {
    expect(unseal(key, sealed, 'bybit/sub1')).to.equal(undefined);
    expect(unseal(key, sealed, '')).to.equal(undefined);
    expect(unseal(createSecretKey(randomBytes(32)), sealed, 'bybit/main')).to.equal(undefined);
  });

  it('does not open when any bit of any byte is another, or when it is cut', () => {
    const bytes = Buffer.from(sealed, 'base64');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(at) ^ (1 << (at % 8)), at);
      expect(unseal(key, changed.toString('base64'), 'bybit/main'), `byte ${at}`).to.equal(undefined);
      expect(unseal(key, bytes.subarray(0, at).toString('base64'), 'bybit/main')).to.equal(undefined);
    }
  });

  it('is another one each time', () => {
    const all = Array.from({ length: 50 }, () => seal(key, 'the same', 'bybit/main').slice(0, 16));
    expect(new Set(all).size).to.equal(50);
  });
});
