import type { ConnectionSettings, Settings } from './settings.js';

/** Everything in the settings that a log must not show: the database's password and what proxies' URLs carry. */
export function secretsOfSettings({ database, exchanges }: Settings): readonly string[] {
  const connections = exchanges.flatMap(({ connection, accountConnections }) => [
    connection,
    ...Object.values(accountConnections),
  ]);
  const secrets = connections.flatMap(secretsOfConnection);
  // The default password is no secret, and would take the server's name out of every line.
  if (database.kind === 'server' && database.password !== 'postgres') secrets.push(database.password);
  return [...new Set(secrets)].filter((secret) => secret !== '');
}

function secretsOfConnection({ proxyUrl, httpsProxy, socksProxy }: ConnectionSettings): string[] {
  return [proxyUrl, httpsProxy, socksProxy].flatMap((proxy) => {
    if (proxy === undefined || !URL.canParse(proxy)) return [];
    const { password } = new URL(proxy);
    return [password, decoded(password)];
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not percent-encoded: the text itself is the password.
    return text;
  }
}
