import { expect } from 'chai';
import { type Simulator, startSimulator } from '#src/simulator/simulator.js';
import { type Answer, ask, askBinance, askBybit, askPublic } from './simulated-http.js';

const TIME = 'https://api.bybit.com/v5/market/time';
const WALLET = '/v5/account/wallet-balance';
const UNIFIED = { accountType: 'UNIFIED' };

describe("the simulator's control API", () => {
  let simulator: Simulator;

  beforeEach(async () => {
    simulator = await startSimulator({ seed: 'control' });
  });

  afterEach(() => simulator.stop());

  it('tells the truth, and moves on when told', async () => {
    const before = (await control('GET', 'truth')).json;
    expect(before.exchanges.bybit.accounts.main.balances.length).to.be.greaterThan(10);
    expect((await control('POST', 'advance', { steps: 2 })).json.steps).to.equal(2);
    const after = (await control('GET', 'truth')).json;
    expect(after.exchanges.bybit.prices).to.not.deep.equal(before.exchanges.bybit.prices);
    expect(after.steps).to.equal(2);
  });

  it('counts requests by exchange, account and path, until told to start anew', async () => {
    await askBybit(simulator, WALLET, UNIFIED);
    await askBybit(simulator, WALLET, UNIFIED, { account: 'sub1' });
    await askPublic(simulator, 'bybit', TIME);
    await askPublic(simulator, 'bybit', TIME);
    const { total, requests } = (await control('GET', 'requests')).json;
    expect(total).to.equal(4);
    const signed = { exchange: 'bybit', method: 'GET', path: WALLET, count: 1, statuses: { 200: 1 } };
    expect(requests).to.deep.include.members([
      { ...signed, account: 'main' },
      { ...signed, account: 'sub1' },
      { exchange: 'bybit', method: 'GET', path: '/v5/market/time', count: 2, statuses: { 200: 2 } },
    ]);
    await control('DELETE', 'requests');
    expect((await control('GET', 'requests')).json.total).to.equal(0);
  });

  it('says what is wrong with an order that it cannot carry out', async () => {
    const unknown = await control('POST', 'faults', { effect: { kind: 'nonsense' } });
    expect([unknown.status, unknown.json.error]).to.deep.equal([
      400,
      'a fault needs effect.kind, one of: respond, code, html, truncated, empty, stall, reset, delay',
    ]);
    expect((await control('POST', 'advance', { steps: 'many' })).json.error).to.equal(
      'steps must be a whole number',
    );
    expect((await control('POST', 'keys', { exchange: 'bybit', account: 'nobody' })).status).to.equal(400);
    expect((await control('GET', 'nothing')).status).to.equal(404);
  });

  describe('makes faults', () => {
    it('as often as told, and then no more', async () => {
      await fault({
        times: 2,
        effect: { kind: 'respond', status: 503, body: 'busy', headers: { 'retry-after': '7' } },
      });
      const answers = [await time(), await time(), await time()];
      expect(answers.map(({ status }) => status)).to.deep.equal([503, 503, 200]);
      expect(answers[0]?.text).to.equal('busy');
      expect(answers[0]?.headers.get('retry-after')).to.equal('7');
    });

    it('until they are cleared, when not told how often', async () => {
      const { id } = (await fault({ effect: { kind: 'empty' } })).json;
      await time();
      await time();
      expect((await control('GET', 'faults')).json[0].hits).to.equal(2);
      await control('DELETE', `faults?id=${id}`);
      expect((await time()).json.retCode).to.equal(0);
    });

    it('only for the requests that they are for', async () => {
      await fault({
        match: { account: 'sub1', query: { accountType: 'UNIFIED' } },
        effect: { kind: 'html' },
      });
      await fault({ match: { exchange: 'binance', path: '/ticker' }, effect: { kind: 'empty' } });
      expect((await askBybit(simulator, WALLET, UNIFIED)).json.retCode).to.equal(0);
      expect((await askBybit(simulator, WALLET, UNIFIED, { account: 'sub1' })).json).to.equal(undefined);
      const account = await askBybit(simulator, '/v5/account/info', {}, { account: 'sub1' });
      expect(account.json.retCode).to.equal(0);
    });

    it('of a page of HTML, an empty body and half a body, each with status 200', async () => {
      const whole = await time();
      await fault({ times: 1, effect: { kind: 'html' } });
      await fault({ times: 1, effect: { kind: 'empty' } });
      await fault({ times: 1, effect: { kind: 'truncated' } });
      const [html, empty, half] = [await time(), await time(), await time()];
      expect([html.status, empty.status, half.status]).to.deep.equal([200, 200, 200]);
      expect(html.text).to.match(/^<!DOCTYPE html>/);
      expect(empty.text).to.equal('');
      expect(half.text).to.have.length(Math.floor(whole.text.length / 2));
      expect(half.json).to.equal(undefined);
    });

    it("in the exchange's own words", async () => {
      await fault({ match: { exchange: 'bybit' }, effect: { kind: 'code', code: '10016', message: 'down' } });
      await fault({ match: { exchange: 'binance' }, effect: { kind: 'code', code: '-2015' } });
      const bybit = await time();
      expect([bybit.status, bybit.json.retCode, bybit.json.retMsg]).to.deep.equal([200, 10016, 'down']);
      const binance = await askBinance(simulator, 'https://api.binance.com/api/v3/account');
      expect([binance.status, binance.json.code]).to.deep.equal([401, -2015]);
    });

    it('of a body that never ends, until the client or the simulator goes away', async () => {
      await fault({ effect: { kind: 'stall' } });
      const abort = new AbortController();
      const response = await fetch(simulator.proxyUrl('bybit') + TIME, { signal: abort.signal });
      const reader = response.body?.getReader();
      const first = await reader?.read();
      expect(first?.done).to.equal(false);
      expect(first?.value?.length).to.be.lessThan(Number(response.headers.get('content-length')));
      const rest = reader?.read();
      const ended = rest?.catch((error: Error) => error.name);
      abort.abort();
      expect(await ended).to.equal('AbortError');
    });

    it('of a connection that is reset before the answer or within it', async () => {
      await fault({ times: 1, effect: { kind: 'reset' } });
      await fault({ times: 1, effect: { kind: 'reset', during: 'body' } });
      expect(await failure(fetch(simulator.proxyUrl('bybit') + TIME))).to.match(/ECONNRESET|UND_ERR_SOCKET/);
      const response = await fetch(simulator.proxyUrl('bybit') + TIME);
      expect(response.status).to.equal(200);
      expect(await failure(response.text())).to.match(/ECONNRESET|UND_ERR_SOCKET/);
      const { requests } = (await control('GET', 'requests')).json;
      expect(requests[0].statuses).to.deep.equal({ 0: 2 });
    });

    it('of an answer that comes late', async () => {
      const slept: number[] = [];
      const clock = {
        now: () => Date.now(),
        sleep: async (durationMs: number) => {
          slept.push(durationMs);
        },
      };
      const slow = await startSimulator({ clock });
      slow.faults.add({ match: {}, effect: { kind: 'delay', delayMs: 5_000 } });
      expect((await askPublic(slow, 'bybit', TIME)).json.retCode).to.equal(0);
      expect(slept).to.deep.equal([5_000]);
      await slow.stop();
    });
  });

  it('stops although a body is still under way', async () => {
    const busy = await startSimulator({ seed: 'busy' });
    busy.faults.add({ match: {}, effect: { kind: 'stall' } });
    const response = await fetch(busy.proxyUrl('bybit') + TIME);
    const text = failure(response.text());
    await busy.stop();
    expect(await text).to.match(/UND_ERR_SOCKET|ECONNRESET/);
    await busy.stop();
  });

  function control(method: string, path: string, body?: object): Promise<Answer> {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    return ask(`${simulator.url}/control/${path}`, init);
  }

  function fault(body: object): Promise<Answer> {
    return control('POST', 'faults', { match: {}, ...body });
  }

  function time(): Promise<Answer> {
    return askPublic(simulator, 'bybit', TIME);
  }
});

/** The code of what a promise rejects with; fails the test when it resolves. */
async function failure(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error: unknown) {
    const { cause } = error as { cause?: { code?: string } };
    return cause?.code ?? String(error);
  }
  throw new Error('it did not fail');
}
