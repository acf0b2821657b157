import { expect } from 'chai';
import { compileSettings } from '#src/config/compile-settings.js';
import type { SettingProblem } from '#src/config/setting-values.js';
import { ExchangeSyncError } from '#src/domain/errors.js';

function compile(env: Record<string, string>) {
  const { settings, warnings } = compileSettings({}, env, '/home/somebody');
  return { database: settings.database, warnings };
}

function rejected(env: Record<string, string>): { text: string; problems: readonly SettingProblem[] } {
  try {
    compile(env);
  } catch (error: unknown) {
    if (!(error instanceof ExchangeSyncError)) throw error;
    return {
      text: error.message + JSON.stringify(error.details),
      problems: error.details.problems as SettingProblem[],
    };
  }
  throw new Error('the settings were accepted');
}

describe('database settings', () => {
  it('completes DB_* with the defaults of a local server', () => {
    expect(compile({ DB_NAME: 'books' }).database).to.deep.equal({
      kind: 'server',
      host: 'localhost',
      port: 5432,
      user: 'postgres',
      password: 'postgres',
      database: 'books',
      tls: 'disable',
      schema: 'public',
    });
  });

  it('takes a URL apart', () => {
    const url = 'postgres://us%40er:p%2Fss%25@db.example:6432/my%20books?sslmode=verify-full';
    expect(compile({ DATABASE_URL: url, DB_SCHEMA: 'mirror' }).database).to.deep.equal({
      kind: 'server',
      host: 'db.example',
      port: 6432,
      user: 'us@er',
      password: 'p/ss%',
      database: 'my books',
      tls: 'verify-full',
      schema: 'mirror',
    });
  });

  it('takes IPv6 addresses and sockets', () => {
    expect(compile({ DATABASE_URL: 'postgresql://u@[::1]/books' }).database).to.include({
      host: '::1',
      password: '',
    });
    expect(compile({ DATABASE_URL: 'postgresql:///books?host=/run/postgresql' }).database).to.include({
      host: '/run/postgresql',
      database: 'books',
    });
  });

  it('lets DATABASE_URL win, and says so', () => {
    const { database, warnings } = compile({
      DATABASE_URL: 'postgres://u:p@h/one',
      DB_NAME: 'two',
      DB_HOST: 'x',
    });
    expect(database).to.include({ host: 'h', database: 'one' });
    expect(warnings).to.deep.equal(['DATABASE_URL wins; ignored: DB_HOST, DB_NAME']);
  });

  it('takes TLS from DB_SSL where the URL does not say', () => {
    const url = 'postgres://u:p@h/one';
    expect(compile({ DATABASE_URL: url, DB_SSL: 'true' }).database).to.include({ tls: 'require' });
    expect(compile({ DATABASE_URL: `${url}?sslmode=disable`, DB_SSL: 'true' }).database).to.include({
      tls: 'disable',
    });
  });

  it('warns of what has no effect', () => {
    expect(compile({ DB_SSL: 'require' }).warnings[0]).to.include('embedded');
    expect(compile({ EXCHANGE_SYNC_DATA_DIR: 'x', DB_HOST: 'h' }).warnings).to.deep.equal([
      'EXCHANGE_SYNC_DATA_DIR has no effect: a database server is named',
    ]);
    expect(compile({ DATABASE_URL: 'postgres://u:p@h/one?application_name=x' }).warnings[0]).to.include(
      'application_name',
    );
  });

  it('keeps an empty password', () => {
    expect(compile({ DB_HOST: 'h', DB_PASS: '' }).database).to.include({ password: '' });
  });

  it('puts the embedded database where it is told', () => {
    expect(compile({ EXCHANGE_SYNC_DATA_DIR: 'data' }).database).to.deep.equal({
      kind: 'embedded',
      dataDir: '/home/somebody/data',
      schema: 'public',
    });
  });

  const PASSWORD = 'hunter2hunter2';
  for (const [what, url] of Object.entries({
    'another scheme': `mysql://u:${PASSWORD}@h/db`,
    'no scheme': `u:${PASSWORD}@h/db`,
    'no database': `postgres://u:${PASSWORD}@h`,
    'a raw slash in the password': `postgres://u:${PASSWORD}/x@h/db`,
    'a raw hash in the password': `postgres://u:${PASSWORD}#x@h/db`,
    'a bad escape': `postgres://u:${PASSWORD}%zz@h/db`,
    'a port that is none': `postgres://u:${PASSWORD}@h:abc/db`,
    'no slashes': `postgres:u:${PASSWORD}@h/db`,
    'an unsupported sslmode': `postgres://u:${PASSWORD}@h/db?sslmode=prefer`,
    'a password among the parameters': `postgres://h?password=${PASSWORD}`,
  })) {
    it(`refuses a URL with ${what}, without showing the password`, () => {
      const { text, problems } = rejected({ DATABASE_URL: url });
      expect(problems).to.have.length(1);
      expect(problems[0]?.setting).to.equal('DATABASE_URL');
      expect(text).not.to.include(PASSWORD);
    });
  }

  it('refuses a password that is no text, without showing it', () => {
    expect(() => compileSettings({ dbHost: 'h', dbPass: 987_654 as never }, {}, '/'))
      .to.throw(ExchangeSyncError, 'option dbPass')
      .with.property('message')
      .that.does.not.include('987');
  });

  for (const schema of ['Books', 'pg_mine', '1st', 'a-b', 'x'.repeat(64), 'a";drop']) {
    it(`refuses the schema name ${schema.slice(0, 10)}`, () => {
      expect(rejected({ DB_SCHEMA: schema }).problems[0]?.setting).to.equal('DB_SCHEMA');
    });
  }
});
