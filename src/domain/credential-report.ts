import type { SyncedDataType } from './data-type.js';
import type { ReportedError } from './report.js';

/* Plain JSON: `null` is unknown, times are ISO 8601 in UTC. */

/** What one key can read: the outcome of one signed request per scope. */
export interface CredentialTest {
  readonly exchange: string;
  readonly account: string;
  /** Where the key came from: `vault`, `environment`, the name of a host's provider. Null when there is none. */
  readonly source: string | null;
  /** `partial`: some scopes can be read and some cannot. `failed`: none can. */
  readonly status: 'ok' | 'partial' | 'failed';
  readonly scopes: readonly ScopeTest[];
  /** What kept everything from being asked, e.g. missing credentials. */
  readonly error: ReportedError | null;
  /** The account had been suspended and no longer is. */
  readonly resumed: boolean;
}

export interface ScopeTest {
  readonly dataType: SyncedDataType;
  readonly scope: string;
  readonly readable: boolean;
  /** Why not; null where it is readable. */
  readonly error: ReportedError | null;
}

/** One account that there are credentials for, without any part of them. */
export interface CredentialListing {
  readonly exchange: string;
  readonly account: string;
  /** The first source that knows it, which is the one that is used. */
  readonly source: string;
  /** By name: those that are set. Null: the vault is locked. */
  readonly fields: readonly string[] | null;
  /** By name: what the exchange requires beyond that. */
  readonly missing: readonly string[];
  /** Further sources that know the account and are not used for it. */
  readonly shadowed: readonly string[];
  /** False: the exchange is not among the configured ones. */
  readonly configured: boolean;
}
