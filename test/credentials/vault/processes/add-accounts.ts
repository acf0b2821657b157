import { DerivedKeys } from '#src/credentials/vault/derived-keys.js';
import { Vault } from '#src/credentials/vault/vault.js';

/* Puts accounts into a vault, one after the other: `add-accounts FILE KEY_FILE NAME...` */
const [, , file = '', keyFile = '', ...names] = process.argv;
const vault = new Vault({
  file,
  masterKey: { keyFile },
  keys: new DerivedKeys(),
  cost: { N: 2 ** 12, r: 8, p: 1 },
});
for (const account of names) {
  await vault.put({ exchange: 'bybit', account }, { apiKey: `key-of-${account}`, secret: 'x'.repeat(20) });
}
