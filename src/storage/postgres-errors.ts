import type { ServerDatabaseSettings } from '../config/settings.js';
import { type ErrorCode, ExchangeSyncError } from '../domain/errors.js';

/** What one kind of failure means. */
interface Meaning {
  readonly code: ErrorCode;
  /** The same work can succeed when it is tried again, unchanged. */
  readonly retryable: boolean;
  /** What a person can do about it. */
  readonly remedy: string;
}

const WHERE =
  'Check DB_HOST and DB_PORT (or DATABASE_URL), and that the server runs and accepts connections.';
const TLS = 'Check DB_SSL (or sslmode in DATABASE_URL) against what the server offers.';
const WAIT = 'It is tried again.';
const MIGRATE = 'Run `exchange-sync migrate`; the tables are not what this version expects.';

function meaning(code: ErrorCode, retryable: boolean, remedy: string): Meaning {
  return { code, retryable, remedy };
}

/** By SQLSTATE, and by its first two characters where only the class is known. */
const BY_SQLSTATE: Readonly<Record<string, Meaning>> = {
  '08': meaning('DATABASE_UNAVAILABLE', true, WHERE),
  '28': meaning(
    'DATABASE_UNAVAILABLE',
    false,
    "Check DB_USER and DB_PASS (or DATABASE_URL) and the server's pg_hba.conf.",
  ),
  '3D000': meaning(
    'DATABASE_UNAVAILABLE',
    false,
    'Create that database, or name another with DB_NAME (or DATABASE_URL).',
  ),
  '25006': meaning(
    'DATABASE_READ_ONLY',
    false,
    'Point DB_HOST (or DATABASE_URL) at the primary server, or turn default_transaction_read_only off.',
  ),
  '42501': meaning(
    'DATABASE_PERMISSION',
    false,
    'Grant DB_USER the privilege, or name a schema it owns with DB_SCHEMA.',
  ),
  '40': meaning('DATABASE_ERROR', true, WAIT),
  '55P03': meaning('DATABASE_ERROR', true, WAIT),
  '57014': meaning(
    'DATABASE_ERROR',
    true,
    'It took too long; look for locks that are held and for a server under load.',
  ),
  '57P': meaning('DATABASE_UNAVAILABLE', true, WAIT),
  '53': meaning('DATABASE_UNAVAILABLE', true, 'The server is out of memory, disk or connections; free some.'),
  '58': meaning('DATABASE_UNAVAILABLE', true, "Look into the server's log."),
  '42P01': meaning('DATABASE_ERROR', false, MIGRATE),
  '42703': meaning('DATABASE_ERROR', false, MIGRATE),
  '3F000': meaning('DATABASE_ERROR', false, MIGRATE),
};

/** By the `code` of errors that Node gives before a server said anything. */
const BY_NODE_CODE: Readonly<Record<string, Meaning>> = {
  ENOTFOUND: meaning(
    'DATABASE_UNAVAILABLE',
    true,
    'Check DB_HOST (or DATABASE_URL): that name has no address.',
  ),
  DEPTH_ZERO_SELF_SIGNED_CERT: meaning('DATABASE_UNAVAILABLE', false, TLS),
  SELF_SIGNED_CERT_IN_CHAIN: meaning('DATABASE_UNAVAILABLE', false, TLS),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: meaning('DATABASE_UNAVAILABLE', false, TLS),
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: meaning('DATABASE_UNAVAILABLE', false, TLS),
  CERT_HAS_EXPIRED: meaning('DATABASE_UNAVAILABLE', false, TLS),
  ERR_TLS_CERT_ALTNAME_INVALID: meaning('DATABASE_UNAVAILABLE', false, TLS),
};

/** A failure that is neither: the connection broke, timed out or was never made. */
const CONNECTION_LOST = meaning('DATABASE_UNAVAILABLE', true, WHERE);
const UNKNOWN_SQLSTATE = meaning('DATABASE_ERROR', false, 'This is most likely a defect; please report it.');

/** pg gives these without a code, so that nothing but the sentence tells them apart. */
const TLS_REFUSED = 'The server does not support SSL connections';

const SQLSTATE = /^[0-9A-Z]{5}$/;

/** `user@host:port/database`: where a statement went; the password is not part of it. */
export function databaseTarget({ user, host, port, database }: ServerDatabaseSettings): string {
  return `${user}@${host}:${port}/${database}`;
}

/**
 * Translates what pg throws, once. `details`: `retryable`, `target`, and `sqlState`, `position` and the
 * names of the objects where the server said them.
 */
export function translatePostgresError(error: unknown, settings: ServerDatabaseSettings): ExchangeSyncError {
  if (error instanceof ExchangeSyncError) return error;
  const { code, position, schema, table, column, constraint } = (error ?? {}) as Record<string, unknown>;
  const sqlState = isServerError(error) && typeof code === 'string' ? code : undefined;
  const { code: errorCode, retryable, remedy } = meaningOf(error, code, sqlState);
  const target = databaseTarget(settings);
  return new ExchangeSyncError(errorCode, `PostgreSQL ${target}: ${sentence(error)} ${remedy}`, {
    details: { retryable, target, ...defined({ sqlState, position, schema, table, column, constraint }) },
    cause: error,
  });
}

/** Whether the server itself answered with an error, so that the connection still works. */
export function isServerError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, severity } = error as { code?: unknown; severity?: unknown };
  return typeof code === 'string' && SQLSTATE.test(code) && typeof severity === 'string';
}

function meaningOf(error: unknown, code: unknown, sqlState: string | undefined): Meaning {
  if (sqlState !== undefined) {
    const { [sqlState]: exact, [sqlState.slice(0, 3)]: group, [sqlState.slice(0, 2)]: whole } = BY_SQLSTATE;
    return exact ?? group ?? whole ?? UNKNOWN_SQLSTATE;
  }
  if (error instanceof Error && error.message === TLS_REFUSED) {
    return meaning('DATABASE_UNAVAILABLE', false, TLS);
  }
  return (typeof code === 'string' ? BY_NODE_CODE[code] : undefined) ?? CONNECTION_LOST;
}

function sentence(error: unknown): string {
  const said = error instanceof Error ? error.message || namesOf(error) : String(error);
  return said.endsWith('.') ? said : `${said}.`;
}

/** Node tries every address of a host and throws an AggregateError without a message. */
function namesOf(error: Error): string {
  const inner = error instanceof AggregateError ? error.errors : [];
  return inner.map((each) => (each instanceof Error ? each.message : String(each))).join(', ') || error.name;
}

function defined(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
