import { expect } from 'chai';
import Fastify from 'fastify';
import sinon from 'sinon';
import { until } from '../support/until.js';
import { type Answer, type ServedApp, useServers } from './served-app.js';

const HEALTH = '/exchange-sync/healthz';

describe('the Fastify plugin while something is down', () => {
  const servers = useServers();
  let served: ServedApp;

  afterEach(() => sinon.restore());

  const health = (status: number, code?: string): Promise<Answer> =>
    until(`health ${status} ${code ?? ''}`, async () => {
      const answer = await served.ask(HEALTH);
      return answer.status === status && (code === undefined || answer.body.code === code) && answer;
    });

  describe('the database', () => {
    it('says how old the last good data is on every route, and works again by itself', async () => {
      served = await servers.serve();
      const { body } = await served.ask('/exchange-sync/sync?wait=true', {
        exchange: 'binance',
        dataType: 'balances',
      });
      const { finishedAt } = body.reports[0];
      await servers.gate.shut();
      for (const [path, request] of [
        ['/status'],
        ['/portfolio'],
        ['/coverage'],
        ['/proof'],
        ['/history'],
        ['/healthz'],
        ['/sync', { exchange: 'bybit' }],
        ['/sync?wait=true', { exchange: 'bybit' }],
      ] as const) {
        const { status, body: down } = await served.ask(`/exchange-sync${path}`, request);
        expect([status, down.code], path).to.deep.equal([503, 'DATABASE_UNAVAILABLE']);
        const { lastGoodData } = down.details;
        expect(lastGoodData.at, path).to.equal(finishedAt);
        expect(lastGoodData.ageSeconds).to.be.within(0, 60);
        expect(lastGoodData.accounts).to.deep.equal([
          { exchange: 'binance', account: 'main', at: finishedAt, ageSeconds: lastGoodData.ageSeconds },
        ]);
      }
      expect((await served.ask(HEALTH)).body.details).to.deep.include({ state: 'running' });
      await servers.gate.open();
      await health(200);
      expect((await served.ask('/exchange-sync/status')).status).to.equal(200);
      const { body: history } = await served.ask('/exchange-sync/history');
      expect(history.entries).to.have.length(1);
    });

    it('knows how old the data is that an earlier process left', async () => {
      served = await servers.serve();
      const { body } = await served.ask('/exchange-sync/sync?wait=true', {
        exchange: 'bybit',
        account: 'sub1',
        dataType: 'positions',
      });
      await served.app.close();
      const status = sinon.spy(servers.synchronizer, 'status');
      served = await servers.serve();
      await until('the status to be read', () => status.called);
      await status.firstCall.returnValue;
      await servers.gate.shut();
      const { lastGoodData } = (await health(503, 'DATABASE_UNAVAILABLE')).body.details;
      expect(lastGoodData.accounts).to.have.length(1);
      expect(lastGoodData).to.have.property('at', body.reports[0].finishedAt);
    });

    it('has no age to tell where nothing good was ever seen', async () => {
      served = await servers.serve();
      await health(200);
      await servers.gate.shut();
      expect((await health(503)).body.details.lastGoodData).to.equal(null);
    });
  });

  it('says that the worker died, and that the next one works', async () => {
    served = await servers.serve();
    await health(200);
    servers.endWorker();
    const { body } = await health(503, 'WORKER_LOST');
    const [reason, ...more] = body.details.reasons;
    expect(reason).to.include({ part: 'worker', code: 'WORKER_LOST' });
    expect(reason.message).to.include('because the worker thread exited with code 9.');
    expect(more).to.deep.equal([]);
    expect(body.details.database).to.equal(null);
    expect((await served.ask('/exchange-sync/sync', { exchange: 'bybit' })).status).to.equal(503);
    await health(200);
  });

  it('answers a request under way when the worker dies', async () => {
    served = await servers.serve();
    servers.simulator.faults.add({ match: { exchange: 'bybit' }, effect: { kind: 'stall' } });
    const started = new Promise((resolve) => servers.synchronizer.once('sync:start', resolve));
    const waiting = served.ask('/exchange-sync/sync?wait=true', { exchange: 'bybit' });
    await started;
    servers.endWorker();
    const { status, body } = await waiting;
    expect([status, body.code]).to.deep.equal([503, 'WORKER_LOST']);
  });

  it('is unavailable whatever the code of its part is, also one that would be the fault of a request', async () => {
    served = await servers.serve();
    const worker = { ok: false, code: 'EXCHANGE_UNKNOWN', message: 'there is no exchange "bibyt"' } as const;
    sinon.stub(servers.synchronizer, 'health').resolves({ ok: false, worker, database: null });
    const { status, body } = await served.ask('/exchange-sync/sync', { exchange: 'bybit' });
    expect([status, body.code]).to.deep.equal([503, 'EXCHANGE_UNKNOWN']);
  });

  it('says nothing of a defect but that it is one, and logs it', async () => {
    const lines: string[] = [];
    const app = Fastify({ logger: { level: 'error', stream: { write: (line) => lines.push(line) } } });
    await app.register(servers.plugin, servers.options());
    served = await servers.listen(app);
    sinon.stub(servers.synchronizer, 'portfolio').rejects(new Error('broken on purpose'));
    const { status, body } = await served.ask('/exchange-sync/portfolio');
    expect(status).to.equal(500);
    expect(body).to.deep.equal({
      code: 'INTERNAL',
      message: "Unexpected failure. The host's log has it, under the request's id.",
    });
    const logged = lines.map((line) => JSON.parse(line)).filter(({ err }) => err);
    expect(logged.map(({ err, reqId }) => [err.message, typeof reqId])).to.deep.equal([
      ['broken on purpose', 'string'],
    ]);
  });
});
