// A process of its own that uses an embedded PostgreSQL: `node host.js DATA_DIR`. It tells its parent how the start
// went, answers "stop", and can be killed.
import { startEmbeddedPostgres } from '#src/storage/embedded/embedded-postgres.js';
import { silentLogger } from './silent-logger.js';

const [dataDir = ''] = process.argv.slice(2);

try {
  const server = await startEmbeddedPostgres({
    dataDir,
    database: 'alphapulse',
    logger: silentLogger,
    onExit: (exit) => process.send?.({ event: 'exit', exit }),
  });
  process.on('message', () => {
    void server.stop().then(() => {
      process.send?.({ event: 'stopped' });
      process.disconnect();
    });
  });
  process.on('SIGINT', () => process.send?.({ event: 'interrupted' }));
  const { connection, adopted } = server;
  process.send?.({ event: 'started', connection, adopted, dataDir: server.dataDir });
} catch (error) {
  const { code, message } = error as Error & { code?: string };
  process.send?.({ event: 'failed', code, message });
  process.disconnect();
}
