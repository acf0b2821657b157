// A process of its own that uses an embedded PostgreSQL as the product does: `node keeping-host.js DATA_DIR`. It goes on when
// the server ends, keeps one connection for as long as that works, and answers "count" with what it sees.
import pg from 'pg';
import { DatabaseKeeper } from '#src/bridge/database-keeper.js';
import { systemClock } from '#src/domain/clock.js';
import { startEmbeddedPostgres } from '#src/storage/embedded/embedded-postgres.js';
import { silentLogger } from './silent-logger.js';

const [dataDir = ''] = process.argv.slice(2);

let adopted = false;
let connection: pg.ClientConfig | undefined;
let client: pg.Client | undefined;

const keeper = new DatabaseKeeper({
  start: async (onEnd) => {
    const server = await startEmbeddedPostgres({
      dataDir,
      database: 'alphapulse',
      logger: silentLogger,
      onExit: onEnd,
    });
    ({ adopted, connection } = server);
    const settings = { kind: 'server', schema: 'public', tls: 'disable', ...server.connection } as const;
    return { settings, stop: () => server.stop() };
  },
  clock: systemClock,
  restart: { firstDelayMs: 10, maxDelayMs: 100, ranWellMs: 1_000 },
  persistent: true,
  onFailure: (error) => process.send?.({ event: 'failed', message: String(error) }),
  onRestart: () => undefined,
});

/** Through the connection that it has, or else a new one to wherever the server is by now. */
async function count(): Promise<number> {
  try {
    if (client === undefined) {
      const fresh = new pg.Client(connection);
      fresh.on('error', () => undefined);
      await fresh.connect();
      client = fresh;
    }
    const { rows } = await client.query<{ backend: number }>('SELECT pg_backend_pid() AS backend');
    return rows[0]?.backend ?? 0;
  } catch {
    await client?.end().catch(() => undefined);
    client = undefined;
    await systemClock.sleep(20);
    return await count();
  }
}

await keeper.start();
process.on('message', (message) => {
  if (message === 'count') {
    void count().then((backend) => process.send?.({ event: 'counted', backend, adopted }));
    return;
  }
  void (async () => {
    await client?.end();
    await keeper.stop();
    process.disconnect();
  })();
});
process.send?.({ event: 'started', connection, adopted, dataDir });
