import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

/** Tables first, then views, each with its columns in their order. */
export const SCHEMA_QUERY = `
  SELECT c.relname AS relation, c.relkind = 'v' AS "isView", obj_description(c.oid, 'pg_class') AS about,
    a.attname AS column, format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS nullable,
    col_description(c.oid, a.attnum) AS comment
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE n.nspname = $1 AND c.relkind IN ('r', 'v') AND c.relname <> 'exchange_sync_migrations'
  ORDER BY c.relkind, c.relname, a.attnum`;

/** The columns of a database that was just made: in an embedded PostgreSQL that is gone afterwards. */
export async function readNewSchema() {
  const { ExchangeDataSynchronizer } = await import('../../dist/index.js');
  const directory = await mkdtemp(join(tmpdir(), 'exchange-sync-docs-'));
  await chmod(directory, 0o755);
  const synchronizer = new ExchangeDataSynchronizer();
  try {
    await synchronizer.start({
      env: {},
      enabled: false,
      dataDir: join(directory, 'data'),
      vaultFile: join(directory, 'no-vault.json'),
      logDir: join(directory, 'logs'),
      logLevel: 'ERROR',
    });
    const { schema } = await synchronizer.migrate();
    const { tls: _tls, ...connection } = await synchronizer.databaseConnection();
    const client = new pg.Client(connection);
    await client.connect();
    try {
      return (await client.query(SCHEMA_QUERY, [schema])).rows;
    } finally {
      await client.end();
    }
  } finally {
    await synchronizer.stop();
    await rm(directory, { recursive: true, force: true });
  }
}
