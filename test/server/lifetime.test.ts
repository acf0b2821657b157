import { expect } from 'chai';
import Fastify from 'fastify';
import { ExchangeSyncError } from '#src/domain/errors.js';
import { until } from '../support/until.js';
import { type ServedApp, useServers } from './served-app.js';

describe('the Fastify plugin and its server', () => {
  const servers = useServers();

  const healthy = (served: ServedApp) =>
    until('health', async () => (await served.ask('/exchange-sync/healthz')).status === 200);

  describe('at the start', () => {
    it('are ready before the synchronizer is, and before anything is synced', async () => {
      const served = await servers.serve(servers.options({ initialSync: true }));
      expect(servers.synchronizer.state).to.equal('starting');
      const isThere = async () => {
        const { status, body } = await served.ask('/exchange-sync/portfolio');
        return (
          status === 200 && body.items.some(({ exchange }: { exchange: string }) => exchange === 'binance')
        );
      };
      // The portfolio comes after all that happened in the account.
      await until('the first sync', isThere, 40_000);
    });

    it('sync at once what is due by the schedule', async () => {
      servers.env.EXCHANGE_SYNC_ENABLED = 'true';
      const served = await servers.serve();
      await until('the first sync', async () => {
        const { status, body } = await served.ask('/exchange-sync/history');
        return status === 200 && body.entries.length > 0;
      });
    });

    it('sync nothing where the schedule is off', async () => {
      const served = await servers.serve();
      await healthy(served);
      expect((await served.ask('/exchange-sync/status')).body).to.deep.include({
        scheduled: false,
        dataTypes: [],
      });
      expect(servers.simulator.requests.counts()).to.deep.equal([]);
    });

    it('are up without a database, say why it does not work, and use the database once it is there', async () => {
      await servers.gate.shut();
      const served = await servers.serve(servers.options({ initialSync: true }));
      await until('the reason', async () => {
        const { status, body } = await served.ask('/exchange-sync/healthz');
        return status === 503 && body.code === 'DATABASE_UNAVAILABLE' && body.details.worker.ok;
      });
      await servers.gate.open();
      await until('the first sync', async () => {
        const { status, body } = await served.ask('/exchange-sync/history');
        return status === 200 && body.entries.length > 0;
      });
    });

    it('are up with bad configuration, say what is wrong, and start once it is right', async () => {
      servers.env.EXCHANGE_SYNC_EXCHANGES = 'bibyt';
      const served = await servers.serve();
      const found = await until('the reason', async () => {
        const answer = await served.ask('/exchange-sync/healthz');
        return answer.body.code === 'CONFIG_INVALID' && answer;
      });
      expect(found.status).to.equal(503);
      expect(found.body.message).to.include('bibyt').and.to.include('bybit');
      for (const path of ['/status', '/portfolio', '/coverage', '/proof', '/history']) {
        const { status, body } = await served.ask(`/exchange-sync${path}`);
        expect([status, body.code], path).to.deep.equal([503, 'CONFIG_INVALID']);
      }
      const { status } = await served.ask('/exchange-sync/sync', { exchange: 'bybit' });
      expect(status).to.equal(503);
      servers.env.EXCHANGE_SYNC_EXCHANGES = 'bybit';
      await healthy(served);
    });

    it('start no worker of its own for a request after the host stopped the synchronizer', async () => {
      const served = await servers.serve();
      await healthy(served);
      await servers.synchronizer.stop();
      for (const path of ['/status', '/portfolio', '/coverage', '/proof', '/history', '/healthz']) {
        const { status, body } = await served.ask(`/exchange-sync${path}`);
        expect([status, body.code], path).to.deep.equal([503, 'STOPPED']);
      }
    });
  });

  describe('at the end', () => {
    it('stop within the deadline while a sync runs, and answer who waits for it', async () => {
      const served = await servers.serve(servers.options({ stopDeadlineMs: 100 }));
      servers.simulator.faults.add({ match: { exchange: 'bybit' }, effect: { kind: 'stall' } });
      const started = new Promise((resolve) => servers.synchronizer.once('sync:start', resolve));
      const waiting = served.ask('/exchange-sync/sync?wait=true', {
        exchange: 'bybit',
        dataType: 'balances',
      });
      await started;
      const startedAtMs = performance.now();
      const [{ status, body }] = await Promise.all([waiting, served.app.close()]);
      expect(performance.now() - startedAtMs).to.be.lessThan(10_000);
      expect(servers.synchronizer.state).to.equal('stopped');
      expect([status, body.code]).to.deep.equal([503, 'STOPPED']);
    });

    it('let a sync finish that can', async () => {
      const served = await servers.serve();
      await healthy(served);
      const started = new Promise((resolve) => servers.synchronizer.once('sync:start', resolve));
      const waiting = served.ask('/exchange-sync/sync?wait=true', {
        exchange: 'bybit',
        account: 'main',
        dataType: 'balances',
      });
      await started;
      const [{ status, body }] = await Promise.all([waiting, served.app.close()]);
      expect(status).to.equal(200);
      expect(body.reports).to.have.length(1);
    });

    it('stop while the start is still tried again', async () => {
      servers.env.EXCHANGE_SYNC_INTERVAL_MINUTES = 'never';
      const served = await servers.serve();
      await until('the reason', async () => {
        const { body } = await served.ask('/exchange-sync/healthz');
        return body.code === 'CONFIG_INVALID';
      });
      await served.app.close();
      expect(servers.synchronizer.state).to.equal('idle');
    });

    it('leave a synchronizer running that somebody else has started', async () => {
      await servers.synchronizer.start(servers.options().start);
      const served = await servers.serve();
      await healthy(served);
      await served.app.close();
      expect(servers.synchronizer.state).to.equal('running');
    });
  });

  describe('in more than one place', () => {
    it('keep to their scopes: prefix, decoration, hooks, errors and validation', async () => {
      const app = Fastify();
      app.post(
        '/host',
        { schema: { body: { type: 'object', properties: { count: { type: 'integer' } } } } },
        async ({ body }) => body,
      );
      await app.register(async (scope) => {
        await scope.register(servers.plugin, servers.options({ prefix: '/one/exchange-sync' }));
        expect(scope.exchangeSync).to.equal(servers.synchronizer);
      });
      await app.register(
        async (scope) => {
          scope.addHook('onRequest', async (_request, reply) =>
            reply.code(401).send({ code: 'HOST', message: 'no' }),
          );
          await scope.register(servers.plugin, servers.options({ start: undefined }));
        },
        { prefix: '/two' },
      );
      const served = await servers.listen(app);
      expect(app.hasDecorator('exchangeSync')).to.equal(false);
      await until('health', async () => (await served.ask('/one/exchange-sync/healthz')).status === 200);
      expect((await served.ask('/two/exchange-sync/status')).status).to.equal(401);
      const posted = await served.ask('/one/exchange-sync/sync', { exchange: 'bybit', dataType: 'balances' });
      expect(posted.headers.get('location')).to.match(/^\/one\/exchange-sync\/sync\/./);
      const host = await served.ask('/host', { count: '5' });
      expect(host.body).to.deep.equal({ count: 5 });
      expect(host.headers.get('cache-control')).to.equal(null);
      expect((await served.ask('/host', { count: 'x' })).body).to.include({ code: 'FST_ERR_VALIDATION' });
    });

    it('let two servers share the synchronizer until the last one closes', async () => {
      const first = await servers.serve();
      const second = await servers.serve(servers.options({ start: undefined }));
      await first.app.close();
      await healthy(second);
      await second.app.close();
      expect(servers.synchronizer.state).to.equal('stopped');
    });

    it('refuse to be registered with settings that contradict', async () => {
      await servers.serve();
      const app = Fastify();
      await app.register(servers.plugin, servers.options({ start: { env: servers.env } }));
      const error = await Promise.resolve(app.ready()).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).to.be.instanceOf(ExchangeSyncError).and.to.have.property('code', 'CONFIG_INVALID');
      await app.close();
      expect(servers.synchronizer.state).to.be.oneOf(['starting', 'running']);
    });
  });

  describe('with a hook', () => {
    it('let in whom it lets in', async () => {
      const served = await servers.serve(
        servers.options({
          onRequest: async ({ headers }) => {
            if (headers.authorization !== 'Bearer right')
              throw Object.assign(new Error('A token is missing.'), { statusCode: 401 });
          },
        }),
      );
      for (const path of [
        '/status',
        '/portfolio',
        '/coverage',
        '/proof',
        '/history',
        '/healthz',
        '/nothing',
      ]) {
        const { status, body } = await served.ask(`/exchange-sync${path}`);
        expect([status, body.code], path).to.deep.equal([401, 'REQUEST_REFUSED']);
      }
      const { status } = await served.ask('/exchange-sync/sync', { exchange: 'bybit' });
      expect(status).to.equal(401);
      const answer = await fetch(`${served.url}/exchange-sync/status`, {
        headers: { authorization: 'Bearer right' },
      });
      expect(answer.status).to.equal(200);
    });
  });
});
