import type { KeyObject } from 'node:crypto';
import { type AccountRef, accountId } from '../../domain/account.js';
import { ExchangeSyncError } from '../../domain/errors.js';
import { CREDENTIAL_FIELDS, type Credentials } from '../credentials.js';
import { registerSecrets } from '../register-secrets.js';
import { newDerivation, type ScryptCost } from './derive-key.js';
import { type DerivedKeys, derivedKeys } from './derived-keys.js';
import type { MasterKey } from './master-key.js';
import { type MasterKeyOptions, masterKeyFor, newMasterKey } from './master-keys.js';
import { seal, unseal } from './sealing.js';
import { damaged, vaultError } from './vault-errors.js';
import {
  bindingOfAccount,
  bindingOfCheck,
  digestOfAccounts,
  type VaultFile,
  type VaultHeader,
} from './vault-format.js';
import { type StoredVault, VaultStore } from './vault-store.js';

export interface VaultOptions {
  readonly file: string;
  readonly masterKey: MasterKeyOptions;
  /** Those of this process by default. */
  readonly keys?: DerivedKeys;
  /** For vaults that are made here. */
  readonly cost?: ScryptCost;
}

/** A vault whose key is known and whose content is proven to be what was written with it. */
interface OpenVault {
  readonly stored: StoredVault;
  readonly key: KeyObject;
}

/**
 * Credentials in a file, sealed under a master key. Everything is read from the file when it is asked for, so
 * that what other processes write is seen. All errors are ExchangeSyncErrors.
 */
export class Vault {
  readonly #options: VaultOptions;
  readonly #keys: DerivedKeys;
  readonly #store: VaultStore;
  #proven: OpenVault | undefined;

  constructor(options: VaultOptions) {
    this.#options = options;
    this.#keys = options.keys ?? derivedKeys;
    this.#store = new VaultStore(options.file);
  }

  get file(): string {
    return this.#options.file;
  }

