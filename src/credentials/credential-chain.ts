import type { Environment } from '../config/environment.js';
import { type AccountRef, accountId } from '../domain/account.js';
import { ExchangeSyncError } from '../domain/errors.js';
import type { Logger } from '../logging/logger.js';
import { type Redactor, redactor as threadRedactor } from '../logging/redactor.js';
import {
  CREDENTIAL_FIELDS,
  type CredentialProvider,
  type CredentialSource,
  type Credentials,
  type ResolvedCredentials,
} from './credentials.js';
import { EnvironmentCredentialProvider } from './environment-credential-provider.js';
import { credentialsMissing, missingFields } from './missing-credentials.js';
import { registerSecrets } from './register-secrets.js';
import type { Vault } from './vault/vault.js';
import { VaultCredentialProvider } from './vault/vault-credential-provider.js';

export interface CredentialChainOptions {
  /** In the order in which they are asked. */
  readonly providers: readonly CredentialProvider[];
  readonly logger?: Logger | undefined;
  readonly redactor?: Redactor;
}

/** Several providers as one: accounts are merged in order, the first that knows an account's key wins. */
export class CredentialChain implements CredentialSource {
  readonly #providers: readonly CredentialProvider[];
  readonly #logger: Logger | undefined;
  readonly #redactor: Redactor;
  readonly #loggedSources = new Map<string, string>();

  constructor({ providers, logger, redactor = threadRedactor }: CredentialChainOptions) {
    this.#providers = providers;
    this.#logger = logger;
    this.#redactor = redactor;
  }

  /** Rejects when a provider will not be able to give anything. */
  async ready(): Promise<void> {
    for (const provider of this.#providers) await provider.ready?.();
  }

  /** The accounts of one exchange that any provider has credentials for. */
  async accounts(exchange: string): Promise<readonly string[]> {
    const accounts = new Set<string>();
    for (const provider of this.#providers) {
      for (const account of checkedAccounts(provider, exchange, await provider.accounts(exchange))) {
        accounts.add(account);
      }
    }
    return [...accounts];
  }

  /**
   * Asks the providers anew. `undefined`: none knows the account. Rejects with CREDENTIALS_MISSING when the
   * first that does lacks a field the exchange requires, and with CONFIG_INVALID when what it gave is no
   * credentials at all.
   */
  async resolve(account: AccountRef): Promise<ResolvedCredentials | undefined> {
    for (const provider of this.#providers) {
      const given = await provider.credentials(account);
      if (given === undefined || given === null) continue;
      const credentials = checkedCredentials(provider, account, given);
      registerSecrets(credentials, this.#redactor);
      const missing = missingFields(account.exchange, credentials);
      if (missing.length > 0) throw credentialsMissing(account, missing, provider.name);
      this.#logSource(account, provider.name);
      return { credentials, source: provider.name };
    }
    return undefined;
  }

  /** Once per account, and again when it changes. */
  #logSource(account: AccountRef, source: string): void {
    const id = accountId(account);
    if (this.#loggedSources.get(id) === source) return;
    this.#loggedSources.set(id, source);
    this.#logger?.info('Credentials found', { ...account, source });
  }
}

export interface CredentialSources {
  readonly hostProvider?: CredentialProvider | undefined;
  readonly vault?: Vault | undefined;
  /** Read anew at each call. */
  readonly environment: () => Environment;
}

/** The host's provider first, then the vault, then the environment. */
export function credentialProviders({
  hostProvider,
  vault,
  environment,
}: CredentialSources): readonly CredentialProvider[] {
  const providers = [
    hostProvider,
    vault && new VaultCredentialProvider(vault),
    new EnvironmentCredentialProvider({ environment }),
  ];
  return providers.filter((provider) => provider !== undefined);
}

export function createCredentialChain({
  logger,
  ...sources
}: CredentialSources & { readonly logger?: Logger | undefined }): CredentialChain {
  return new CredentialChain({ providers: credentialProviders(sources), logger });
}

/** A host's provider is somebody else's code: what it answers is checked before it is used. */
function checkedAccounts(provider: CredentialProvider, exchange: string, given: unknown): readonly string[] {
  const valid =
    Array.isArray(given) &&
    given.every((account) => typeof account === 'string' && /^[a-z0-9]+$/.test(account));
  if (!valid) {
    throw invalid(
      provider,
      `accounts('${exchange}') must give a list of names of lower-case letters and digits, e.g. ['main', 'sub1']`,
    );
  }
  return given;
}

function checkedCredentials(provider: CredentialProvider, account: AccountRef, given: unknown): Credentials {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw invalid(
      provider,
      `credentials for ${accountId(account)} must be an object such as { apiKey, secret }`,
    );
  }
  const set = Object.entries(given).filter(([, value]) => value !== undefined && value !== '');
  for (const [field, value] of set) {
    if (!CREDENTIAL_FIELDS.some((known) => known === field)) {
      throw invalid(
        provider,
        `credentials for ${accountId(account)} have the unknown field ${JSON.stringify(field)}; give ${CREDENTIAL_FIELDS.join(', ')}`,
      );
    }
    if (typeof value !== 'string') {
      throw invalid(provider, `${field} for ${accountId(account)} must be text, not ${typeof value}`);
    }
  }
  return Object.freeze(Object.fromEntries(set));
}

function invalid(provider: CredentialProvider, what: string): ExchangeSyncError {
  return new ExchangeSyncError(
    'CONFIG_INVALID',
    `the credential provider ${JSON.stringify(provider.name)}: ${what}`,
    {
      details: { provider: provider.name },
    },
  );
}
