import { expect } from 'chai';
import type { ExchangeSession } from '#src/exchange/exchange-session.js';
import { binance } from '#src/exchange/profiles/binance.js';
import { bybit } from '#src/exchange/profiles/bybit.js';
import type { ExchangeProfile, RateBudget } from '#src/exchange/profiles/profile.js';
import { ManualClock, settled } from '../../support/manual-clock.js';
import { at, ExchangeServer, sending } from '../support/exchange-server.js';
import { Managed, read, readContext, rejection } from '../support/managed.js';
import { binanceRoutes, bybitRoutes } from '../support/small-exchanges.js';

const BALANCE = '/v5/account/wallet-balance';

describe('a guarded call', () => {
  let clock: ManualClock;
  let server: ExchangeServer;
  let managed: Managed;
  let session: ExchangeSession;

  beforeEach(async () => {
    clock = new ManualClock();
    await start(bybit, bybitRoutes(clock));
  });

  async function start(profile: ExchangeProfile, routes: ReturnType<typeof bybitRoutes>): Promise<void> {
    server = await ExchangeServer.start(...routes);
    const { exchange } = profile;
    managed = new Managed({ exchange, clock, profile, connection: { proxyUrl: server.url } });
    session = await managed.session();
  }

  async function stop(): Promise<void> {
    await managed.manager.close();
    await server.close();
    expect(clock.sleepers, 'timers left behind').to.equal(0);
  }

  afterEach(stop);

  const balance = () => read(session, 'fetchBalance', [{ type: 'unified' }]);

  for (const retCode of [10000, 10016]) {
    it(`is repeated for bybit's ${retCode}, which ccxt does not know to be transient`, async () => {
      server.route(at(BALANCE, { retCode, retMsg: 'Server error' }, 2));
      await balance();
      expect(server.count(BALANCE)).to.equal(3);
    });
  }

  it("means what the exchange's code means, whatever class ccxt gave it", async () => {
    server.route(at(BALANCE, { retCode: 10000, retMsg: 'Server Timeout' }));
    expect(await rejection(balance())).to.include({ code: 'EXCHANGE_TIMEOUT' });
  });

  it('holds back one key only where the exchange counts by key', async () => {
    const limited = sending(429, { retCode: 10006, retMsg: 'slow' }, { 'retry-after': '3600' });
    server.route(at(BALANCE, limited, 1));
    await rejection(balance());
    managed.credentials['bybit/main'] = { apiKey: 'KEY-canary-7', secret: 'SECRET-canary-7' };
    session = await managed.session();
    await balance();
  });

  it('gives up after four attempts', async () => {
    server.route(at(BALANCE, sending(502, '<html>')));
    expect(await rejection(balance())).to.include({ code: 'EXCHANGE_UNAVAILABLE' });
    expect(server.count(BALANCE)).to.equal(4);
  });

  it('is not repeated where the same would happen again', async () => {
    server.route(at(BALANCE, { retCode: 10001, retMsg: 'Request parameter error.' }));
    const error = await rejection(balance());
    expect(error).to.include({ code: 'EXCHANGE_REJECTED' });
    expect(error.message).to.include('Request parameter error. (code 10001)');
    expect(server.count(BALANCE)).to.equal(1);
  });

  it('stops when the circuit opens, and leaves the exchange alone until it closes', async () => {
    server.route(at(BALANCE, sending(502, '<html>')));
    await rejection(balance());
    // Reads that succeeded before count as well; more failures than successes open the circuit.
    let error = await rejection(balance());
    while (error.code !== 'CIRCUIT_OPEN') error = await rejection(balance());
    const before = server.requests.length;
    expect(await rejection(balance())).to.include({ code: 'CIRCUIT_OPEN' });
    expect(server.requests.length).to.equal(before);
    expect(managed.events.map(([name]) => name)).to.deep.equal(['breaker:open']);

    server.route(at(BALANCE, bybitBalance));
    await clock.advance(30_000);
    await balance();
    expect(managed.events.map(([name]) => name)).to.deep.equal(['breaker:open', 'breaker:close']);
  });

  it('waits as long as Retry-After says, and all others wait too', async () => {
    server.route(at(BALANCE, sending(429, { retCode: 10006, retMsg: 'slow' }, { 'retry-after': '7' }), 1));
    const first = balance();
    while (server.count(BALANCE) === 0) await settled();
    while (clock.sleepers < 2) await settled();
    const second = read(session, 'fetchBalance', [{ type: 'funding' }]);
    const before = server.requests.length;
    await clock.advance(6_900);
    expect(server.requests.length).to.equal(before);
    await clock.advance(100);
    await Promise.all([first, second]);
  });

  it('stops at once when that is longer than it may take, and nobody else asks before', async () => {
    const body = { retCode: 10018, retMsg: 'slow' };
    server.route(at(BALANCE, sending(429, body, { 'retry-after': '3600' }), 1));
    const error = await rejection(balance());
    expect(error).to.include({ code: 'RATE_LIMITED' });
    const until = new Date(clock.now() + 3_600_000).toISOString();
    expect(error.details).to.include({ until, httpStatus: 429 });
    const before = server.requests.length;
    expect(await rejection(balance())).to.include({ code: 'RATE_LIMITED' });
    expect(await rejection(read(await managed.publicSession(), 'fetchTickers'))).to.include({
      code: 'RATE_LIMITED',
    });
    expect(server.requests.length).to.equal(before);
    await clock.advance(3_600_000);
    await balance();
  });

  it('obeys the end of a ban that binance writes into its sentence, for three days at the most', async () => {
    await stop();
    await start(binance, binanceRoutes(clock));
    const untilMs = clock.now() + 900_000;
    const msg = `Way too much request weight used; IP banned until ${untilMs}. Please use the websocket.`;
    server.route(at('/api/v3/account', sending(418, { code: -1003, msg }), 1));
    const error = await rejection(read(session, 'fetchBalance', [{ type: 'spot' }]));
    expect(error).to.include({ code: 'BANNED' });
    expect(error.details).to.include({ until: new Date(untilMs).toISOString() });
    await clock.advance(700_000);
    expect(await rejection(read(session, 'fetchBalance', [{ type: 'spot' }]))).to.include({ code: 'BANNED' });
    await clock.advance(200_000);
    await read(session, 'fetchBalance', [{ type: 'spot' }]);
  });

  it("waits when binance's header says that the weight is used up", async () => {
    await stop();
    await start(binance, binanceRoutes(clock));
    const account = { balances: [{ asset: 'BTC', free: '1.0', locked: '0.5' }] };
    server.route(at('/api/v3/account', sending(200, account, { 'x-mbx-used-weight-1m': '6000' })));
    await read(session, 'fetchBalance', [{ type: 'spot' }]);
    const next = read(session, 'fetchBalance', [{ type: 'spot' }]);
    await settled();
    const before = server.requests.length;
    await clock.advance(59_000);
    expect(server.requests.length).to.equal(before);
    await clock.advance(1_000);
    await next;
  });

  for (const status of [403, 451]) {
    it(`says so when the location is not served (HTTP ${status})`, async () => {
      const profile = { ...bybit, errors: { ...bybit.errors, statuses: {} } };
      await stop();
      await start(profile, bybitRoutes(clock));
      server.route(at(BALANCE, sending(status, '<html>The Amazon CloudFront distribution blocks</html>')));
      const error = await rejection(balance());
      expect(error).to.include({ code: 'REGION_BLOCKED' });
      expect(error.message).to.include('BYBIT_HTTPS_PROXY');
      expect(server.count(BALANCE)).to.equal(1);
    });
  }

  it('ends while it waits for the limiter when the caller gives up', async () => {
    const caller = new AbortController();
    server.route(at(BALANCE, sending(429, { retCode: 10006, retMsg: 'slow' }, { 'retry-after': '60' }), 1));
    const context = readContext({ signal: caller.signal });
    const reading = rejection(read(session, 'fetchBalance', [{ type: 'unified' }], { context }));
    while (clock.sleepers < 2) await settled();
    caller.abort();
    expect(await reading).to.include({ code: 'ABORTED' });
  });

  it('ends at its deadline, also while it waits for the limiter', async () => {
    const hourly: RateBudget = { name: 'one an hour', per: 'key', windowMs: 3_600_000, limit: 1 };
    await stop();
    await start({ ...bybit, rateBudgets: [...bybit.rateBudgets, hourly] }, bybitRoutes(clock));
    await balance();
    const reading = rejection(balance());
    while (clock.sleepers < 2) await settled();
    await clock.advance(120_000);
    expect(await reading).to.include({ code: 'EXCHANGE_TIMEOUT' });
    expect(server.count(BALANCE)).to.equal(1);
  });

  it('is refused outside the guard, where it would have neither deadline nor limit', async () => {
    const fetchBalance = session.ccxt.fetchBalance.bind(session.ccxt);
    expect(await rejection(fetchBalance())).to.include({ code: 'INTERNAL' });
  });
});

const bybitBalance = { retCode: 0, retMsg: 'OK', result: { list: [{ accountType: 'UNIFIED', coin: [] }] } };
