import { accepted, type Parsed, refused } from './setting-parser.js';
import type { ServerDatabaseSettings } from './settings.js';
import { tls as parseTls } from './value-parsers.js';

/** What a URL says of a server; without `tls`, it does not say. */
export interface DatabaseUrl extends Omit<ServerDatabaseSettings, 'kind' | 'schema' | 'tls'> {
  readonly tls?: ServerDatabaseSettings['tls'];
  readonly ignoredParameters: readonly string[];
}

const SHAPE = 'give postgresql://user:password@host:5432/database, with special characters as %XX';

/** Reads a `postgresql://` URL. Messages show it without its password. */
export function parseDatabaseUrl(raw: string): Parsed<DatabaseUrl> {
  // A URL without a host (`postgresql:///db?host=/run/postgresql`) is what libpq users write for a socket.
  const url = URL.canParse(raw) ? new URL(raw) : undefined;
  if (url === undefined || !/^postgres(ql)?:\/\//i.test(raw)) {
    return refused(`${maskedUrl(raw)} is not a PostgreSQL URL; ${SHAPE}`);
  }
  const part = decodedParts(url);
  if (part === undefined)
    return refused(`${maskedUrl(raw)} has a % that is not followed by two hex digits; ${SHAPE}`);
  if (part.database === '') return refused(`${maskedUrl(raw)} names no database; ${SHAPE}`);

  const sslMode = url.searchParams.get('sslmode');
  const tls = sslMode === null ? undefined : parseTls(sslMode);
  if (tls?.problems !== undefined) {
    return refused(`${maskedUrl(raw)}: sslmode=${sslMode} ${tls.problems[0]?.message}`);
  }
  return accepted({
    host: url.searchParams.get('host') ?? (part.host || 'localhost'),
    port: url.port === '' ? 5432 : Number(url.port),
    user: part.user || 'postgres',
    password: part.password,
    database: part.database,
    ...(tls && { tls: tls.value }),
    ignoredParameters: [...url.searchParams.keys()].filter((name) => name !== 'sslmode' && name !== 'host'),
  });
}

function decodedParts(url: URL): Record<'host' | 'user' | 'password' | 'database', string> | undefined {
  try {
    return {
      host: decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1'),
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      database: decodeURIComponent(url.pathname.replace(/^\//, '')),
    };
  } catch (error: unknown) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** For messages: without password and parameters, and with nothing at all of what cannot be taken apart. */
export function maskedUrl(raw: string): string {
  if (!URL.canParse(raw)) return '"***"';
  const { protocol, username, password, host, pathname } = new URL(raw);
  // Without a host, the user and password may be anywhere in what looks like a path.
  if (host === '') return JSON.stringify(`${protocol}***`);
  const userInfo = username === '' ? '' : `${username}${password === '' ? '' : ':***'}@`;
  return JSON.stringify(`${protocol}//${userInfo}${host}${pathname}`);
}
