// A host without a web framework, whose health can be asked. Settings come from the environment.
import { createServer } from 'node:http';
import { exchangeDataSynchronizer as synchronizer } from 'exchange-sync';

const server = createServer(async (_request, response) => {
  const health = await synchronizer.health();
  response
    .writeHead(health.ok ? 200 : 503, { 'content-type': 'application/json' })
    .end(JSON.stringify(health));
});
server.listen(process.env.PORT ?? 3000, '127.0.0.1', () =>
  console.log('listening at', server.address().port),
);
synchronizer.on('error', (error) => console.error(error.code, error.message));
synchronizer.start();
process.once('SIGTERM', () => server.close(() => synchronizer.stop()));
