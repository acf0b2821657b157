import { ExchangeSyncError } from '../../domain/errors.js';
import type { KeyDerivation } from './derive-key.js';
import { keyFile } from './key-file.js';
import { keyring } from './keyring.js';
import type { MasterKey } from './master-key.js';
import { type PassphraseProvider, passphrase } from './passphrase.js';
import { vaultError } from './vault-errors.js';
import type { VaultHeader } from './vault-format.js';

/** What there is to open a vault with. */
export interface MasterKeyOptions {
  /** Wins over everything else. */
  readonly keyFile?: string | undefined;
  /** Absent where there is nobody to ask. */
  readonly passphrase?: PassphraseProvider | undefined;
  /** A new vault gets its master key from the desktop's keyring. */
  readonly useKeyring?: boolean | undefined;
}

/** For a vault that is there. Throws VAULT_LOCKED where nothing can open it. */
export function masterKeyFor(
  { unlock: method, kdf }: VaultHeader,
  vaultFile: string,
  options: MasterKeyOptions,
): MasterKey {
  // Also for a vault with a passphrase: a service may be given it in a file.
  if (options.keyFile !== undefined) return keyFile(options.keyFile);
  if (method === 'keyring') return keyring(vaultFile, kdf);
  if (method === 'passphrase' && options.passphrase !== undefined) return passphrase(options.passphrase);
  const missing =
    method === 'passphrase'
      ? 'opens with a passphrase, and there is no terminal to ask for it; run on a terminal, or set EXCHANGE_SYNC_VAULT_KEY_FILE to a file (mode 0600) that holds it'
      : 'opens with a key file; set EXCHANGE_SYNC_VAULT_KEY_FILE to its path';
  throw vaultError(
    'VAULT_LOCKED',
    vaultFile,
    `The vault ${vaultFile} ${missing}. Accounts in the vault are never read from elsewhere instead.`,
  );
}

/** For a vault that is being made, or gets another master key. */
export function newMasterKey(kdf: KeyDerivation, vaultFile: string, options: MasterKeyOptions): MasterKey {
  if (options.useKeyring === true && options.keyFile !== undefined) {
    throw new ExchangeSyncError(
      'CONFIG_INVALID',
      `A key file (${options.keyFile}) and the keyring are both named for the vault ${vaultFile}; leave one of them out (EXCHANGE_SYNC_VAULT_KEY_FILE wins whenever the vault is opened).`,
    );
  }
  if (options.useKeyring === true) return keyring(vaultFile, kdf);
  if (options.keyFile !== undefined) return keyFile(options.keyFile);
  if (options.passphrase !== undefined) return passphrase(options.passphrase);
  throw vaultError(
    'VAULT_LOCKED',
    vaultFile,
    `The vault ${vaultFile} needs a master key: set EXCHANGE_SYNC_VAULT_KEY_FILE to a file (mode 0600) that holds one, or run on a terminal to give a passphrase.`,
  );
}
