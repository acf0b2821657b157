import type { DatabaseConnection } from '../domain/database-connection.js';

/** `postgresql://user@host:5432/database?sslmode=disable`, as psql, DATABASE_URL and most drivers read it. */
export function connectionUrl(connection: DatabaseConnection, withPassword: boolean): string {
  const { host, port, user, password, database, tls } = connection;
  const secret = withPassword ? `:${encodeURIComponent(password)}` : '';
  const parameters = new URLSearchParams({ sslmode: tls });
  // A directory of Unix sockets cannot stand where a URL has its host, and none may be missing there.
  const isSocket = host.startsWith('/');
  if (isSocket) parameters.set('host', host);
  const named = isSocket ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  const authority = `${encodeURIComponent(user)}${secret}@${named}:${port}`;
  return `postgresql://${authority}/${encodeURIComponent(database)}?${parameters}`;
}

/** Lines for `eval`, after which psql and its like need no arguments. */
export function shellExports(connection: DatabaseConnection, withPassword: boolean): string {
  const { host, port, user, password, database, tls } = connection;
  const variables = {
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: user,
    PGDATABASE: database,
    PGSSLMODE: tls,
    ...(withPassword && { PGPASSWORD: password }),
  };
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}=${quoted(value)}\n`)
    .join('');
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}
