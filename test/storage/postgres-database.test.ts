import { expect } from 'chai';
import { fake } from 'sinon';
import type { ServerDatabaseSettings } from '#src/config/settings.js';
import type { Transaction } from '#src/storage/database.js';
import type { PostgresDatabase } from '#src/storage/postgres-database.js';
import { expectError } from '../support/expect-error.js';
import { type FreezableProxy, startFreezableProxy } from '../support/freezable-proxy.js';
import { testServer, useTestDatabase } from '../support/postgres.js';
import { silentLogger } from '../support/silent-logger.js';

describe('PostgresDatabase', () => {
  const test = useTestDatabase();
  const table = () => `"${test.schema}".sync_accounts`;
  const insert = (tx: Transaction, account: string) =>
    tx.query(`INSERT INTO ${table()} VALUES ('bybit', $1, now())`, [account]);
  const count = async () => {
    const { rows } = await test.connect().query<{ n: string }>(`SELECT count(*) AS n FROM ${table()}`);
    return rows[0]?.n;
  };

  describe('a snapshot', () => {
    it('is of one moment, whatever others write meanwhile, and writes nothing', async () => {
      const seen = await test.database.snapshot(async (moment) => {
        const look = async () => (await moment.query(`SELECT account FROM ${table()}`)).rows.length;
        const first = await look();
        await test.connect().transaction((tx) => insert(tx, 'a'));
        return [first, await look()];
      });
      expect(seen).to.deep.equal([0, 0]);
      expect(await count()).to.equal('1');
      await expectError(
        test.database.snapshot((moment) => insert(moment, 'b')),
        'DATABASE_READ_ONLY',
      );
    });
  });

  describe('a transaction', () => {
    it('is seen by others once it has resolved, and not before', async () => {
      await test.database.transaction(async (tx) => {
        await insert(tx, 'a');
        expect(await count()).to.equal('0');
      });
      expect(await count()).to.equal('1');
    });

    it('leaves nothing when its work rejects, and passes the rejection on', async () => {
      const failure = new Error('changed my mind');
      const attempt = test.database.transaction(async (tx) => {
        await insert(tx, 'a');
        throw failure;
      });
      expect(await attempt.catch((error: unknown) => error)).to.equal(failure);
      expect(await count()).to.equal('0');
    });

    it('does not pretend to be committed when a failure in it was swallowed', async () => {
      const attempt = test.database.transaction(async (tx) => {
        await insert(tx, 'a');
        await tx.query('SELECT 1 / 0').catch(() => undefined);
      });
      const error = await expectError(attempt, 'DATABASE_ERROR');
      expect(error.message).to.contain('nothing of it was kept');
      expect(await count()).to.equal('0');
    });

    it('takes no statement after its end', async () => {
      const leaked = await test.database.transaction(async (tx) => tx);
      await expectError(leaked.query('SELECT 1'), 'INTERNAL');
    });

    it('gives its connection back, whatever happens', async () => {
      const database = test.connect({ maxConnections: 1, connectTimeoutMs: 2000 });
      await expectError(database.query('SELECT 1 / 0'), 'DATABASE_ERROR');
      await database.transaction(() => Promise.reject(new Error('no'))).catch(() => undefined);
      expect((await database.query('SELECT 1 AS one')).rows).to.deep.equal([{ one: 1 }]);
    });
  });

  it('keeps every digit, and times to the millisecond in UTC', async () => {
    const { rows } = await test.database.query(
      `SELECT $1::numeric AS amount, 9007199254740993::bigint AS big, $2::timestamptz AS time`,
      ['0.100000000000000000000000000000000001', '2026-01-01T00:00:00.123Z'],
    );
    expect(rows[0]).to.deep.equal({
      amount: '0.100000000000000000000000000000000001',
      big: '9007199254740993',
      time: new Date('2026-01-01T00:00:00.123Z'),
    });
  });

  it('leaves nothing in a session that a pooler may hand to somebody else', async () => {
    await test.database.transaction(async (tx) => {
      await tx.query('SELECT $1::int', [1]);
      await tx.query('COMMIT');
      const own = await tx.query(`SELECT name FROM pg_settings WHERE source = 'session'`);
      expect(own.rows).to.deep.equal([]);
      // What a client asks for when it connects; PgBouncer refuses most of what there is.
      const asked = await tx.query(`SELECT name FROM pg_settings WHERE source = 'client' ORDER BY name`);
      expect(asked.rows).to.deep.equal([{ name: 'application_name' }, { name: 'client_encoding' }]);
      expect((await tx.query('SELECT FROM pg_prepared_statements')).rowCount).to.equal(0);
      await tx.query('BEGIN');
    });
  });

  it('finds nothing by a name that somebody else has put in the way', async () => {
    await test.database.query(
      'CREATE FUNCTION public.lower(integer) RETURNS text LANGUAGE sql AS $$ SELECT 1 $$',
    );
    try {
      await expectError(test.database.query('SELECT lower(1)'), 'DATABASE_ERROR');
    } finally {
      await test.database.query('DROP FUNCTION public.lower(integer)');
    }
  });

  it('bounds its connections', async () => {
    const database = test.connect({ maxConnections: 2 });
    const backends = await Promise.all(
      Array.from({ length: 8 }, () => database.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')),
    );
    expect(new Set(backends.map(({ rows }) => rows[0]?.pid)).size).to.be.at.most(2);
  });

  describe('an error', () => {
    const failing = (changes: Partial<ServerDatabaseSettings>) =>
      test.connect({ settings: { ...test.settings, ...changes }, connectTimeoutMs: 2000 }).query('SELECT 1');

    it('of a server that is not there names where it was looked for and the setting', async () => {
      const error = await expectError(failing({ port: 1 }), 'DATABASE_UNAVAILABLE');
      expect(error.message).to.contain('postgres@127.0.0.1:1/postgres').and.to.contain('DB_HOST');
      expect(error.message).to.contain('ECONNREFUSED');
      expect(error.details).to.include({ retryable: true });
    });

    it('of a host without an address names DB_HOST', async () => {
      const error = await expectError(failing({ host: 'no-such-host.invalid' }), 'DATABASE_UNAVAILABLE');
      expect(error.message).to.contain('no-such-host.invalid').and.to.contain('DB_HOST');
    });

    it('of a wrong password never shows a password', async () => {
      const error = await expectError(failing({ password: 'hunter2-secret' }), 'DATABASE_UNAVAILABLE');
      expect(error.message).to.contain('DB_PASS').and.to.contain('DB_USER');
      expect(error.details).to.include({ retryable: false, sqlState: '28P01' });
      expect(`${error.message}${JSON.stringify(error.details)}${error.stack}`).not.to.contain('hunter2');
      expect(JSON.stringify(error.cause)).not.to.contain('hunter2');
    });

    it('of a database that does not exist names it', async () => {
      const error = await expectError(failing({ database: 'nowhere' }), 'DATABASE_UNAVAILABLE');
      expect(error.message).to.contain('nowhere').and.to.contain('DB_NAME');
    });

    it('of a server without TLS names DB_SSL', async () => {
      const error = await expectError(failing({ tls: 'require' }), 'DATABASE_UNAVAILABLE');
      expect(error.message).to.contain('DB_SSL');
      expect(error.details.retryable).to.equal(false);
    });

    it('of a table that is not there says to migrate', async () => {
      const error = await expectError(
        test.database.query(`SELECT * FROM "${test.schema}".nothing`),
        'DATABASE_ERROR',
      );
      expect(error.message).to.contain('exchange-sync migrate');
      expect(error.details).to.include({ sqlState: '42P01', retryable: false });
    });

    it('of a statement that a database cannot write says so', async () => {
      const attempt = test.database.transaction(async (tx) => {
        await tx.query('SET TRANSACTION READ ONLY');
        await insert(tx, 'a');
      });
      const error = await expectError(attempt, 'DATABASE_READ_ONLY');
      expect(error.message).to.contain('primary');
    });

    it('of a user without the privilege says so', async () => {
      const role = `role_${test.schema}`;
      await test.database.query(`CREATE ROLE "${role}" LOGIN PASSWORD 'limited'`);
      try {
        const limited = test.connect({ settings: { ...test.settings, user: role, password: 'limited' } });
        const error = await expectError(limited.query(`SELECT * FROM ${table()}`), 'DATABASE_PERMISSION');
        expect(error.message).to.contain(role).and.to.contain('DB_USER');
        await limited.close();
      } finally {
        await test.database.query(`DROP ROLE "${role}"`);
      }
    });

    it('of a server without a free connection is retryable', async () => {
      const role = `role_${test.schema}`;
      await test.database.query(`CREATE ROLE "${role}" LOGIN PASSWORD 'limited' CONNECTION LIMIT 0`);
      try {
        const error = await expectError(failing({ user: role, password: 'limited' }), 'DATABASE_UNAVAILABLE');
        expect(error.message).to.contain('too many connections');
        expect(error.details).to.include({ sqlState: '53300', retryable: true });
      } finally {
        await test.database.query(`DROP ROLE "${role}"`);
      }
    });

    it('of a statement that takes too long comes from the server, and the connection lives on', async () => {
      const database = test.connect({ maxConnections: 1, statementTimeoutMs: 50 });
      const pid = async () =>
        (await database.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0];
      const before = await pid();
      const error = await expectError(database.query('SELECT pg_sleep(30)'), 'DATABASE_ERROR');
      expect(error.details).to.include({ sqlState: '57014', retryable: true });
      expect(await pid()).to.deep.equal(before);
    });

    it('of two transactions that cannot both be is retryable', async () => {
      await test.database.transaction((tx) => insert(tx, 'a'));
      const update = `UPDATE ${table()} SET configured_at = now()`;
      const attempt = test.database.transaction(async (tx) => {
        await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
        await tx.query(`SELECT * FROM ${table()}`);
        await test.connect().query(update);
        await tx.query(update);
      });
      const error = await expectError(attempt, 'DATABASE_ERROR');
      expect(error.details).to.include({ sqlState: '40001', retryable: true });
    });
  });

  describe('a connection that is lost', () => {
    const kill = (pid: number | undefined) => test.connect().query('SELECT pg_terminate_backend($1)', [pid]);
    const pidOf = async (queryable: Pick<PostgresDatabase, 'query'>) =>
      (await queryable.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid;

    it('while idle is logged and replaced', async () => {
      let noticed: () => void = () => undefined;
      const lost = new Promise<void>((resolve) => {
        noticed = resolve;
      });
      const warning = fake(() => noticed());
      const database = test.connect({ logger: { ...silentLogger, warning } });
      await kill(await pidOf(database));
      await lost;
      expect(warning.callCount).to.equal(1);
      expect(await pidOf(database)).to.be.a('number');
    });

    it('between two statements of a transaction is an error, not the end of the process', async () => {
      const database = test.connect({ maxConnections: 1 });
      const attempt = database.transaction(async (tx) => {
        await kill(await pidOf(tx));
        // Until the client has heard of it, so that it happens between two statements.
        await new Promise((resolve) => setImmediate(resolve));
        await tx.query('SELECT 1');
      });
      const error = await expectError(attempt, 'DATABASE_UNAVAILABLE');
      expect(error.details.retryable).to.equal(true);
      expect(await pidOf(database)).to.be.a('number');
    });
  });

  describe('a server that says nothing', () => {
    let proxy: FreezableProxy;

    before(async () => {
      proxy = await startFreezableProxy(await testServer());
    });

    after(() => proxy.close());

    beforeEach(() => proxy.thaw());

    const connect = () =>
      test.connect({
        settings: { ...test.settings, port: proxy.port },
        ...{ maxConnections: 1, connectTimeoutMs: 300, statementTimeoutMs: 300, silenceMarginMs: 0 },
      });

    it('to a new connection is given up on, and asked again later', async () => {
      const database = connect();
      proxy.freeze();
      const error = await expectError(database.query('SELECT 1'), 'DATABASE_UNAVAILABLE');
      expect(error.details.retryable).to.equal(true);
      proxy.thaw();
      expect((await database.query('SELECT 1 AS one')).rows).to.deep.equal([{ one: 1 }]);
    });

    it('to a statement is given up on, with its connection', async () => {
      const database = connect();
      const attempt = database.transaction(async (tx) => {
        await tx.query('SELECT 1');
        proxy.freeze();
        await tx.query('SELECT 2');
      });
      const error = await expectError(attempt, 'DATABASE_UNAVAILABLE');
      expect(error.details.retryable).to.equal(true);
      proxy.thaw();
      expect((await database.query('SELECT 3 AS three')).rows).to.deep.equal([{ three: 3 }]);
    });
  });

  describe('closing', () => {
    it('awaits what is under way, is the same for everybody, and ends the rest', async () => {
      const database = test.connect();
      const running = database.query(`SELECT pg_sleep(0.05), 'done' AS state`);
      await database.query('SELECT 1');
      const closing = database.close();
      expect(database.close()).to.equal(closing);
      await expectError(database.query('SELECT 1'), 'STOPPED');
      expect((await running).rows[0]).to.include({ state: 'done' });
      await closing;
    });
  });
});
