import type { VaultSettings } from '../../config/settings.js';
import type { PassphraseProvider } from './passphrase.js';
import { Vault } from './vault.js';

export interface VaultOfSettingsOptions {
  readonly passphrase?: PassphraseProvider | undefined;
  /** Where the vault has to be made: with a key from the desktop's keyring. */
  readonly useKeyring?: boolean | undefined;
}

/** The vault that the settings name, whether there is one or not. */
export function vaultOfSettings(
  { file, keyFile }: VaultSettings,
  { passphrase, useKeyring }: VaultOfSettingsOptions = {},
): Vault {
  return new Vault({ file, masterKey: { keyFile, passphrase, useKeyring } });
}
