// An Express app with the synchronizer beside it. Settings come from the environment.
import { exchangeDataSynchronizer as synchronizer } from 'exchange-sync';
import express from 'express';

const app = express();
app.get('/healthz', async (_request, response) => {
  const health = await synchronizer.health();
  response.status(health.ok ? 200 : 503).json(health);
});
app.get('/worth', async (_request, response) => response.json((await synchronizer.portfolio()).values));
const server = app.listen(process.env.PORT ?? 3000, '127.0.0.1', () =>
  console.log('listening at', server.address().port),
);
synchronizer.on('error', (error) => console.error(error.code, error.message));
synchronizer.start();
process.once('SIGTERM', () => server.close(() => synchronizer.stop()));
