interface ErrorEntry {
  /** What happened, for a person. */
  readonly meaning: string;
  /** What to do about it; the message of each error says it for the case at hand. */
  readonly remedy: string;
}

/**
 * Every code an error of this package can carry. Callers match on `code`; docs/errors.md is generated from
 * this table.
 */
export const ERRORS = {
  CONFIG_INVALID: {
    meaning: 'A setting has a value it cannot have.',
    remedy: 'The message lists every bad setting with what it can be; docs/configuration.md explains them.',
  },
  EXCHANGE_UNKNOWN: {
    meaning: 'ccxt has no exchange of that name.',
    remedy: 'Use the id that ccxt gives it; the message names near matches.',
  },
  EXCHANGE_NOT_CONFIGURED: {
    meaning: 'The exchange or account is not among the configured ones.',
    remedy: 'Add the exchange to EXCHANGE_SYNC_EXCHANGES, or give the account its credentials.',
  },
  DATA_TYPE_UNKNOWN: {
    meaning: 'Not a data type.',
    remedy: 'Use a member of DataType, e.g. DataType.BALANCES.',
  },
  RANGE_INVALID: {
    meaning: 'A date or a range of dates that a history can not have.',
    remedy: 'The message says what is wrong with it and what it can be.',
  },
  TESTNET_UNAVAILABLE: {
    meaning: 'A testnet was asked for and the exchange has none; mainnet is never used instead.',
    remedy: 'Remove the TESTNET setting to use mainnet.',
  },
  CREDENTIALS_MISSING: {
    meaning: 'A credential that the exchange requires is not set.',
    remedy: 'Set the variable that the message names, or let your credential provider supply the field.',
  },
  CREDENTIALS_EXIST: {
    meaning: 'The vault holds credentials of that account already; nothing was overwritten.',
    remedy: 'Confirm it, or say so: `exchange-sync credentials add --force`, the option `replace`.',
  },
  VAULT_LOCKED: {
    meaning: 'There is a vault, and nothing to open it with.',
    remedy:
      'Set EXCHANGE_SYNC_VAULT_KEY_FILE, run on a terminal, or unlock the keyring, as the message says.',
  },
  VAULT_KEY_WRONG: {
    meaning: 'The master key is not the one of this vault.',
    remedy: 'Give the one that it was made with, or that `credentials rekey` gave it last.',
  },
  VAULT_DAMAGED: {
    meaning: 'The vault was changed by something else than exchange-sync, or is none; nothing of it is used.',
    remedy: 'Restore it from a backup, or move it away and add the credentials again.',
  },
  VAULT_EXPOSED: {
    meaning: 'The vault or its key file can be read by others, or belongs to somebody else.',
    remedy: 'Run the chmod or chown that the message names; replace the keys that others may have read.',
  },
  VAULT_BUSY: {
    meaning: 'Another process is changing the vault.',
    remedy: 'Try again; if it lasts, see what the process that the message names is doing.',
  },
  VAULT_INACCESSIBLE: {
    meaning: 'The vault or its key file cannot be read or written.',
    remedy: 'Give this user access to the file and its directory, as the message says.',
  },
  NOT_STARTED: { meaning: 'The synchronizer has not been started.', remedy: 'Call start() first.' },
  STOPPED: {
    meaning: 'The synchronizer was stopped before this was done.',
    remedy: 'Call start() again; what was not finished is done by the next sync.',
  },
  WORKER_LOST: {
    meaning: 'The worker thread died or hung and was restarted; what was under way was not finished.',
    remedy:
      'Nothing for one; the next sync does it again. If it repeats, the log says what ended the worker.',
  },
  WORKER_SILENT: {
    meaning: 'The worker thread did not answer in time.',
    remedy: 'Nothing for one; a worker that stays silent is started again within seconds.',
  },
  DATABASE_UNAVAILABLE: {
    meaning: 'The database cannot be reached or refuses connections.',
    remedy: 'Check that it runs and that host, port, user, password and DB_SSL are right. It is tried again.',
  },
  DATABASE_READ_ONLY: {
    meaning: 'The database accepts no writes.',
    remedy: 'Point the settings at the primary server, or end its read-only mode.',
  },
  DATABASE_PERMISSION: {
    meaning: 'The database user lacks a privilege.',
    remedy: 'Grant it what the message names, or use a user that owns the schema.',
  },
  DATABASE_ERROR: {
    meaning: 'The database refused a statement.',
    remedy: "The message holds the server's own words; nothing of the transaction was kept.",
  },
  DATABASE_VERSION: {
    meaning: 'The PostgreSQL server is older than 14.',
    remedy: 'Use PostgreSQL 14 or later.',
  },
  SCHEMA_TOO_NEW: {
    meaning: 'The database was migrated by a newer version of this program.',
    remedy: 'Install that version or a later one here too.',
  },
  SCHEMA_OUTDATED: {
    meaning: 'The database has not been migrated to this version yet, and this was asked to read only.',
    remedy: 'Run `exchange-sync migrate`, or start the service, which migrates first.',
  },
  MIGRATION_FAILED: {
    meaning: 'A schema migration failed; nothing of it was kept.',
    remedy: 'Remove what the message names as in its way, then start again.',
  },
  ADOPTION_NEEDED: {
    meaning: 'The schema holds tables of the program that this one replaces.',
    remedy:
      '`exchange-sync migrate --dry-run` says what would become of them; `exchange-sync migrate` does it.',
  },
  LEGACY_TABLES_IN_USE: {
    meaning: 'Somebody reads or writes the tables that are to be taken over.',
    remedy: 'Stop what the message names, then migrate again; nothing was changed.',
  },
  BACKUP_FAILED: {
    meaning: 'The backup file could not be written or read.',
    remedy: 'Name another file, or give the directory space and permission, as the message says.',
  },
  BACKUP_INVALID: {
    meaning: 'The file is not a whole backup: cut off, damaged, or something else.',
    remedy: 'Use another backup; nothing was changed.',
  },
  RESTORE_REFUSED: {
    meaning: 'The schema is in use or holds rows already.',
    remedy: 'Stop the service; name an empty schema by DB_SCHEMA, or use --force to replace what is there.',
  },
  EMBEDDED_DATABASE_FAILED: {
    meaning: 'The embedded PostgreSQL could not be started.',
    remedy: 'The message says why; or name a PostgreSQL of your own by DATABASE_URL.',
  },
  AUTHENTICATION_FAILED: {
    meaning: 'The exchange says that the key, its signature or its expiry is bad.',
    remedy:
      'Check key and secret, and that they are for mainnet or testnet as configured; make a new key if it expired.',
  },
  ACCOUNT_SUSPENDED: {
    meaning: 'Signed requests for the account are suspended after a failed authentication.',
    remedy:
      'Change the credentials; or wait, since one probe a day notices when the exchange accepts them again.',
  },
  PERMISSION_DENIED: {
    meaning: 'The key may not read this; other scopes go on.',
    remedy: "Give the key the read permission that the message names, at the exchange's site.",
  },
  CLOCK_SKEW: {
    meaning: "This machine's clock and the exchange's differ by more than it accepts.",
    remedy: 'Set the clock, best by NTP.',
  },
  RATE_LIMITED: {
    meaning: 'The exchange asked for fewer requests.',
    remedy:
      'Nothing; it is waited for. If it repeats, look for other programs that use the same key or address.',
  },
  BANNED: {
    meaning: 'The exchange has banned this IP address for a while.',
    remedy: 'Wait; nothing is sent until then. Look for other programs at this address.',
  },
  REGION_BLOCKED: {
    meaning: 'The exchange does not serve this location.',
    remedy: 'Use the exchange that serves your region (e.g. binanceus), or run where it is served.',
  },
  EXCHANGE_UNAVAILABLE: {
    meaning: 'The exchange could not be reached or failed.',
    remedy: 'Nothing for one; it is tried again. Check the network and the proxy settings if it lasts.',
  },
  EXCHANGE_TIMEOUT: {
    meaning: 'The exchange did not answer in full within the deadline.',
    remedy: 'Nothing for one; it is tried again. Check the network and the proxy settings if it lasts.',
  },
  EXCHANGE_BAD_RESPONSE: {
    meaning: 'The exchange answered with something that is not its protocol.',
    remedy: 'Often a maintenance page or a proxy in between; nothing was written, and it is tried again.',
  },
  EXCHANGE_REJECTED: {
    meaning: 'The exchange refused the request.',
    remedy: "The message holds the exchange's own code and words.",
  },
  NOT_SUPPORTED: {
    meaning: 'The exchange has no such data.',
    remedy: 'Nothing; the scope is left out.',
  },
  CIRCUIT_OPEN: {
    meaning: 'The exchange failed repeatedly and is left alone until the circuit closes.',
    remedy: 'Nothing; it is tried again at the time that the message names.',
  },
  RECORD_INVALID: {
    meaning: 'A row of the answer was not a row of its type and was set aside.',
    remedy:
      'The message names the row and the field. Please report it: the exchange may have changed its answers.',
  },
  HISTORY_LOST: {
    meaning: 'The exchange no longer serves that time of a history.',
    remedy: 'Nothing; what is stored of it stays. The message says which time, and since when.',
  },
  SCOPE_NEVER_READ: {
    meaning: 'Something this depends on has never been read completely.',
    remedy: 'Sync what the message names first, or see why its last sync failed.',
  },
  REQUEST_INVALID: {
    meaning: 'A request to the HTTP routes is not what the route takes.',
    remedy: 'The message names each field and what it can be; docs/fastify.md shows the routes.',
  },
  REQUEST_TOO_LARGE: {
    meaning: 'The body of a request to the HTTP routes is over 16 kB.',
    remedy: 'Ask for one exchange or account at a time.',
  },
  REQUEST_REFUSED: {
    meaning: "A hook of the host's refused a request to the HTTP routes.",
    remedy: "The message is the hook's own, e.g. that a token is missing.",
  },
  NOT_FOUND: {
    meaning: 'The HTTP routes have nothing at that address.',
    remedy: 'See the routes in docs/fastify.md; what became of an older sync is in the history.',
  },
  LEASE_HELD: {
    meaning: 'Another process is syncing this account; two never do so at once.',
    remedy: 'Nothing; that process writes to the same tables. The message names it.',
  },
  LEASE_LOST: {
    meaning:
      'This process had no sign of life for so long that another one took the account over, so that nothing of this sync was written.',
    remedy:
      'Nothing for one; the account is synced by the other process. If it repeats, see what stops this process or cuts it off from the database.',
  },
  ABORTED: { meaning: 'The work was called off.', remedy: 'Nothing; whoever called it off knows.' },
  INTERNAL: {
    meaning: 'A defect of this program.',
    remedy: 'Please report it with the lines of the log around it.',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;

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
