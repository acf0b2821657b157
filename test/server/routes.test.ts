import { expect } from 'chai';
import { sum } from '#src/ledger/decimal.js';
import { until } from '../support/until.js';
import { type ServedApp, useServers } from './served-app.js';

describe('the routes of the Fastify plugin', () => {
  const servers = useServers();
  let served: ServedApp;

  beforeEach(async () => {
    served = await servers.serve();
  });

  it('sync what is asked for and nothing else, and answer with the reports to who waits', async () => {
    const { status, body, headers } = await served.ask('/exchange-sync/sync?wait=true', {
      exchange: 'bybit',
      account: 'sub1',
      dataType: 'balances',
    });
    expect(status).to.equal(200);
    expect(headers.get('cache-control')).to.equal('no-store');
    expect(body.reports).to.have.length(1);
    expect(body.reports[0]).to.deep.include({ exchange: 'bybit', account: 'sub1', dataType: 'balances' });
    const { body: history } = await served.ask('/exchange-sync/history');
    expect(history.entries.map(({ runId }: { runId: string }) => runId)).to.deep.equal([
      body.reports[0].runId,
    ]);
    const asked = servers.simulator.requests.counts().map(({ exchange }) => exchange);
    expect(new Set(asked)).to.deep.equal(new Set(['bybit']));
  });

  it('accept a sync at once, and tell at its location what became of it', async () => {
    const { status, headers, body } = await served.ask('/exchange-sync/sync', {
      exchange: 'binance',
      dataType: 'positions',
    });
    expect(status).to.equal(202);
    expect(body).to.deep.include({
      state: 'running',
      syncs: [{ exchange: 'binance', account: 'main', dataType: 'positions' }],
    });
    const location = headers.get('location') ?? '';
    expect(location).to.equal(`/exchange-sync/sync/${body.id}`);
    const done = await until('the sync to finish', async () => {
      const { body: sync } = await served.ask(location);
      return sync.state !== 'running' && sync;
    });
    expect(done.state).to.equal('finished');
    expect(done.reports).to.have.length(1);
    expect(done.reports[0]).to.deep.include({ dataType: 'positions', status: 'ok', errors: [] });
  });

  it('give the portfolio with exact decimals as texts, and of one account where it is named', async () => {
    await served.ask('/exchange-sync/sync?wait=true', { exchange: 'bybit', dataType: 'portfolio' });
    const { status, body } = await served.ask('/exchange-sync/portfolio?exchange=bybit&account=main');
    expect(status).to.equal(200);
    expect(body).to.deep.equal(await servers.synchronizer.portfolio({ exchange: 'bybit', account: 'main' }));
    const btc = body.items.find(({ asset }: { asset: string }) => asset === 'BTC');
    const { balances } = await servers.synchronizer.mirror({ exchange: 'bybit', account: 'main' });
    const wallets = balances.filter(({ currency }) => currency === 'BTC').map(({ total }) => total);
    expect(btc.quantity).to.equal(sum(wallets));
    const dust = body.items.find(({ asset }: { asset: string }) => asset === 'ARB');
    expect(dust.quantity).to.equal('0.000000000000000001');
    expect(btc.avgEntryPrice).to.equal(null);
    const { body: both } = await served.ask('/exchange-sync/portfolio');
    expect(both.items.length).to.be.greaterThan(body.items.length);
  });

  it('leave out nothing of status and history', async () => {
    await served.ask('/exchange-sync/sync?wait=true', { exchange: 'bybit', account: 'sub1' });
    const { body: status } = await served.ask('/exchange-sync/status');
    expect(status).to.deep.equal(await servers.synchronizer.status());
    expect(status.suspensions).to.not.deep.equal([]);
    const { body: history } = await served.ask('/exchange-sync/history?dataType=prices&status=ok&limit=1');
    expect(history.entries).to.deep.equal(
      await servers.synchronizer.history({ dataType: 'prices', status: 'ok', limit: 1 }),
    );
    expect(history.entries).to.have.length(1);
  });

  it('give coverage and proof as the calls of those names do', async () => {
    for (const dataType of ['portfolio', 'trades']) {
      await served.ask('/exchange-sync/sync?wait=true', { exchange: 'bybit', account: 'main', dataType });
    }
    const { body: coverage } = await served.ask('/exchange-sync/coverage?exchange=bybit&dataType=trades');
    expect(coverage).to.deep.equal(
      await servers.synchronizer.coverage({ exchange: 'bybit', dataType: 'trades' }),
    );
    expect(coverage.scopes).to.not.deep.equal([]);
    const { body: proof } = await served.ask('/exchange-sync/proof?exchange=bybit&account=main');
    expect(proof).to.deep.equal(await servers.synchronizer.proof({ exchange: 'bybit', account: 'main' }));
    expect(proof.assets).to.not.deep.equal([]);
  });

  it('check worker and database', async () => {
    const { status, body } = await served.ask('/exchange-sync/healthz');
    expect(status).to.equal(200);
    expect(body).to.deep.include({ ok: true, state: 'running' });
    expect(body.database.ok).to.equal(true);
  });

  for (const [what, request, field] of [
    ['a missing exchange', {}, 'exchange'],
    ['an exchange that is a number', { exchange: 5 }, 'exchange'],
    ['an exchange that is a list', { exchange: ['bybit'] }, 'exchange'],
    ['an empty exchange', { exchange: '' }, 'exchange'],
    ['an account in the exchange', { exchange: 'bybit/main' }, 'exchange'],
    ['an account that is null', { exchange: 'bybit', account: null }, 'account'],
    ['an unknown data type', { exchange: 'bybit', dataType: 'ballances' }, 'dataType'],
    ['a misspelt field', { exchange: 'bybit', datatype: 'balances' }, 'datatype'],
  ] as const) {
    it(`refuse ${what}, naming the field`, async () => {
      const { status, body } = await served.ask('/exchange-sync/sync', request);
      expect(status).to.equal(400);
      expect(body.code).to.equal('REQUEST_INVALID');
      expect(body.message).to.match(new RegExp(`^${field} `));
      expect(body.details.problems.map((problem: { field: string }) => problem.field)).to.deep.equal([field]);
    });
  }

  it('refuse bodies that are no object, and no JSON', async () => {
    for (const request of ['[1]', 'null', '"bybit"', '{"exchange":', '']) {
      const { status, body } = await served.ask('/exchange-sync/sync', request);
      expect([status, body.code], request).to.deep.equal([400, 'REQUEST_INVALID']);
    }
    const response = await fetch(`${served.url}/exchange-sync/sync`, {
      method: 'POST',
      headers: { 'content-type': 'application/xml' },
      body: '<exchange>bybit</exchange>',
    });
    expect(response.status).to.equal(415);
    expect(await response.json()).to.have.keys(['code', 'message']);
  });

  it('refuse a query that they do not know', async () => {
    for (const [path, field] of [
      ['/sync?wait=perhaps', 'wait'],
      ['/history?limit=0', 'limit'],
      ['/history?limit=ten', 'limit'],
      ['/history?dataType=all', 'dataType'],
      ['/portfolio?exchanges=bybit', 'exchanges'],
      ['/portfolio?exchange=bybit&exchange=binance', 'exchange'],
      ['/coverage?dataType=balances', 'dataType'],
      ['/proof?account=bybit/main', 'account'],
    ] as const) {
      const posted = path.startsWith('/sync') ? { exchange: 'bybit' } : undefined;
      const { status, body } = await served.ask(`/exchange-sync${path}`, posted);
      expect(status, path).to.equal(400);
      expect(body.message).to.match(new RegExp(`^${field} `));
    }
  });

  it('name the configured exchanges and accounts where one is not', async () => {
    const unknown = await served.ask('/exchange-sync/sync', { exchange: 'kraken' });
    expect(unknown.status).to.equal(404);
    expect(unknown.body.code).to.equal('EXCHANGE_NOT_CONFIGURED');
    expect(unknown.body.details.configured).to.deep.equal(['bybit', 'binance']);
    expect(unknown.body.message).to.include('Configured: bybit, binance.');
    const misspelt = await served.ask('/exchange-sync/sync', { exchange: 'bibyt' });
    expect([misspelt.status, misspelt.body.code]).to.deep.equal([404, 'EXCHANGE_UNKNOWN']);
    expect(misspelt.body.details.configured).to.deep.equal(['bybit', 'binance']);
    expect(misspelt.body.message).to.match(/did you mean "?bybit.*Configured: bybit, binance\./);
    const account = await served.ask('/exchange-sync/sync', { exchange: 'bybit', account: 'sub9' });
    expect(account.status).to.equal(404);
    expect(account.body.details.configured).to.include.members(['bybit/main', 'bybit/sub1']);
    const { body: history } = await served.ask('/exchange-sync/history');
    expect(history.entries).to.deep.equal([]);
  });

  it('refuse a body over 16 kB, and take one of that size', async () => {
    const padded = (size: number) => JSON.stringify({ exchange: 'kraken' }).padEnd(size, ' ');
    const { status, body } = await served.ask('/exchange-sync/sync', padded(16 * 1024 + 1));
    expect([status, body.code]).to.deep.equal([413, 'REQUEST_TOO_LARGE']);
    expect((await served.ask('/exchange-sync/sync', padded(16 * 1024))).status).to.equal(404);
  });

  it('say that there is nothing at an address, in the same shape', async () => {
    for (const path of ['/exchange-sync/nothing', '/exchange-sync/sync/no-such-sync']) {
      const { status, body } = await served.ask(path);
      expect([status, body.code], path).to.deep.equal([404, 'NOT_FOUND']);
    }
    // The host's own ground keeps the host's answers.
    expect((await served.ask('/nothing')).body).to.include({ error: 'Not Found' });
  });
});
