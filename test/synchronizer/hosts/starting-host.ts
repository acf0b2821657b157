import { exchangeDataSynchronizer } from '#src/index.js';
import { packagesOf, watchLoadedScripts } from './loaded-scripts.js';

/*
 * Starts the real thing with an unreachable database and does not wait for anything: only the synchronizer
 * keeps this process alive, until it is told to stop.
 */

const scripts = watchLoadedScripts();
const say = (what: string, fields: object = {}) =>
  process.stdout.write(`${JSON.stringify({ what, ...fields })}\n`);

process.on('beforeExit', () => say('nothing left to do'));
process.on('SIGUSR2', async () => {
  say('still alive', { state: exchangeDataSynchronizer.state });
  await exchangeDataSynchronizer.stop();
  say('stopped', { packages: packagesOf(scripts) });
});
const restarted = new Promise((resolve) => exchangeDataSynchronizer.once('worker:restart', resolve));
const started = exchangeDataSynchronizer.start({
  env: { DB_HOST: '127.0.0.1', DB_PORT: '1', EXCHANGE_SYNC_ENABLED: 'false' },
  logDir: process.argv[2] ?? '',
  logLevel: 'DEBUG',
});
await Promise.race([started, restarted]);
say('started');
