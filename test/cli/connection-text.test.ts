import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { connectionUrl, shellExports } from '#src/cli/connection-text.js';
import { parseDatabaseUrl } from '#src/config/database-url.js';
import type { DatabaseConnection } from '#src/domain/database-connection.js';

const CONNECTION: DatabaseConnection = {
  ...{
    host: 'db.example',
    port: 6543,
    user: "o'neill@home",
    password: `p/a:s?s'"$HOME`,
    database: 'my books',
  },
  ...{ schema: 'public', tls: 'verify-full', embedded: false },
};

describe('how to reach the database', () => {
  for (const host of ['db.example', '::1', '/var/run/postgresql']) {
    it(`is a URL that DATABASE_URL takes: ${host}`, () => {
      const { value, problems } = parseDatabaseUrl(connectionUrl({ ...CONNECTION, host }, true));
      expect(problems).to.equal(undefined);
      const { port, user, password, database, tls } = CONNECTION;
      expect(value).to.deep.include({ host, port, user, password, database, tls });
    });
  }

  it('is exports that a shell takes, whatever is in them', () => {
    const script = `${shellExports(CONNECTION, true)} printf '%s\\n' "$PGHOST" "$PGPORT" "$PGUSER" "$PGDATABASE" "$PGSSLMODE" "$PGPASSWORD"`;
    const { host, port, user, database, tls, password } = CONNECTION;
    expect(execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' }).split('\n')).to.deep.equal([
      ...[host, String(port), user, database, tls, password, ''],
    ]);
  });

  it('has no password unless asked for', () => {
    for (const text of [connectionUrl(CONNECTION, false), shellExports(CONNECTION, false)]) {
      expect(text).to.not.match(/PGPASSWORD|p%2Fa|p\/a/);
    }
  });
});
