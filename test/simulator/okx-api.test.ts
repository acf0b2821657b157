import { expect } from 'chai';
import { compare, subtract } from '#src/ledger/decimal.js';
import { type Simulator, startSimulator } from '#src/simulator/simulator.js';
import type { AccountTruth } from '#src/simulator/truth.js';
import { okxPlan } from '#src/simulator/world/presets/okx.js';
import { expectOrders, expectPositions, expectSame, plain } from './expect-truth.js';
import { ask, askOkx, askPublic, type OkxSignOptions } from './simulated-http.js';

const HOUR = 3_600_000;
const WALLET = 'account/balance';

describe('the simulated okx', () => {
  let simulator: Simulator;

  beforeEach(async () => {
    simulator = await startSimulator({ seed: 'okx', plan: okxPlan });
  });

  afterEach(() => simulator.stop());

  const truthOf = (account: string): AccountTruth => simulator.truth().exchanges.okx!.accounts[account]!;

  describe('checks who asks', () => {
    const REFUSED: [string, OkxSignOptions, number, string][] = [
      ['no key', { headers: { 'OK-ACCESS-KEY': undefined } }, 401, '50103'],
      ['no passphrase', { headers: { 'OK-ACCESS-PASSPHRASE': undefined } }, 401, '50104'],
      ['a wrong passphrase', { passphrase: 'wrong' }, 401, '50105'],
      ['no signature', { headers: { 'OK-ACCESS-SIGN': undefined } }, 401, '50106'],
      ['no time', { headers: { 'OK-ACCESS-TIMESTAMP': undefined } }, 401, '50107'],
      ['a time of another form', { headers: { 'OK-ACCESS-TIMESTAMP': '1758190052' } }, 401, '50112'],
      ['a time half a minute ago', { timestampMs: Date.now() - 3 * HOUR }, 401, '50102'],
      ['a key that it never gave out', { apiKey: 'nosuchkey' }, 401, '50111'],
      ['a wrong secret', { secret: 'wrong' }, 401, '50113'],
      ['a real key in demo trading', { headers: { 'x-simulated-trading': '1' } }, 401, '50101'],
    ];
    for (const [what, options, status, code] of REFUSED) {
      it(`answers ${code} to ${what}`, async () => {
        const answer = await askOkx(simulator, WALLET, {}, options);
        expect([answer.status, answer.json.code, answer.json.data]).to.deep.equal([status, code, []]);
      });
    }

    it('serves a request that is signed well', async () => {
      const { status, json } = await askOkx(simulator, 'account/config');
      expect([status, json.code, json.data[0].acctLv]).to.deep.equal([200, '0', '3']);
    });

    it('answers 50119 to a key that was deleted', async () => {
      await control('keys', { exchange: 'okx', account: 'main', state: 'deleted' });
      expect((await askOkx(simulator, WALLET)).json.code).to.equal('50119');
    });

    it('answers 50120 where the key lacks the permission, and only there', async () => {
      const sub1 = { account: 'sub1' };
      expect((await askOkx(simulator, 'asset/balances', {}, sub1)).json.code).to.equal('50120');
      expect((await askOkx(simulator, WALLET, {}, sub1)).json.code).to.equal('0');
    });

    it('answers 50011 with status 429 to more requests than a user may send, and to them only', async () => {
      const codes = [];
      for (let sent = 0; sent < 7; sent += 1)
        codes.push((await askOkx(simulator, 'asset/balances')).json.code);
      expect(codes).to.deep.equal(['0', '0', '0', '0', '0', '0', '50011']);
      expect((await askOkx(simulator, WALLET)).status).to.equal(200);
      expect((await askOkx(simulator, 'asset/balances')).status).to.equal(429);
    });
  });

  describe('serves lists in pages', () => {
    it('of at most 100, newest first, older ones behind `after` and newer ones before `before`', async () => {
      const query = { instType: 'SPOT', limit: '200' };
      const pages = [];
      for (let after: string | undefined; ; ) {
        const more = after === undefined ? query : { ...query, after };
        const { json } = await askOkx(simulator, 'trade/orders-pending', more, { account: 'sub1' });
        const ids: string[] = json.data.map(({ ordId }: { ordId: string }) => ordId);
        pages.push(ids);
        if (ids.length < 100) break;
        after = ids.at(-1);
      }
      expect(pages.map(({ length }) => length)).to.deep.equal([100, 100, 30]);
      const all = pages.flat();
      expect(all).to.deep.equal([...all].sort((a, b) => (BigInt(a) < BigInt(b) ? 1 : -1)));
      const newer = await askOkx(
        simulator,
        'trade/orders-pending',
        { instType: 'SPOT', before: all[4] ?? '' },
        { account: 'sub1' },
      );
      expect(newer.json.data.map(({ ordId }: { ordId: string }) => ordId)).to.deep.equal(all.slice(0, 4));
    });

    it('of algo orders by one type, or by the two that protect', async () => {
      const codeOf = async (query: Record<string, string>) =>
        (await askOkx(simulator, 'trade/orders-algo-pending', query)).json.code;
      expect(await codeOf({})).to.equal('50014');
      expect(await codeOf({ ordType: 'conditional,oco' })).to.equal('0');
      expect(await codeOf({ ordType: 'conditional,trigger' })).to.equal('51000');
      expect((await askOkx(simulator, 'trade/orders-history', {})).json.code).to.equal('50014');
    });
  });

  it('forgets after two hours what was cancelled without a fill, and keeps what was filled in part', async () => {
    const account = simulator.world.account('okx', 'main')!;
    for (let step = 0; step < 3; step += 1) simulator.world.advance();
    const ended = account.orders.filter(({ state }) => state === 'canceled' || state === 'filled');
    const canceled = ended.findLast(({ state, market }) => state === 'canceled' && market.kind === 'spot')!;
    const filled = ended.findLast(({ state, market }) => state === 'filled' && market.kind === 'spot')!;
    const served = async (timestampMs: number) => {
      const { json } = await askOkx(simulator, 'trade/orders-history', { instType: 'SPOT' }, { timestampMs });
      const ids = json.data.map(({ ordId }: { ordId: string }) => ordId);
      return [ids.includes(canceled.id), ids.includes(filled.id)];
    };
    expect(await served(Date.now())).to.deep.equal([true, true]);
    simulator.setClockOffset(3 * HOUR);
    const timestampMs = Date.now() + 3 * HOUR;
    expect(await served(timestampMs)).to.deep.equal([false, true]);
    const asked = { ordId: canceled.id, instId: canceled.market.id };
    const one = await askOkx(simulator, 'trade/order', asked, { timestampMs });
    expect([one.status, one.json.code]).to.deep.equal([200, '51603']);
  });

  it("gives an order that an algo order placed that one's number beside its own", async () => {
    for (let step = 0; step < 2; step += 1) simulator.world.advance();
    const account = simulator.world.account('okx', 'main')!;
    const placed = account.orders.find(({ placedBy }) => placedBy !== undefined)!;
    const asked = { ordId: placed.id, instId: placed.market.id };
    const { json } = await askOkx(simulator, 'trade/order', asked);
    expect(json.data[0]).to.include({ ordId: placed.id, algoId: placed.placedBy });
  });

  it('names no currencies and no options without an underlying', async () => {
    const instruments = (query: string) =>
      askPublic(simulator, 'okx', `https://www.okx.com/api/v5/public/instruments?${query}`);
    expect((await instruments('instType=OPTION')).json.code).to.equal('50014');
    const { json } = await instruments('instType=OPTION&uly=BTC-USD');
    expect(json.data[0]).to.include({ ctVal: '1', ctMult: '0.01', ctValCcy: 'BTC', settleCcy: 'BTC' });
  });

  for (const steps of [0, 3]) {
    it(`is read right by ccxt's own client after ${steps} steps`, async () => {
      for (let step = 0; step < steps; step += 1) simulator.world.advance();
      const main = await client('main');
      const truth = truthOf('main');
      for (const [wallet, params] of [
        ['TRADING', {}],
        ['FUNDING', { type: 'funding' }],
      ] as const) {
        const balance = await main.fetchBalance(params);
        const rows = truth.balances.filter((one) => one.wallet === wallet && compare(one.total, '0') !== 0);
        expect(rows.length).to.be.greaterThan(1);
        for (const { currency, total, available } of rows) {
          const details = wallet === 'TRADING' ? balance.info.data[0].details : [];
          const { upl = '0' } = details.find(({ ccy }: { ccy: string }) => ccy === currency) ?? {};
          expectSame(subtract(plain(balance[currency].total), upl), total, `${wallet} ${currency}`);
          expectSame(balance[currency].free, available, `${wallet} ${currency} available`);
        }
      }
      expectPositions(await main.fetchPositions(), truth.positions);
      const orders = await main.fetchOpenOrders();
      for (const ordType of ['trigger', 'conditional']) {
        orders.push(...(await main.fetchOpenOrders(undefined, undefined, 100, { ordType, trigger: true })));
      }
      // ccxt takes the algo order's number for the order that it placed.
      for (const order of orders) if (order.info.ordId) order.id = order.info.ordId;
      expect(orders.map(({ id }: { id: string }) => id).sort()).to.deep.equal(
        truth.openOrders.map(({ orderId }) => orderId).sort(),
      );
      const simple = truth.openOrders.filter(({ conditional }) => !conditional);
      const ids = new Set(simple.map(({ orderId }) => orderId));
      expectOrders(
        orders.filter(({ id }: { id: string }) => ids.has(id)),
        simple,
      );
    });
  }

  // biome-ignore lint/suspicious/noExplicitAny: ccxt's own types call amounts numbers, which they are not here
  async function client(account: string): Promise<any> {
    const { default: Okx } = await import(new URL('./src/okx.js', import.meta.resolve('ccxt')).href);
    const settings = { proxyUrl: simulator.proxyUrl('okx'), number: String, enableRateLimit: false };
    const keyless = new Okx(settings);
    await keyless.loadMarkets();
    const found = simulator.accounts.find((one) => one.exchange === 'okx' && one.account === account);
    const signed = new Okx({ ...settings, ...found?.credentials });
    signed.setMarketsFromExchange(keyless);
    return signed;
  }

  function control(route: string, body: object): Promise<unknown> {
    return ask(`${simulator.url}/control/${route}`, { method: 'POST', body: JSON.stringify(body) });
  }
});
