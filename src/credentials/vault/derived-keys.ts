import type { KeyObject } from 'node:crypto';
import { deriveKey, type KeyDerivation } from './derive-key.js';
import type { MasterKey } from './master-key.js';

/** Keys that were derived in this process: it takes time, and a person is not asked twice. */
export class DerivedKeys {
  readonly #keys = new Map<string, Promise<KeyObject>>();

  /** Of this master key for this vault; derived once, and again when either may have changed. */
  async keyOf(masterKey: MasterKey, vaultFile: string, kdf: KeyDerivation): Promise<KeyObject> {
    const id = await idOf(masterKey, vaultFile, kdf);
    let key = this.#keys.get(id);
    if (key === undefined) {
      key = masterKey.secret('open').then((secret) => deriveKey(secret, kdf));
      this.#keys.set(id, key);
      key.catch(() => this.#keys.delete(id));
    }
    return key;
  }

  /** For a vault that is being made. */
  async newKey(masterKey: MasterKey, vaultFile: string, kdf: KeyDerivation): Promise<KeyObject> {
    const secret = await masterKey.secret('new');
    const key = await deriveKey(secret, kdf);
    this.#keys.set(await idOf(masterKey, vaultFile, kdf), Promise.resolve(key));
    return key;
  }

  /** A wrong one must not be tried for ever. */
  async forget(masterKey: MasterKey, vaultFile: string, kdf: KeyDerivation): Promise<void> {
    this.#keys.delete(await idOf(masterKey, vaultFile, kdf));
  }
}

async function idOf(masterKey: MasterKey, vaultFile: string, kdf: KeyDerivation): Promise<string> {
  return JSON.stringify([vaultFile, kdf.salt, kdf.N, masterKey.method, await masterKey.identity()]);
}

/** Those of this process. */
export const derivedKeys = new DerivedKeys();
