import type { AccountRef } from '../domain/account.js';

/** ccxt's `requiredCredentials`, as far as an exchange's key needs them. Every value is a secret. */
export const CREDENTIAL_FIELDS = [
  'apiKey',
  'secret',
  'password',
  'uid',
  'login',
  'accountId',
  'privateKey',
  'walletAddress',
  'token',
  'twofa',
] as const;
export type CredentialField = (typeof CREDENTIAL_FIELDS)[number];

export type Credentials = Readonly<Partial<Record<CredentialField, string>>>;

/** Where accounts and their keys come from. Asked anew for each run, so that a rotated key is seen. */
export interface CredentialProvider {
  /** Names the source in logs, e.g. `environment`. */
  readonly name: string;
  /** Once before anything else is asked, for what may take as long as a person does. Rejecting ends the start. */
  ready?(): Promise<void>;
  /** The accounts of one exchange that this provider has credentials for. */
  accounts(exchange: string): Promise<readonly string[]>;
  /** `undefined`: not here, ask the next one. */
  credentials(account: AccountRef): Promise<Credentials | undefined>;
}

/** Which credentials, and where they came from: the name of a provider. */
export interface ResolvedCredentials {
  readonly credentials: Credentials;
  readonly source: string;
}

/** All providers as one, as the rest of the program sees them. */
export interface CredentialSource {
  /** The accounts of one exchange that there are credentials for. */
  accounts(exchange: string): Promise<readonly string[]>;
  /** Asked anew each time. `undefined`: nobody knows the account. Rejects with CREDENTIALS_MISSING for half a key. */
  resolve(account: AccountRef): Promise<ResolvedCredentials | undefined>;
}
