/**
 * Every code an error of this package can carry, and what it means to a person. Callers match on `code`;
 * docs/errors.md is generated from this table.
 */
export const ERRORS = {
  CONFIG_INVALID: 'A setting has a value it cannot have. Every problem is listed with its remedy.',
  EXCHANGE_UNKNOWN: 'ccxt has no exchange of that name.',
  EXCHANGE_NOT_CONFIGURED: 'The exchange or account is not among the configured ones.',
  DATA_TYPE_UNKNOWN: 'Not a data type.',
  TESTNET_UNAVAILABLE: 'A testnet was asked for and the exchange has none; mainnet is never used instead.',
  CREDENTIALS_MISSING: 'A credential that the exchange requires is not set.',
  NOT_STARTED: 'The synchronizer has not been started.',
  STOPPED: 'The synchronizer was stopped before this was done.',
  WORKER_LOST: 'The worker thread died or hung and was restarted; what was under way was not finished.',
  DATABASE_UNAVAILABLE: 'The database cannot be reached or refuses connections.',
  DATABASE_READ_ONLY: 'The database accepts no writes.',
  DATABASE_PERMISSION: 'The database user lacks a privilege.',
  DATABASE_ERROR: 'The database refused a statement.',
  DATABASE_VERSION: 'The PostgreSQL server is older than 14.',
  SCHEMA_TOO_NEW: 'The database was migrated by a newer version of this program.',
  SCHEMA_OUTDATED: 'The database has not been migrated to this version yet, and this was asked to read only.',
  MIGRATION_FAILED: 'A schema migration failed; nothing of it was kept.',
  EMBEDDED_DATABASE_FAILED: 'The embedded PostgreSQL could not be started.',
  AUTHENTICATION_FAILED: 'The exchange says that the key, its signature or its expiry is bad.',
  ACCOUNT_SUSPENDED: 'Signed requests for the account are suspended after a failed authentication.',
  PERMISSION_DENIED: 'The key may not read this; other scopes go on.',
  CLOCK_SKEW: "This machine's clock and the exchange's differ by more than it accepts.",
  RATE_LIMITED: 'The exchange asked for fewer requests.',
  BANNED: 'The exchange has banned this IP address for a while.',
  REGION_BLOCKED: 'The exchange does not serve this location.',
  EXCHANGE_UNAVAILABLE: 'The exchange could not be reached or failed.',
  EXCHANGE_TIMEOUT: 'The exchange did not answer in full within the deadline.',
  EXCHANGE_BAD_RESPONSE: 'The exchange answered with something that is not its protocol.',
  EXCHANGE_REJECTED: 'The exchange refused the request.',
  NOT_SUPPORTED: 'The exchange has no such data.',
  CIRCUIT_OPEN: 'The exchange failed repeatedly and is left alone until the circuit closes.',
  RECORD_INVALID: 'A row of the answer was not a row of its type and was set aside.',
  SCOPE_NEVER_READ: 'Something this depends on has never been read completely.',
  ABORTED: 'The work was called off.',
  INTERNAL: 'A defect of this program.',
} as const;

export type ErrorCode = keyof typeof ERRORS;

export interface ExchangeSyncErrorOptions {
  /** What a program may want to know; plain data, never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** Every error that leaves this package. The message is for people and says what to do. */
export class ExchangeSyncError extends Error {
  override readonly name: string = 'ExchangeSyncError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: ExchangeSyncErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = Object.freeze({ ...options.details });
  }
}

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(ERRORS, value);
}
