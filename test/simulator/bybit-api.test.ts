import { expect } from 'chai';
import { type Simulator, startSimulator } from '#src/simulator/simulator.js';
import { widePlan } from '#src/simulator/world/presets/wide.js';
import { ask, askBybit, askPublic } from './simulated-http.js';

const WALLET = '/v5/account/wallet-balance';
const UNIFIED = { accountType: 'UNIFIED' };

describe('the simulated bybit', () => {
  let simulator: Simulator;

  beforeEach(async () => {
    simulator = await startSimulator({ seed: 'bybit' });
  });

  afterEach(() => simulator.stop());

  describe('checks who asks', () => {
    it('serves a request that is signed well, with the rate headers of its endpoint', async () => {
      const answer = await askBybit(simulator, WALLET, UNIFIED);
      expect(answer.status).to.equal(200);
      expect(answer.json.retCode).to.equal(0);
      expect(answer.headers.get('x-bapi-limit')).to.equal('50');
      expect(answer.headers.get('x-bapi-limit-status')).to.equal('49');
      expect(Number(answer.headers.get('x-bapi-limit-reset-timestamp'))).to.be.greaterThan(
        Date.now() - 5_000,
      );
    });

    it('answers 10003 to a key it does not know, and to one that was deleted', async () => {
      const unknown = await askBybit(simulator, WALLET, UNIFIED, { apiKey: 'nosuchkey' });
      expect([unknown.status, unknown.json.retCode]).to.deep.equal([200, 10003]);
      await control(simulator, 'keys', { exchange: 'bybit', account: 'main', state: 'deleted' });
      expect((await askBybit(simulator, WALLET, UNIFIED)).json.retCode).to.equal(10003);
    });

    it('answers 10004 to a wrong secret', async () => {
      const { json } = await askBybit(simulator, WALLET, UNIFIED, { secret: 'wrong' });
      expect(json.retCode).to.equal(10004);
      expect(json.retMsg).to.match(/^error sign!/);
    });

    it('answers 10002 outside of the window: too old, or more than a second ahead', async () => {
      const old = await askBybit(simulator, WALLET, UNIFIED, { timestampMs: Date.now() - 6_000 });
      const ahead = await askBybit(simulator, WALLET, UNIFIED, { timestampMs: Date.now() + 3_000 });
      expect([old.json.retCode, ahead.json.retCode]).to.deep.equal([10002, 10002]);
      const wider = { timestampMs: Date.now() - 6_000, recvWindowMs: 20_000 };
      expect((await askBybit(simulator, WALLET, UNIFIED, wider)).json.retCode).to.equal(0);
    });

    it('tells its own time, which may be ahead of ours', async () => {
      await control(simulator, 'clock', { offsetMs: 30_000 });
      const { json } = await askPublic(simulator, 'bybit', 'https://api.bybit.com/v5/market/time');
      expect(Number(json.result.timeSecond) * 1000).to.be.within(Date.now() + 28_000, Date.now() + 31_000);
      expect((await askBybit(simulator, WALLET, UNIFIED)).json.retCode).to.equal(10002);
    });

    it('answers 10005 where the key lacks the permission, and only there', async () => {
      const funding = '/v5/asset/transfer/query-account-coins-balance';
      const refused = await askBybit(simulator, funding, { accountType: 'FUND' }, { account: 'sub1' });
      expect([refused.status, refused.json.retCode]).to.deep.equal([200, 10005]);
      expect((await askBybit(simulator, WALLET, UNIFIED, { account: 'sub1' })).json.retCode).to.equal(0);
      expect((await askBybit(simulator, funding, { accountType: 'FUND' })).json.retCode).to.equal(0);
      await control(simulator, 'keys', { exchange: 'bybit', account: 'main', permissions: [] });
      const positions = await askBybit(simulator, '/v5/position/list', { category: 'inverse' });
      expect(positions.json.retCode).to.equal(10005);
    });

    it('answers 33004 to an expired key', async () => {
      await control(simulator, 'keys', { exchange: 'bybit', account: 'main', state: 'expired' });
      expect((await askBybit(simulator, WALLET, UNIFIED)).json.retCode).to.equal(33004);
    });

    it('answers 10006 to more requests than an account may send in a second', async () => {
      const funding = '/v5/asset/transfer/query-account-coins-balance';
      const answers = [];
      for (let sent = 0; sent < 6; sent += 1) {
        answers.push(await askBybit(simulator, funding, { accountType: 'FUND' }));
      }
      const codes = answers.map(({ json }) => json.retCode);
      expect(codes).to.deep.equal([0, 0, 0, 0, 0, 10006]);
      expect(answers.at(-1)?.headers.get('x-bapi-limit-status')).to.equal('0');
    });
  });

  it('blocks an address that asks too often with 403', async () => {
    const strict = await startSimulator({ rateLimits: { bybitIpRequests: 3 } });
    const statuses = [];
    for (let sent = 0; sent < 5; sent += 1) {
      const { status } = await askPublic(strict, 'bybit', 'https://api.bybit.com/v5/market/time');
      statuses.push(status);
    }
    expect(statuses).to.deep.equal([200, 200, 200, 403, 403]);
    await strict.stop();
  });

  describe('serves lists in pages', () => {
    it('gives 20 open orders, at most 50, and the rest behind the cursor', async () => {
      const query = { category: 'spot' };
      const standard = await askBybit(simulator, '/v5/order/realtime', query, { account: 'sub1' });
      expect(standard.json.result.list).to.have.length(20);
      const ids = await allPages('/v5/order/realtime', { ...query, limit: '200' }, 50);
      const open = simulator.truth().exchanges.bybit?.accounts.sub1?.openOrders ?? [];
      const spot = open.filter(({ symbol }) => !symbol.includes(':'));
      expect(spot.length).to.be.greaterThan(50);
      expect([...ids].sort()).to.deep.equal(spot.map(({ orderId }) => orderId).sort());
    });

    it('keeps its place when orders end between two pages', async () => {
      const query = { category: 'spot', limit: '20' };
      const first = await askBybit(simulator, '/v5/order/realtime', query, { account: 'sub1' });
      const last = first.json.result.list.at(-1).orderId;
      const order = simulator.world.account('bybit', 'sub1')?.orders.find(({ id }) => id === last);
      if (order === undefined) throw new Error(`no order ${last}`);
      order.state = 'canceled';
      const cursor = decodeURIComponent(first.json.result.nextPageCursor);
      const second = await askBybit(
        simulator,
        '/v5/order/realtime',
        { ...query, cursor },
        { account: 'sub1' },
      );
      const seen = first.json.result.list.map((row: { orderId: string }) => row.orderId);
      for (const { orderId } of second.json.result.list) expect(seen).to.not.include(orderId);
      expect(second.json.result.list).to.have.length(20);
    });

    it('refuses a cursor that it never gave', async () => {
      const { json } = await askBybit(simulator, '/v5/order/realtime', { category: 'spot', cursor: 'junk' });
      expect(json.retCode).to.equal(10001);
    });

    async function allPages(path: string, query: Record<string, string>, most: number): Promise<string[]> {
      const ids: string[] = [];
      let cursor = '';
      do {
        const asked = cursor === '' ? query : { ...query, cursor };
        const { json } = await askBybit(simulator, path, asked, { account: 'sub1' });
        expect(json.result.list.length).to.be.within(1, most);
        ids.push(...json.result.list.map((row: { orderId: string }) => row.orderId));
        cursor = decodeURIComponent(json.result.nextPageCursor);
      } while (cursor !== '');
      return ids;
    }
  });

  it('pages instruments by at most 1000, and spot not at all', async () => {
    const wide = await startSimulator({ plan: widePlan({ assets: 3, linearMarkets: 1100 }) });
    const url = 'https://api.bybit.com/v5/market/instruments-info';
    const first = await askPublic(wide, 'bybit', `${url}?category=linear&limit=1000`);
    expect(first.json.result.list).to.have.length(1000);
    const { nextPageCursor } = first.json.result;
    const rest = await askPublic(wide, 'bybit', `${url}?category=linear&limit=1000&cursor=${nextPageCursor}`);
    expect(rest.json.result.list).to.have.length(111);
    expect(rest.json.result.nextPageCursor).to.equal('');
    const standard = await askPublic(wide, 'bybit', `${url}?category=linear`);
    expect(standard.json.result.list).to.have.length(500);
    await wide.stop();
  });

  it('serves orders that ended by their creation, seven days at a time', async () => {
    const nowMs = Date.now();
    const week = 7 * 24 * 60 * 60_000;
    const inWindow = async (startTime: number, endTime: number) => {
      const query = { category: 'spot', startTime: String(startTime), endTime: String(endTime), limit: '50' };
      return (await askBybit(simulator, '/v5/order/history', query)).json;
    };
    const recent = await inWindow(nowMs - week, nowMs);
    const older = await inWindow(nowMs - 2 * week, nowMs - week);
    expect(recent.result.list).to.not.have.length(0);
    expect(older.result.list).to.not.have.length(0);
    for (const { createdTime } of older.result.list) expect(Number(createdTime)).to.be.at.most(nowMs - week);
    const tooWide = await inWindow(nowMs - 2 * week, nowMs);
    expect(tooWide.retCode).to.equal(10001);
  });

  it('finds one order by its id, also when it has just ended', async () => {
    const order = simulator.world.account('bybit', 'main')?.openOrders()[0];
    if (order === undefined) throw new Error('the world has no open order');
    const query = { category: 'spot', orderId: order.id };
    expect((await askBybit(simulator, '/v5/order/realtime', query)).json.result.list).to.have.length(1);
    order.state = 'canceled';
    const { json } = await askBybit(simulator, '/v5/order/realtime', query);
    expect(json.result.list[0].orderStatus).to.equal('Cancelled');
    expect(
      (await askBybit(simulator, '/v5/order/realtime', { category: 'spot' })).json.result.list,
    ).to.not.deep.include(json.result.list[0]);
  });

  it('tells conditional orders apart', async () => {
    const query = { category: 'linear', settleCoin: 'USDT' };
    const of = async (orderFilter: string) =>
      (await askBybit(simulator, '/v5/order/realtime', { ...query, orderFilter })).json.result.list;
    const [plain, stops, all] = [
      await of('Order'),
      await of('StopOrder'),
      (await askBybit(simulator, '/v5/order/realtime', query)).json.result.list,
    ];
    expect(stops.map((row: { orderStatus: string }) => row.orderStatus)).to.deep.equal(['Untriggered']);
    expect(plain.length + stops.length).to.equal(all.length);
  });

  it('lists positions by settle coin, the closed ones with size 0', async () => {
    const query = { category: 'linear', settleCoin: 'USDT', limit: '200' };
    const isClosed = (row: { size: string }) => row.size === '0';
    const symbolOf = (row: { symbol: string }) => row.symbol;
    const before = (await askBybit(simulator, '/v5/position/list', query)).json.result.list;
    const held = before.filter((row: { size: string }) => !isClosed(row)).map(symbolOf);
    simulator.world.advance();
    const { list } = (await askBybit(simulator, '/v5/position/list', query)).json.result;
    const closed = list.filter(isClosed);
    expect(closed.map(symbolOf).filter((symbol: string) => held.includes(symbol))).to.have.length(1);
    for (const row of closed) expect([row.side, row.positionValue]).to.deep.equal(['', '']);
    expect(list.length).to.be.greaterThan(1);
    for (const { symbol } of list) expect(symbol).to.match(/USDT$/);
    const missing = await askBybit(simulator, '/v5/position/list', { category: 'linear' });
    expect(missing.json.retCode).to.equal(10001);
  });

  it('knows nothing outside of its paths', async () => {
    const { status } = await askPublic(simulator, 'bybit', 'https://api.bybit.com/v5/nothing');
    expect(status).to.equal(404);
    expect((await ask(`${simulator.url}/kraken/https://api.kraken.com/`)).status).to.equal(404);
  });
});

async function control(simulator: Simulator, path: string, body: object): Promise<void> {
  const { status, text } = await ask(`${simulator.url}/control/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  expect(status, text).to.equal(200);
}
