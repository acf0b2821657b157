import type { AccountRef } from '../domain/account.js';
import type { CredentialListing } from '../domain/credential-report.js';
import { ExchangeSyncError } from '../domain/errors.js';
import { CREDENTIAL_FIELDS, type CredentialField, type CredentialProvider } from './credentials.js';
import { missingFields } from './missing-credentials.js';

export interface ListCredentialsOptions {
  /** In the order in which they are asked for keys. */
  readonly providers: readonly CredentialProvider[];
  /** Those that are synced. */
  readonly configured: readonly string[];
  /** Others that there may be credentials for. */
  readonly further: readonly string[];
}

/** Every account that there are credentials for, by exchange and name; no part of any value. */
export async function listCredentials({
  providers,
  configured,
  further,
}: ListCredentialsOptions): Promise<readonly CredentialListing[]> {
  const listings: CredentialListing[] = [];
  for (const exchange of [...new Set([...configured, ...further])].sort()) {
    const sources = await sourcesByAccount(exchange, providers);
    for (const account of [...sources.keys()].sort()) {
      const [first, ...others] = sources.get(account) ?? [];
      if (first === undefined) continue;
      const fields = await fieldsOf({ exchange, account }, first);
      listings.push({
        ...{ exchange, account, source: first.name, fields },
        missing:
          fields === null ? [] : missingFields(exchange, Object.fromEntries(fields.map((f) => [f, f]))),
        shadowed: others.map(({ name }) => name),
        configured: configured.includes(exchange),
      });
    }
  }
  return listings;
}

async function sourcesByAccount(
  exchange: string,
  providers: readonly CredentialProvider[],
): Promise<ReadonlyMap<string, readonly CredentialProvider[]>> {
  const sources = new Map<string, CredentialProvider[]>();
  for (const provider of providers) {
    for (const account of await provider.accounts(exchange)) {
      sources.set(account, [...(sources.get(account) ?? []), provider]);
    }
  }
  return sources;
}

/** Null: there is nothing to open the vault with. */
async function fieldsOf(
  account: AccountRef,
  provider: CredentialProvider,
): Promise<readonly CredentialField[] | null> {
  try {
    const credentials = await provider.credentials(account);
    return CREDENTIAL_FIELDS.filter((field) => Boolean(credentials?.[field]));
  } catch (error: unknown) {
    if (error instanceof ExchangeSyncError && error.code === 'VAULT_LOCKED') return null;
    throw error;
  }
}
