import { didYouMean } from '../config/near-matches.js';
import { type AccountRef, accountId } from '../domain/account.js';
import { ExchangeSyncError } from '../domain/errors.js';
import { CREDENTIAL_FIELDS, type CredentialField, type Credentials } from './credentials.js';
import { missingFields, requiredFields } from './missing-credentials.js';

/** What exchanges and other programs call our fields. */
const OTHER_NAMES: Readonly<Record<string, CredentialField>> = {
  key: 'apiKey',
  apikey: 'apiKey',
  api_key: 'apiKey',
  secretkey: 'secret',
  api_secret: 'secret',
  apisecret: 'secret',
  passphrase: 'password',
};

/**
 * Credentials that a person gave for an account, trimmed, without what is empty. Throws CONFIG_INVALID for what is
 * none and CREDENTIALS_MISSING for what the exchange requires beyond that; no message holds a value.
 */
export function checkCredentials(account: AccountRef, given: unknown): Credentials {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw invalid(account, `must be an object such as {"apiKey": "...", "secret": "..."}`);
  }
  const entries = Object.entries(given).flatMap(([name, value]): [CredentialField, string][] => {
    const field = CREDENTIAL_FIELDS.find((known) => known === name);
    if (field === undefined) throw invalid(account, unknownField(name));
    if (typeof value !== 'string') {
      throw invalid(account, `${name} must be text, not ${value === null ? 'null' : typeof value}`);
    }
    return value.trim() === '' ? [] : [[field, value.trim()]];
  });
  const credentials = Object.freeze(Object.fromEntries(entries));
  const missing = missingFields(account.exchange, credentials);
  if (missing.length === 0) return credentials;
  throw new ExchangeSyncError(
    'CREDENTIALS_MISSING',
    `${accountId(account)} lacks ${missing.join(' and ')}; ${account.exchange} requires ${requiredFields(account.exchange).join(', ')}. Nothing was stored.`,
    { details: { ...account, missing } },
  );
}

function unknownField(name: string): string {
  const other = OTHER_NAMES[name.toLowerCase().replaceAll('-', '_')];
  // Somebody may have taken a value for a name: only what looks like a name is shown.
  const shown = /^[A-Za-z_-]{1,20}$/.test(name)
    ? `the unknown field ${JSON.stringify(name)}`
    : 'an unknown field';
  const question = other === undefined ? didYouMean(name, CREDENTIAL_FIELDS) : `; did you mean ${other}?`;
  return `have ${shown}${question || `; give ${CREDENTIAL_FIELDS.join(', ')}`}`;
}

function invalid(account: AccountRef, what: string): ExchangeSyncError {
  return new ExchangeSyncError('CONFIG_INVALID', `The credentials of ${accountId(account)} ${what}.`, {
    details: { ...account },
  });
}
