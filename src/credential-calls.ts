import { accountVariables, CREDENTIAL_VARIABLES } from './config/account-variables.js';
import { compileSettings } from './config/compile-settings.js';
import { type Environment, readEnvironment } from './config/environment.js';
import type { Settings } from './config/settings.js';
import { parseAccount } from './credentials/account-target.js';
import { checkCredentials } from './credentials/check-credentials.js';
import { credentialProviders } from './credentials/credential-chain.js';
import type { Credentials } from './credentials/credentials.js';
import { listCredentials as list } from './credentials/list-credentials.js';
import type { MasterKeyOptions } from './credentials/vault/master-keys.js';
import type { Vault } from './credentials/vault/vault.js';
import { notInVault } from './credentials/vault/vault-errors.js';
import { vaultOfSettings } from './credentials/vault/vault-of-settings.js';
import type { AccountRef } from './domain/account.js';
import type { CredentialListing } from './domain/credential-report.js';
import type { StartOptions } from './start-options.js';
import { exchangeDataSynchronizer } from './synchronizer.js';

/*
 * What can be done with credentials, as functions. They work on the vault's file; a service that runs, in this
 * process or in another one, sees the change at its next sync.
 */

export interface AddCredentialsOptions {
  /** Replace what the vault holds of that account; otherwise CREDENTIALS_EXIST. */
  readonly replace?: boolean;
  /** Where the vault has to be made: with a master key from the desktop's keyring. */
  readonly useKeyring?: boolean;
}

export interface AddedCredentials extends AccountRef {
  /** The vault. */
  readonly file: string;
  /** False: the exchange has to be added to EXCHANGE_SYNC_EXCHANGES to be synced. */
  readonly configured: boolean;
}

/**
 * Puts credentials of an account (`bybit` or `bybit/sub1`) into the vault, and makes that where there is none. Rejects
 * with EXCHANGE_UNKNOWN, CONFIG_INVALID, CREDENTIALS_MISSING, CREDENTIALS_EXIST or a VAULT_ code.
 */
export async function addCredentials(
  target: string,
  credentials: Credentials,
  { replace = false, useKeyring = false }: AddCredentialsOptions = {},
  options: StartOptions = {},
): Promise<AddedCredentials> {
  const account = parseAccount(target);
  const checked = checkCredentials(account, credentials);
  const { settings, vault } = open(options, useKeyring);
  await vault.put(account, checked, { replace });
  const configured = settings.exchanges.some(({ id }) => id === account.exchange);
  return { ...account, file: vault.file, configured };
}

/** Whether the vault holds credentials of the account. Takes no master key where none is at hand. */
export async function hasCredentials(target: string, options: StartOptions = {}): Promise<boolean> {
  const { exchange, account } = parseAccount(target);
  const { vault } = open(options);
  return (await vault.accounts()).some((known) => known.exchange === exchange && known.account === account);
}

/** Takes an account out of the vault. Rejects with EXCHANGE_NOT_CONFIGURED where it is not in it. */
export async function removeCredentials(target: string, options: StartOptions = {}): Promise<AccountRef> {
  const account = parseAccount(target);
  const { vault } = open(options);
  if (!(await vault.remove(account))) throw notInVault(account, vault.file, await vault.accounts());
  return account;
}

/** Every account that the host, the vault or the environment has credentials for, and which of their fields are set. */
export async function listCredentials(options: StartOptions = {}): Promise<readonly CredentialListing[]> {
  const { settings, vault, environment } = open(options);
  const stored = await vault.accounts();
  return await list({
    providers: credentialProviders({ hostProvider: options.credentials, vault, environment }),
    configured: settings.exchanges.map(({ id }) => id),
    further: [...stored.map(({ exchange }) => exchange), ...exchangesWithKeys(environment())],
  });
}

/** What a vault is to be opened with from now on: a key file, a passphrase or the desktop's keyring. */
export type NewMasterKey = MasterKeyOptions;

/** Gives the vault another master key. Until that is done as a whole, the old one holds. */
export async function rekeyVault(
  masterKey: NewMasterKey,
  options: StartOptions = {},
): Promise<{ readonly file: string }> {
  const { vault } = open(options);
  await vault.rekey(masterKey);
  return { file: vault.file };
}

export const testCredentials = (target?: string, options?: StartOptions) =>
  exchangeDataSynchronizer.testCredentials(target, options);

interface Opened {
  readonly settings: Settings;
  readonly vault: Vault;
  readonly environment: () => Environment;
}

function open(options: StartOptions, useKeyring = false): Opened {
  const environment = () => readEnvironment({ env: options.env });
  const { settings } = compileSettings(options, environment());
  const vault = vaultOfSettings(settings.vault, { passphrase: options.vaultPassphrase, useKeyring });
  return { settings, vault, environment };
}

function exchangesWithKeys(environment: Environment): readonly string[] {
  return accountVariables(environment)
    .filter(({ field }) => Object.hasOwn(CREDENTIAL_VARIABLES, field))
    .map(({ exchange }) => exchange);
}
