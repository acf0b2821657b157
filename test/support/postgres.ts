import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import type { ServerDatabaseSettings } from '#src/config/settings.js';
import { migrate } from '#src/storage/migrate.js';
import { PostgresDatabase, type PostgresDatabaseOptions } from '#src/storage/postgres-database.js';
import { EMBEDDED_PACKAGE, startTestServer, type TestServer } from './postgres-server.js';
import { silentLogger } from './silent-logger.js';

/*
 * Real PostgreSQL for tests. One server per run: EXCHANGE_SYNC_TEST_DATABASE_URL if set, else the binaries
 * that the product embeds. Every test has a schema of its own, which is kept when the test fails and
 * emptied for the next test when it passes. A connection that is still open after its test fails the run.
 */

const APPLICATION = 'exchange-sync-test';

let embedded: TestServer | undefined;
let starting: Promise<ServerDatabaseSettings> | undefined;
/** `host:port` of the servers on which a failed test has left its schema. */
const withKeptSchemas = new Set<string>();

/** The run's server; started by the first test that needs it. `schema` is `public`. */
export function testServer(): Promise<ServerDatabaseSettings> {
  starting ??= startOnce();
  return starting;
}

async function startOnce(): Promise<ServerDatabaseSettings> {
  const url = process.env.EXCHANGE_SYNC_TEST_DATABASE_URL;
  if (url) return settingsFromUrl(url);
  embedded = await startTestServer(EMBEDDED_PACKAGE);
  return embedded.settings;
}

function settingsFromUrl(text: string): ServerDatabaseSettings {
  const url = new URL(text);
  return {
    kind: 'server',
    host: url.hostname,
    port: Number(url.port || 5432),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: url.pathname.slice(1) || 'postgres',
    schema: 'public',
    tls: 'disable',
  };
}

after('stop the test PostgreSQL', async function () {
  this.timeout(30_000);
  const server = embedded;
  if (!server) return starting && dropSpares(await starting);
  try {
    // A server of ours has no clients but the tests.
    await withClient(server.settings, (client) => expectNoBackends(client, undefined));
  } finally {
    await server.stop({ keep: hasKeptSchemas(server.settings) });
  }
});

/** Whether the server's directory must outlive the run, for somebody to look at. */
export function hasKeptSchemas(settings: ServerDatabaseSettings): boolean {
  return withKeptSchemas.has(serverOf(settings));
}

export interface TestDatabase {
  /** Only inside of tests and hooks. */
  readonly database: PostgresDatabase;
  readonly schema: string;
  /** Names the test's schema. */
  readonly settings: ServerDatabaseSettings;
  /** Another pool on the same database; closed after the test. */
  connect(options?: Partial<PostgresDatabaseOptions>): PostgresDatabase;
}

export interface UseTestDatabaseOptions {
  /** False leaves the schema to the test: it does not exist. */
  readonly migrated?: boolean;
  /** Instead of the run's server. */
  readonly server?: () => Promise<ServerDatabaseSettings>;
}

/** Gives each test of the suite a schema of its own. Call it inside of `describe`. */
export function useTestDatabase(options: UseTestDatabaseOptions = {}): TestDatabase {
  const { server = testServer, migrated = true } = options;
  let settings: ServerDatabaseSettings | undefined;
  let open: PostgresDatabase[] = [];

  const current = (): ServerDatabaseSettings => {
    if (!settings) throw new Error('the test database exists only while a test runs');
    return settings;
  };
  const connect = (changes: Partial<PostgresDatabaseOptions> = {}): PostgresDatabase => {
    const database = new PostgresDatabase({
      settings: current(),
      logger: silentLogger,
      applicationName: `${APPLICATION} ${current().schema}`,
      ...changes,
    });
    open.push(database);
    return database;
  };

  beforeEach('create a schema', async () => {
    const base = await server();
    const spare = migrated ? sparesOf(base).pop() : undefined;
    const schema = spare ?? `test_${randomBytes(6).toString('hex')}`;
    settings = { ...base, schema };
    const database = connect();
    if (migrated && spare === undefined) await migrate(database, schema, silentLogger);
  });

  afterEach('give the schema back', async function () {
    if (!settings) return;
    const { schema, port } = settings;
    await Promise.all(open.map((database) => database.close()));
    open = [];
    const failed = this.currentTest?.isFailed() ?? false;
    if (failed) withKeptSchemas.add(serverOf(settings));
    await finish(settings, failed ? 'keep' : migrated ? 'empty' : 'drop');
    settings = undefined;
    if (failed) process.stderr.write(`      kept schema ${schema} of the server on port ${port}\n`);
  });

  return {
    get database() {
      const [first] = open;
      if (!first) throw new Error('the test database exists only while a test runs');
      return first;
    },
    get schema() {
      return current().schema;
    },
    get settings() {
      return current();
    },
    connect,
  };
}

/** Fails if a connection of the test is still there. */
async function finish(settings: ServerDatabaseSettings, then: 'keep' | 'empty' | 'drop'): Promise<void> {
  const { schema } = settings;
  await withClient(settings, async (client) => {
    await expectNoBackends(client, `${APPLICATION} ${schema}`);
    if (then === 'drop') await client.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
    if (then === 'empty') await empty(client, schema);
  });
  if (then === 'empty') sparesOf(settings).push(schema);
}

/** Migrated, empty schemas by server: to migrate one takes longer than most tests. */
const spares = new Map<string, string[]>();

function sparesOf(settings: ServerDatabaseSettings): string[] {
  const server = serverOf(settings);
  const schemas = spares.get(server) ?? [];
  spares.set(server, schemas);
  return schemas;
}

function serverOf({ host, port }: ServerDatabaseSettings): string {
  return `${host}:${port}`;
}

async function empty(client: Client, schema: string): Promise<void> {
  const { rows } = await client.query<{ table: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS table FROM pg_tables
     WHERE schemaname = $1 AND tablename <> 'exchange_sync_migrations'`,
    [schema],
  );
  await client.query(rows.map(({ table }) => `DELETE FROM ${table}`).join(';'));
}

async function dropSpares(settings: ServerDatabaseSettings): Promise<void> {
  await withClient(settings, async (client) => {
    for (const schema of sparesOf(settings)) await client.query(`DROP SCHEMA "${schema}" CASCADE`);
  });
}

async function withClient(settings: ServerDatabaseSettings, work: (client: Client) => Promise<void>) {
  const { host, port, user, password, database } = settings;
  const client = new Client({ host, port, user, password, database });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/** A backend ends a moment after its connection, so that one that is seen is looked for again. */
async function expectNoBackends(client: Client, application: string | undefined): Promise<void> {
  let leaked: string[] = [];
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const { rows } = await client.query<{ application_name: string; query: string }>(
      `SELECT application_name, query FROM pg_stat_activity
       WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
         AND ($1::text IS NULL OR application_name = $1)`,
      [application ?? null],
    );
    if (rows.length === 0) return;
    leaked = rows.map((row) => `${row.application_name}: ${row.query}`);
  }
  throw new Error(`database connections were left open:\n${leaked.join('\n')}`);
}
