import { type Redactor, redactor as threadRedactor } from '../logging/redactor.js';
import { CREDENTIAL_FIELDS, type CredentialField, type Credentials } from './credentials.js';

/** Fields that name an account rather than open it: no secrets, and likely parts of other numbers. */
const IDENTIFIERS: ReadonlySet<CredentialField> = new Set(['uid', 'accountId', 'walletAddress', 'login']);

/** From now on no log line of this thread shows these keys. Each thread that holds them calls it. */
export function registerSecrets(credentials: Credentials, redactor: Redactor = threadRedactor): void {
  for (const field of CREDENTIAL_FIELDS) {
    const value = credentials[field];
    if (value !== undefined && !IDENTIFIERS.has(field)) redactor.add(value);
  }
}
