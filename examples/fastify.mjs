// A Fastify app whose routes below /exchange-sync want a token. Settings come from the environment.
import { registerExchangeSyncEvents } from 'exchange-sync/fastify';
import Fastify from 'fastify';

const token = process.env.API_TOKEN;
if (!token) throw new Error('Set API_TOKEN: without one, everybody could read your portfolio.');

const app = Fastify({ logger: true });
registerExchangeSyncEvents(app, {
  onRequest: async ({ headers }, reply) => {
    if (headers.authorization === `Bearer ${token}`) return;
    await reply
      .code(401)
      .send({ code: 'REQUEST_REFUSED', message: 'Send the token as Authorization: Bearer.' });
  },
});
app.get('/worth', async () => (await app.exchangeSync.portfolio()).values);
await app.listen({ port: Number(process.env.PORT ?? 3000) });
process.once('SIGTERM', () => app.close());
