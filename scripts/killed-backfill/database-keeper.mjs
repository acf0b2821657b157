// Keeps an embedded PostgreSQL running in the working directory until its parent goes away.
import { join } from 'node:path';
import { exchangeDataSynchronizer } from '../../dist/index.js';

await exchangeDataSynchronizer.start({
  env: {},
  enabled: false,
  dataDir: join(process.cwd(), 'data'),
  vaultFile: join(process.cwd(), 'no-vault.json'),
  logDir: join(process.cwd(), 'logs'),
  logLevel: 'ERROR',
});
process.on('disconnect', async () => {
  await exchangeDataSynchronizer.stop();
  process.exit(0);
});
const { host, port, user, password, database } = await exchangeDataSynchronizer.databaseConnection();
process.send({ url: `postgresql://${user}:${password}@${host}:${port}/${database}` });
