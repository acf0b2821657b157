import type { SettingOptions } from './config/setting-options.js';
import type { CredentialProvider } from './credentials/credentials.js';
import type { PassphraseProvider } from './credentials/vault/passphrase.js';
import type { HostLogger } from './logging/host-logger.js';

/** What a host may pass to `start()`. Whatever is left out comes from the environment. */
export type StartOptions = SettingOptions & {
  /** Asked first for accounts and keys, in the host's thread. */
  readonly credentials?: CredentialProvider | undefined;
  /**
   * The passphrase of the vault, where it has one and there is no key file. Asked at the start, and again when the
   * vault was given another one; `new` where a vault is made.
   */
  readonly vaultPassphrase?: PassphraseProvider | undefined;
  /** A winston logger, or anything with its `log` method, instead of our console and files. */
  readonly logger?: HostLogger | undefined;
};