  /** Empty where there is no vault. Their names take no master key; with one, they are proven. */
  async accounts(): Promise<readonly AccountRef[]> {
    return accountsOf((await this.#readProvenIfPossible())?.content);
  }

  /** Proves that the master key is the right one and the file is as it was written. Nothing where there is no vault. */
  async unlock(): Promise<void> {
    const stored = await this.#store.read();
    if (stored !== undefined) await this.#open(stored);
  }

  /** `undefined`: not in the vault. */
  async credentials(account: AccountRef): Promise<Credentials | undefined> {
    const id = accountId(account);
    const stored = await this.#readProvenIfPossible();
    if (stored === undefined || !Object.hasOwn(stored.content.accounts, id)) return undefined;
    return unsealAccount(await this.#open(stored), id, this.file);
  }

  /** Makes the vault where there is none. Rejects with CREDENTIALS_EXIST unless `replace`. */
  async put(account: AccountRef, credentials: Credentials, { replace = false } = {}): Promise<void> {
    registerSecrets(credentials);
    const id = accountId(account);
    await this.#change(({ key, stored: { content } }) => {
      if (!replace && Object.hasOwn(content.accounts, id)) {
        throw new ExchangeSyncError(
          'CREDENTIALS_EXIST',
          `The vault ${this.file} holds credentials of ${id} already, and they are as they were. To replace them, confirm it or use --force.`,
          { details: { ...account, file: this.file } },
        );
      }
      const sealed = seal(key, JSON.stringify(credentials), bindingOfAccount(id));
      return sealVault(key, content, { ...content.accounts, [id]: sealed });
    });
  }

  /** False: it was not there. */
  async remove(account: AccountRef): Promise<boolean> {
    const id = accountId(account);
    const before = await this.#store.read();
    if (before === undefined || !Object.hasOwn(before.content.accounts, id)) return false;
    await this.#change(({ key, stored: { content } }) => {
      const { [id]: _removed, ...rest } = content.accounts;
      return sealVault(key, content, rest);
    });
    return true;
  }

  /** Seals everything anew under another master key. The file is the old one until it is the new one. */
  async rekey(masterKey: MasterKeyOptions): Promise<void> {
    const before = await this.#store.read();
    if (before === undefined) {
      throw vaultError(
        'VAULT_INACCESSIBLE',
        this.file,
        `There is no vault ${this.file}. It is made when the first credentials are added: exchange-sync credentials add`,
      );
    }
    // The old one first: who cannot open the vault is not asked for a new key.
    await this.#open(before);
    const fresh = await this.#newHeader(masterKey);
    await this.#change((open) => {
      const ids = Object.keys(open.stored.content.accounts);
      const sealed = ids.map((id): [string, string] => {
        const text = JSON.stringify(unsealAccount(open, id, this.file));
        return [id, seal(fresh.key, text, bindingOfAccount(id))];
      });
      return sealVault(fresh.key, fresh.header, Object.fromEntries(sealed));
    });
  }

  /** An entry that somebody took out must not look like one that was never there. */
  async #readProvenIfPossible(): Promise<StoredVault | undefined> {
    const stored = await this.#store.read();
    try {
      if (stored !== undefined) await this.#open(stored);
    } catch (error: unknown) {
      // Without a master key nothing is proven, and nothing but names is given away or used.
      if (!(error instanceof ExchangeSyncError && error.code === 'VAULT_LOCKED')) throw error;
    }
    return stored;
  }

  async #change(change: (open: OpenVault) => VaultFile): Promise<void> {
    // Whoever has to be asked for a passphrase is asked before others have to wait for the lock.
    const seen = await this.#store.read();
    const made = seen === undefined ? await this.#newHeader(this.#options.masterKey) : undefined;
    if (seen !== undefined) await this.#open(seen);
    await this.#store.change(async (stored) => {
      if (stored !== undefined) return change(await this.#open(stored));
      if (made === undefined) {
        throw vaultError('VAULT_BUSY', this.file, `The vault ${this.file} was removed meanwhile; try again.`);
      }
      const empty = sealVault(made.key, made.header, {});
      return change({ key: made.key, stored: { content: empty, identity: '' } });
    });
  }

  async #newHeader(masterKey: MasterKeyOptions): Promise<{ header: VaultHeader; key: KeyObject }> {
    const kdf = newDerivation(this.#options.cost);
    const source = newMasterKey(kdf, this.file, masterKey);
    const key = await this.#keys.newKey(source, this.file, kdf);
    return { header: { unlock: source.method, kdf }, key };
  }

  async #open(stored: StoredVault): Promise<OpenVault> {
    const { content, identity } = stored;
    const source = masterKeyFor(content, this.file, this.#options.masterKey);
    const key = await this.#keys.keyOf(source, this.file, content.kdf);
    if (this.#proven?.stored.identity === identity && this.#proven.key === key) return this.#proven;
    try {
      prove(content, key, source, this.file);
    } catch (error: unknown) {
      await this.#keys.forget(source, this.file, content.kdf);
      throw error;
    }
    this.#proven = { stored, key };
    return this.#proven;
  }
}

/** Everything or nothing: a vault that holds something else than was written is not used in part. */
function prove(content: VaultFile, key: KeyObject, source: MasterKey, file: string): void {
  const digest = unseal(key, content.check, bindingOfCheck(content));
  if (digest === digestOfAccounts(content.accounts)) return;
  const opens = ([id, sealed]: [string, string]) => unseal(key, sealed, bindingOfAccount(id)) !== undefined;
  if (digest !== undefined || Object.entries(content.accounts).some(opens)) {
    throw damaged(file, 'opens, but does not hold what was written into it');
  }
  throw vaultError(
    'VAULT_KEY_WRONG',
    file,
    `The vault ${file} does not open with ${source.origin}: it is not its master key. (Or the head of the file was changed on purpose: then restore it from a backup.) Nothing was changed.`,
  );
}

function sealVault(key: KeyObject, { unlock, kdf }: VaultHeader, accounts: VaultFile['accounts']): VaultFile {
  const check = seal(key, digestOfAccounts(accounts), bindingOfCheck({ unlock, kdf }));
  return { unlock, kdf, check, accounts };
}

function unsealAccount({ key, stored }: OpenVault, id: string, file: string): Credentials {
  const text = unseal(key, stored.content.accounts[id] ?? '', bindingOfAccount(id));
  if (text === undefined) throw damaged(file, `holds something else for ${id} than was written into it`);
  const credentials = JSON.parse(text) as Credentials;
  const known = Object.entries(credentials).filter(([field]) =>
    CREDENTIAL_FIELDS.some((name) => name === field),
  );
  registerSecrets(credentials);
  return Object.freeze(Object.fromEntries(known));
}

function accountsOf(content: VaultFile | undefined): readonly AccountRef[] {
  return Object.keys(content?.accounts ?? {}).map((id) => {
    const [exchange = '', account = ''] = id.split('/');
    return { exchange, account };
  });
}
