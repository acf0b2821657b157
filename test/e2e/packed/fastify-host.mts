/* A Fastify app as somebody would write it, with everything that its types can be strict about. */
import type { ExchangeDataSynchronizer, HostLogger } from 'exchange-sync';
import exchangeSync, {
  type ExchangeSyncPluginOptions,
  registerExchangeSyncEvents,
} from 'exchange-sync/fastify';
import Fastify from 'fastify';

const logger: HostLogger = { log: () => undefined };
const options: ExchangeSyncPluginOptions = {
  prefix: '/books',
  start: { logger, enabled: false },
  onRequest: async ({ headers }, reply) => {
    if (headers.authorization !== 'Bearer right') await reply.code(401).send({ code: 'NO', message: 'no' });
  },
};

const app = Fastify({ logger: { level: 'silent' } });
registerExchangeSyncEvents(app, options);
const inAScope = Fastify({ http2: true });
registerExchangeSyncEvents(inAScope, { ...options, prefix: '/http2' });
await inAScope.register(async (scope) => {
  await scope.register(exchangeSync, { ...options, prefix: '/other' });
});
const url = await app.listen({ host: '127.0.0.1', port: 0 });
const synchronizer: ExchangeDataSynchronizer = app.exchangeSync;

const headers = { authorization: 'Bearer right', 'content-type': 'application/json' };
const body = JSON.stringify({ exchange: 'bybit', account: 'main', dataType: 'portfolio' });
const synced = await fetch(`${url}/books/sync?wait=true`, { method: 'POST', headers, body });
const { reports } = (await synced.json()) as { reports: { dataType: string; status: string }[] };
const portfolio = await fetch(`${url}/books/portfolio`, { headers });
const said = {
  synced: [synced.status, ...reports.map(({ dataType, status }) => `${dataType} ${status}`)],
  sameAsTheCall: JSON.stringify(await portfolio.json()) === JSON.stringify(await synchronizer.portfolio()),
  withoutToken: (await fetch(`${url}/books/healthz`)).status,
};
await app.close();
await inAScope.close();

process.stdout.write(JSON.stringify({ ...said, state: synchronizer.state }));
