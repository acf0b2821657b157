import { expect } from 'chai';
import { type Simulator, startSimulator } from '#src/simulator/simulator.js';
import { ask, askBinance, askPublic } from './simulated-http.js';

const ACCOUNT = 'https://api.binance.com/api/v3/account';
const TIME = 'https://api.binance.com/api/v3/time';

describe('the simulated binance', () => {
  let simulator: Simulator;

  beforeEach(async () => {
    simulator = await startSimulator({ seed: 'binance' });
  });

  afterEach(() => simulator.stop());

  describe('checks who asks', () => {
    it('serves a request that is signed well, and says how much weight is used', async () => {
      const answer = await askBinance(simulator, ACCOUNT);
      expect(answer.status).to.equal(200);
      expect(answer.headers.get('x-mbx-used-weight-1m')).to.equal('20');
      const again = await askBinance(simulator, ACCOUNT);
      expect(again.headers.get('x-mbx-used-weight-1m')).to.equal('40');
    });

    it('reads a signature over the body of a POST', async () => {
      const url = 'https://api.binance.com/sapi/v1/asset/get-funding-asset';
      const answer = await askBinance(simulator, url, {}, { method: 'POST' });
      expect(answer.status, answer.text).to.equal(200);
      expect(answer.json.map((row: { asset: string }) => row.asset)).to.include('USDT');
      expect(answer.headers.get('x-sapi-used-ip-weight-1m')).to.equal('1');
    });

    it('answers -2014 to a key of another form and -2015 to one it does not know', async () => {
      const malformed = await askBinance(simulator, ACCOUNT, {}, { apiKey: 'short' });
      expect([malformed.status, malformed.json.code]).to.deep.equal([401, -2014]);
      const unknown = await askBinance(simulator, ACCOUNT, {}, { apiKey: 'a'.repeat(64) });
      expect([unknown.status, unknown.json.code]).to.deep.equal([401, -2015]);
    });

    it('answers -1022 to a wrong secret', async () => {
      const { status, json } = await askBinance(simulator, ACCOUNT, {}, { secret: 'wrong' });
      expect([status, json.code]).to.deep.equal([400, -1022]);
    });

    it('answers -1021 outside of the window: too old, or more than a second ahead', async () => {
      const old = await askBinance(simulator, ACCOUNT, {}, { timestampMs: Date.now() - 6_000 });
      const ahead = await askBinance(simulator, ACCOUNT, {}, { timestampMs: Date.now() + 3_000 });
      expect([old.json.code, ahead.json.code]).to.deep.equal([-1021, -1021]);
      const wider = { timestampMs: Date.now() - 6_000, recvWindowMs: 20_000 };
      expect((await askBinance(simulator, ACCOUNT, {}, wider)).status).to.equal(200);
      const widest = await askBinance(simulator, ACCOUNT, {}, { recvWindowMs: 60_001 });
      expect(widest.json.code).to.equal(-1131);
    });

    it('answers -2015 where the key may not read futures, and spot all the same', async () => {
      const account = simulator.world.account('binance', 'main');
      if (account === undefined) throw new Error('the world has no binance/main');
      account.permissions = new Set();
      const refused = await askBinance(simulator, 'https://fapi.binance.com/fapi/v3/account');
      expect([refused.status, refused.json.code]).to.deep.equal([401, -2015]);
      expect((await askBinance(simulator, ACCOUNT)).status).to.equal(200);
    });

    it('answers -1102 where a parameter is missing and -1121 to an unknown symbol', async () => {
      const missing = await askBinance(simulator, 'https://api.binance.com/api/v3/allOrders');
      expect([missing.status, missing.json.code]).to.deep.equal([400, -1102]);
      expect(missing.json.msg).to.include("'symbol'");
      const query = { symbol: 'NOSUCH' };
      const unknown = await askBinance(simulator, 'https://api.binance.com/api/v3/allOrders', query);
      expect(unknown.json.code).to.equal(-1121);
    });
  });

  it('refuses with 429 beyond the weight of a minute, then bans with 418; both say for how long', async () => {
    const strict = await startSimulator({ rateLimits: { binanceWeight: 3 } });
    const answers = [];
    for (let sent = 0; sent < 15; sent += 1) answers.push(await askPublic(strict, 'binance', TIME));
    const statuses = answers.map(({ status }) => status);
    expect(statuses).to.deep.equal([...Array(3).fill(200), ...Array(10).fill(429), 418, 418]);
    expect(answers[3]?.json.code).to.equal(-1003);
    expect(Number(answers[3]?.headers.get('retry-after'))).to.be.within(1, 60);
    expect(Number(answers[14]?.headers.get('retry-after'))).to.be.within(110, 120);
    expect(answers[14]?.json.msg).to.match(/IP banned until \d{13}/);
    await strict.stop();
  });

  it('writes order numbers beyond 2^53 as JSON numbers', async () => {
    const { text } = await askBinance(simulator, 'https://fapi.binance.com/fapi/v1/openOrders');
    const [, digits = ''] = /"orderId":(\d+),/.exec(text) ?? [];
    expect(digits).to.have.length(19);
    const open = simulator.truth().exchanges.binance?.accounts.main?.openOrders ?? [];
    expect(open.map(({ orderId }) => orderId)).to.include(digits);
  });

  it('keeps conditional orders of futures in lists of their own, and shows what they became', async () => {
    const of = async (path: string, query = {}) =>
      (await askBinance(simulator, `https://fapi.binance.com/fapi/v1/${path}`, query)).json;
    const before = await of('openAlgoOrders');
    const plain = await of('openOrders');
    expect(before).to.have.length(2);
    const first = before[0];
    const account = simulator.world.account('binance', 'main');
    const waiting = account?.orders.find(({ id }) => id === String(first.algoId));
    expect(waiting?.state).to.equal('untriggered');
    // The first step triggers the spot order, which was placed earlier.
    simulator.world.advance();
    simulator.world.advance();
    const after = await of('openAlgoOrders');
    expect(after.map((row: { algoId: number }) => row.algoId)).to.not.include(first.algoId);
    const all = await of('allAlgoOrders', { symbol: first.symbol });
    expect(all.map((row: { algoStatus: string }) => row.algoStatus)).to.include('TRIGGERED');
    expect((await of('algoOrder', { algoId: String(first.algoId) })).triggerTime).to.be.greaterThan(0);
    expect(plain.every((row: object) => !('algoId' in row))).to.equal(true);
  });

  it('serves one order, and -2013 for one that it does not have', async () => {
    const url = 'https://api.binance.com/api/v3/order';
    const order = simulator.world.account('binance', 'main')?.openOrders()[0];
    const found = await askBinance(simulator, url, { symbol: 'BTCUSDT', orderId: order?.id ?? '' });
    expect(String(found.json.orderId)).to.equal(order?.id);
    const missing = await askBinance(simulator, url, { symbol: 'BTCUSDT', orderId: '1' });
    expect([missing.status, missing.json.code]).to.deep.equal([400, -2013]);
  });

  it('bounds the range of one request: a day for spot, a week for futures', async () => {
    const day = 24 * 60 * 60_000;
    const range = (days: number) => ({
      symbol: 'BTCUSDT',
      startTime: String(Date.now() - days * day - 1),
      endTime: String(Date.now()),
    });
    const spot = await askBinance(simulator, 'https://api.binance.com/api/v3/allOrders', range(1));
    expect(spot.json.code).to.equal(-1127);
    const futures = await askBinance(simulator, 'https://fapi.binance.com/fapi/v1/allOrders', range(7));
    expect(futures.json.code).to.equal(-4165);
    const week = await askBinance(simulator, 'https://fapi.binance.com/fapi/v1/allOrders', range(6));
    expect(week.status).to.equal(200);
  });

  it('lists every asset of the spot wallet, and without zeros when asked', async () => {
    const all = (await askBinance(simulator, ACCOUNT)).json.balances;
    const held = (await askBinance(simulator, ACCOUNT, { omitZeroBalances: 'true' })).json.balances;
    expect(all.length).to.be.greaterThan(held.length);
    expect(
      held.every((row: { free: string; locked: string }) => Number(row.free) + Number(row.locked) > 0),
    ).to.equal(true);
  });

  it('serves positions: held ones by v3, every symbol by v2 and COIN-M, shorts negative', async () => {
    const v3 = (await askBinance(simulator, 'https://fapi.binance.com/fapi/v3/positionRisk')).json;
    const v2 = (await askBinance(simulator, 'https://fapi.binance.com/fapi/v2/positionRisk')).json;
    const coin = (await askBinance(simulator, 'https://dapi.binance.com/dapi/v1/positionRisk')).json;
    expect(v3.length).to.be.lessThan(v2.length);
    expect(v2).to.have.length(simulator.world.marketsOf('binance', 'linear').length);
    const short = (rows: { symbol: string; positionAmt: string }[], symbol: string) =>
      rows.find((row) => row.symbol === symbol)?.positionAmt;
    expect(short(v3, 'ETHUSDT')).to.equal('-1.25');
    expect(short(coin, 'ETHUSD_PERP')).to.equal('-12');
    expect(short(coin, 'XRPUSD_PERP')).to.equal('0');
    expect(v3[0]).to.not.have.property('leverage');
  });

  it('says nothing of what it does not simulate', async () => {
    expect(
      (await ask(`${simulator.proxyUrl('binance')}https://eapi.binance.com/eapi/v1/time`)).status,
    ).to.equal(404);
  });
});
