import { inspect } from 'node:util';
import { expect } from 'chai';
import { ExchangeSyncError } from '#src/domain/errors.js';
import { bybit } from '#src/exchange/profiles/bybit.js';
import { ManualClock } from '../support/manual-clock.js';
import { ANSWERED, at, ExchangeServer, sending } from './support/exchange-server.js';
import { Managed, read, readContext, rejection, TEST_KEY } from './support/managed.js';
import { bybitRoutes } from './support/small-exchanges.js';

const INSTRUMENTS = '/v5/market/instruments-info';
const TIME = '/v5/market/time';
const BALANCE = '/v5/account/wallet-balance';
const HOUR = 3_600_000;
const SKEW_MS = 30_000;

describe('the exchange manager', () => {
  let clock: ManualClock;
  let server: ExchangeServer;
  let managed: Managed;

  beforeEach(async () => {
    clock = new ManualClock();
    server = await ExchangeServer.start(...bybitRoutes(clock));
    managed = manage();
  });

  afterEach(async () => {
    await managed.manager.close();
    await server.close();
    expect(clock.sleepers, 'timers left behind').to.equal(0);
  });

  function manage(overrides: Partial<ConstructorParameters<typeof Managed>[0]> = {}): Managed {
    return new Managed({
      exchange: 'bybit',
      clock,
      profile: bybit,
      connection: { proxyUrl: server.url },
      ...overrides,
    });
  }

  describe('loads markets', () => {
    it('with a client that has no key, so that nothing is signed', async () => {
      const session = await managed.session();
      expect(server.paths()).to.include(INSTRUMENTS);
      expect(server.requests.filter(({ headers }) => 'x-bapi-api-key' in headers)).to.deep.equal([]);
      expect(session.ccxt.markets).to.have.property('BTC/USDT');
    });

    it('once for all accounts and for the public side', async () => {
      managed.credentials['bybit/sub1'] = { apiKey: 'KEY-canary-3', secret: 'SECRET-canary-4' };
      const sessions = await Promise.all([managed.session(), managed.session(readContext(), 'sub1')]);
      const loaded = server.count(INSTRUMENTS);
      sessions.push(await managed.publicSession());
      expect(server.count(INSTRUMENTS)).to.equal(loaded);
      for (const { ccxt } of sessions) expect(ccxt.markets).to.equal(sessions[0]!.ccxt.markets);
    });

    it('again after an attempt that failed', async () => {
      server.route(at(INSTRUMENTS, sending(503, { retCode: 10016, retMsg: 'restarting' }), 400));
      expect(await rejection(managed.session())).to.include({ code: 'EXCHANGE_UNAVAILABLE' });
      server.route(at(INSTRUMENTS, { retCode: 0, retMsg: 'OK', result: { list: [], nextPageCursor: '' } }));
      expect(await managed.session()).to.have.property('exchange', 'bybit');
    });

    it('again within one call, where ccxt would repeat the first failure for ever', async () => {
      server.route(at(INSTRUMENTS, sending(200, '<html>'), 1));
      expect((await managed.session()).ccxt.markets).to.have.property('BTC/USDT');
    });

    it('anew after a day, and gives them to the clients that are there', async () => {
      const session = await managed.session();
      const before = session.ccxt.markets;
      await clock.advance(25 * HOUR);
      await managed.publicSession();
      await read(session, 'fetchBalance');
      expect(session.ccxt.markets).to.not.equal(before);
      expect(session.ccxt.markets).to.have.property('BTC/USDT');
    });

    it('and keeps the old ones where the new ones cannot be had', async () => {
      const before = (await managed.session()).ccxt.markets;
      await clock.advance(25 * HOUR);
      server.route(at(INSTRUMENTS, sending(200, '<html>')));
      expect((await managed.publicSession()).ccxt.markets).to.equal(before);
    });

    it('for those who still wait when the one who asked first gives up', async () => {
      const caller = new AbortController();
      let asked: () => void = () => undefined;
      const arrived = new Promise<void>((resolve) => {
        asked = resolve;
      });
      server.route((request) => {
        if (request.path === INSTRUMENTS) asked();
        return undefined;
      });
      const first = rejection(managed.session(readContext({ signal: caller.signal })));
      const second = managed.session();
      await arrived;
      caller.abort();
      expect(await first).to.include({ code: 'ABORTED' });
      expect((await second).ccxt.markets).to.have.property('BTC/USDT');
    });

    it('anew for a symbol that it does not know, once', async () => {
      const session = await managed.session();
      await clock.advance(HOUR);
      const before = server.count(INSTRUMENTS);
      const error = await rejection(read(session, 'fetchOpenOrders', ['NEW/USDT']));
      expect(error).to.include({ code: 'EXCHANGE_REJECTED' });
      const refreshed = server.count(INSTRUMENTS);
      expect(refreshed).to.be.greaterThan(before);
      await rejection(read(session, 'fetchOpenOrders', ['NEW/USDT']));
      expect(server.count(INSTRUMENTS)).to.equal(refreshed);
    });
  });

  describe("asks for the exchange's time", () => {
    it('before the first signed request, which then carries it', async () => {
      await server.close();
      server = await ExchangeServer.start(...bybitRoutes(clock, SKEW_MS));
      managed = manage();
      await read(await managed.session(), 'fetchBalance');
      const paths = server.paths();
      expect(paths.indexOf(TIME)).to.be.greaterThan(-1).and.lessThan(paths.indexOf(BALANCE));
      const signed = server.requests.find(({ path }) => path === BALANCE);
      expect(Number(signed?.headers['x-bapi-timestamp'])).to.equal(clock.now() + SKEW_MS);
    });

    it('again after an hour, and not before', async () => {
      const session = await managed.session();
      await read(session, 'fetchBalance');
      await read(session, 'fetchBalance');
      expect(server.count(TIME)).to.equal(1);
      await clock.advance(HOUR);
      await read(session, 'fetchBalance');
      expect(server.count(TIME)).to.equal(2);
    });

    it('again when a signed request was refused for its time, and repeats that', async () => {
      const session = await managed.session();
      server.route(at(BALANCE, { retCode: 10002, retMsg: 'invalid request, timestamp' }, 1));
      await read(session, 'fetchBalance');
      expect(server.count(TIME)).to.equal(2);
      expect(server.count(BALANCE)).to.equal(2);
    });

    it('and goes by its own clock where the time cannot be had', async () => {
      server.route(at(TIME, sending(500, '<html>')));
      const session = await managed.session();
      await read(session, 'fetchBalance');
      const asked = server.count(TIME);
      await read(session, 'fetchBalance');
      expect(server.count(TIME), 'not asked again at once').to.equal(asked);
    });

    it('and says how far the clocks differ when that did not help', async () => {
      await server.close();
      server = await ExchangeServer.start(
        at(BALANCE, { retCode: 10002, retMsg: 'invalid request, timestamp' }),
        ...bybitRoutes(clock, SKEW_MS),
      );
      managed = manage();
      const error = await rejection(read(await managed.session(), 'fetchBalance'));
      expect(error).to.include({ code: 'CLOCK_SKEW' });
      expect(error.message).to.include("30 s behind bybit's");
      expect(server.count(BALANCE)).to.equal(2);
    });
  });

  describe('looks at credentials', () => {
    it('and names what is missing and where to set it', async () => {
      managed.credentials['bybit/main'] = { apiKey: 'KEY-canary-1' };
      const error = await rejection(managed.session());
      expect(error).to.include({ code: 'CREDENTIALS_MISSING' });
      expect(error.message).to.include('secret');
      const none = await rejection(managed.session(readContext(), 'sub1'));
      expect(none).to.include({ code: 'CREDENTIALS_MISSING' });
      expect(none.message).to.include('BYBIT_SUB1_API_KEY').and.include('BYBIT_SUB1_API_SECRET');
    });

    it('each time, and builds another client only when they changed', async () => {
      const first = await managed.session();
      expect(await managed.session()).to.equal(first);
      managed.credentials['bybit/main'] = { ...TEST_KEY, apiKey: 'KEY-canary-9' };
      const second = await managed.session();
      expect(second).to.not.equal(first);
      await read(second, 'fetchBalance');
      expect(server.requests.at(-1)?.headers['x-bapi-api-key']).to.equal('KEY-canary-9');
    });

    it('and never lets them be printed', async () => {
      const session = await managed.session();
      const printed = [session, session.ccxt, managed.manager].flatMap((value) => [
        inspect(value, { depth: 10, getters: true }),
        JSON.stringify(value),
      ]);
      expect(printed.join('\n')).to.not.match(/canary/);
      expect(inspect(session.ccxt)).to.equal('[ccxt client of bybit]');
      // A copy, as loggers make them.
      expect(inspect({ ...session.ccxt })).to.not.match(/canary/);
      await read(session, 'fetchBalance');
      expect(server.requests.at(-1)?.headers['x-bapi-api-key']).to.equal(TEST_KEY.apiKey);
    });
  });

  it('never goes to the real site for a testnet that is not there', async () => {
    managed = manage({ exchange: 'kraken', connection: { testnet: true, proxyUrl: server.url } });
    managed.credentials['kraken/main'] = TEST_KEY;
    const error = await rejection(managed.session());
    expect(error).to.include({ code: 'TESTNET_UNAVAILABLE' });
    expect(error.message).to.include('KRAKEN_TESTNET');
    expect(server.requests).to.deep.equal([]);
  });

  it('goes to the testnet where there is one', async () => {
    managed = manage({ connection: { testnet: true, proxyUrl: server.url } });
    await read(await managed.session(), 'fetchBalance');
    expect(new Set(server.requests.map(({ host }) => host))).to.deep.equal(
      new Set(['api-testnet.bybit.com']),
    );
  });

  it('refuses two proxies for one exchange', async () => {
    managed = manage({ connection: { proxyUrl: server.url, httpsProxy: 'http://127.0.0.1:9' } });
    const error = await rejection(managed.session());
    expect(error).to.include({ code: 'CONFIG_INVALID' });
    expect(error.message).to.include('proxyUrl and httpsProxy');
  });

  it('refuses an exchange that is not configured', async () => {
    const error = await rejection(managed.manager.marketData('okx', readContext()));
    expect(error).to.include({ code: 'EXCHANGE_NOT_CONFIGURED' });
  });

  it('shares its sockets among all clients', async () => {
    managed.credentials['bybit/sub1'] = { apiKey: 'KEY-canary-3', secret: 'SECRET-canary-4' };
    const main = await managed.session();
    const sub1 = await managed.session(readContext(), 'sub1');
    const open = server.connections;
    for (const session of [main, sub1, await managed.publicSession(), main]) {
      await read(session, 'fetchTime');
    }
    expect(server.connections).to.equal(open);
  });

  it('keeps what one connection suffers from the others', async () => {
    const accountConnections = { sub1: { testnet: false, proxyUrl: 'http://127.0.0.1:9/' } };
    managed = manage({ accountConnections });
    managed.credentials['bybit/sub1'] = { apiKey: 'KEY-canary-3', secret: 'SECRET-canary-4' };
    for (let count = 0; count < 3; count += 1) await rejection(managed.session(readContext(), 'sub1'));
    expect(managed.events.map(([name]) => name)).to.deep.equal(['breaker:open']);
    await read(await managed.session(), 'fetchBalance');
    expect(Object.keys(managed.manager.guardSnapshot().circuits)[0]).to.match(/^bybit@[0-9a-f]{8}$/);
  });

  it('ends every call when it closes, and takes no more', async () => {
    const session = await managed.session();
    let arrived: () => void = () => undefined;
    const stalled = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    server.route(
      at(BALANCE, (_request, response) => {
        response.write('{');
        arrived();
        return ANSWERED;
      }),
    );
    const reading = rejection(read(session, 'fetchBalance'));
    await stalled;
    await managed.manager.close();
    expect(await reading)
      .to.be.instanceOf(ExchangeSyncError)
      .and.include({ code: 'STOPPED' });
    expect(await rejection(managed.session())).to.include({ code: 'STOPPED' });
  });
});
