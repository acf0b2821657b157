import { expect } from 'chai';
import type { ExchangeSession } from '#src/exchange/exchange-session.js';
import { binance } from '#src/exchange/profiles/binance.js';
import { bybit } from '#src/exchange/profiles/bybit.js';
import type { ExchangeProfile } from '#src/exchange/profiles/profile.js';
import { ManualClock } from '../../support/manual-clock.js';
import { at, ExchangeServer, type Route, sending } from '../support/exchange-server.js';
import { Managed, type ManagedOptions, read, readContext, rejection, TEST_KEY } from '../support/managed.js';
import { binanceRoutes, bybitRoutes } from '../support/small-exchanges.js';

const DAY = 24 * 3_600_000;
const UNIFIED = '/v5/account/wallet-balance';
const FUND = '/v5/asset/transfer/query-account-coins-balance';

describe('a key that the exchange refuses', () => {
  let clock: ManualClock;
  let server: ExchangeServer;
  let managed: Managed;

  afterEach(async () => {
    await managed.manager.close();
    await server.close();
  });

  async function start(
    profile: ExchangeProfile,
    routes: readonly Route[],
    overrides: Partial<ManagedOptions> = {},
  ): Promise<ExchangeSession> {
    server = await ExchangeServer.start(...routes);
    const { exchange } = profile;
    managed = new Managed({ exchange, clock, profile, connection: { proxyUrl: server.url }, ...overrides });
    return managed.session();
  }

  beforeEach(() => {
    clock = new ManualClock();
  });

  const unified = (session: ExchangeSession) =>
    read(session, 'fetchBalance', [{ type: 'unified' }], { scope: 'wallet=UNIFIED' });
  const fund = (session: ExchangeSession) =>
    read(session, 'fetchBalance', [{ type: 'funding' }], { scope: 'wallet=FUND' });

  it('is asked again for a person who wants to know, which ends or renews the suspension', async () => {
    const refused = at(UNIFIED, { retCode: 10003, retMsg: 'API key is invalid.' });
    const session = await start(bybit, [refused, ...bybitRoutes(clock)]);
    await rejection(unified(session));
    const asks = (scope: string, type: string) =>
      read(session, 'fetchBalance', [{ type }], { scope, context: readContext({ despiteSuspension: true }) });
    clock.jump(3_600_000);
    expect(await rejection(asks('wallet=UNIFIED', 'unified'))).to.include({ code: 'AUTHENTICATION_FAILED' });
    const { suspensions } = managed.manager.guardSnapshot();
    expect(suspensions['bybit/main']).to.include({ untilMs: clock.now() + DAY });
    expect(await rejection(fund(session))).to.include({ code: 'ACCOUNT_SUSPENDED' });
    await asks('wallet=FUND', 'funding');
    expect(managed.manager.guardSnapshot().suspensions).to.deep.equal({});
    await fund(session);
  });

  describe("at bybit, by one of the exchange's codes for it", () => {
    const codes: [number, string][] = [
      [10003, 'API key is invalid.'],
      [10004, 'error sign!'],
      [33004, 'Your api key has expired.'],
    ];
    for (const [retCode, retMsg] of codes) {
      it(`${retCode} suspends the account after one request`, async () => {
        const session = await start(bybit, [at(UNIFIED, { retCode, retMsg }), ...bybitRoutes(clock)]);
        const error = await rejection(unified(session));
        expect(error).to.include({ code: 'AUTHENTICATION_FAILED' });
        expect(error.message).to.include(retMsg).and.include('Check the API key');
        const before = server.requests.length;
        expect(await rejection(unified(session))).to.include({ code: 'ACCOUNT_SUSPENDED' });
        expect(await rejection(fund(session))).to.include({ code: 'ACCOUNT_SUSPENDED' });
        expect(server.requests.length, 'requests after the refusal').to.equal(before);
        const until = new Date(clock.now() + DAY).toISOString();
        expect(managed.events).to.deep.equal([
          ['account:suspended', { exchange: 'bybit', account: 'main', reason: error.message, until }],
        ]);
      });
    }
  });

  it('is not suspended for a status 401 that a gateway could have sent', async () => {
    const session = await start(bybit, [at(UNIFIED, sending(401, 'who are you?')), ...bybitRoutes(clock)]);
    expect(await rejection(unified(session))).to.include({ code: 'AUTHENTICATION_FAILED' });
    expect(managed.events).to.deep.equal([]);
    expect(server.count(UNIFIED)).to.equal(1);
    await fund(session);
  });

  it('is tried again when the credentials change', async () => {
    const session = await start(bybit, [
      at(UNIFIED, { retCode: 10003, retMsg: 'bad' }, 1),
      ...bybitRoutes(clock),
    ]);
    await rejection(unified(session));
    managed.credentials['bybit/main'] = { ...TEST_KEY, secret: 'SECRET-canary-8' };
    await unified(await managed.session());
    expect(managed.events.map(([name]) => name)).to.deep.equal(['account:suspended', 'account:resumed']);
  });

  it('does not suspend the one that took its place meanwhile', async () => {
    const old = await start(bybit, bybitRoutes(clock));
    managed.credentials['bybit/main'] = { ...TEST_KEY, secret: 'SECRET-canary-8' };
    const session = await managed.session();
    server.route(at(UNIFIED, { retCode: 10003, retMsg: 'bad' }, 1));
    await rejection(unified(old));
    await unified(session);
  });

  it('is tried again once a day, by one request', async () => {
    const session = await start(bybit, [
      at(UNIFIED, { retCode: 10003, retMsg: 'bad' }, 2),
      ...bybitRoutes(clock),
    ]);
    await rejection(unified(session));
    await clock.advance(DAY - 1);
    expect(await rejection(unified(session))).to.include({ code: 'ACCOUNT_SUSPENDED' });
    await clock.advance(1);
    const both = await Promise.all([rejection(unified(session)), rejection(unified(session))]);
    expect(both.map(({ code }) => code)).to.have.members(['AUTHENTICATION_FAILED', 'ACCOUNT_SUSPENDED']);
    expect(server.count(UNIFIED)).to.equal(2);
    await clock.advance(DAY);
    await unified(session);
    await unified(session);
    expect(managed.events.at(-1)).to.deep.equal(['account:resumed', { exchange: 'bybit', account: 'main' }]);
  });

  it('is tried again when somebody says so', async () => {
    const session = await start(bybit, [
      at(UNIFIED, { retCode: 10003, retMsg: 'bad' }, 1),
      ...bybitRoutes(clock),
    ]);
    await rejection(unified(session));
    managed.manager.resume({ exchange: 'bybit', account: 'main' });
    await unified(session);
  });

  it('stays suspended in the program that is started next, unless its credentials changed', async () => {
    const session = await start(bybit, [
      at(UNIFIED, { retCode: 10003, retMsg: 'bad' }, 1),
      ...bybitRoutes(clock),
    ]);
    await rejection(unified(session));
    const guard = JSON.parse(JSON.stringify(managed.manager.guardSnapshot()));
    expect(JSON.stringify(guard)).to.not.include('canary');
    await managed.manager.close();
    const connection = { proxyUrl: server.url };
    managed = new Managed({ exchange: 'bybit', clock, profile: bybit, connection, guard });
    expect(await rejection(unified(await managed.session()))).to.include({ code: 'ACCOUNT_SUSPENDED' });
    managed.credentials['bybit/main'] = { ...TEST_KEY, secret: 'SECRET-canary-8' };
    await unified(await managed.session());
  });

  it('says which address list to look at when the address is not on it', async () => {
    const retMsg = 'Unmatched IP, please check your API key s bound IP addresses.';
    const session = await start(bybit, [at(UNIFIED, { retCode: 10010, retMsg }), ...bybitRoutes(clock)]);
    const error = await rejection(unified(session));
    expect(error.message).to.include("Add this machine's public IP address");
    expect(await rejection(fund(session))).to.include({ code: 'ACCOUNT_SUSPENDED' });
  });

  it('for one wallet of bybit (10005) loses that wallet only', async () => {
    const denied = { retCode: 10005, retMsg: 'Permission denied, please check your API key permissions.' };
    const session = await start(bybit, [at(FUND, denied), ...bybitRoutes(clock)]);
    const error = await rejection(fund(session));
    expect(error).to.include({ code: 'PERMISSION_DENIED' });
    expect(error.message).to.include('wallet=FUND').and.include('everything else goes on');
    await unified(session);
    expect(await rejection(fund(session))).to.include({ code: 'PERMISSION_DENIED' });
    expect(server.count(FUND), 'requests for the wallet that may not be read').to.equal(1);
    expect(managed.events).to.deep.equal([]);
    await clock.advance(DAY);
    await rejection(fund(session));
    expect(server.count(FUND)).to.equal(2);
  });

  describe('at binance, by -2015, which also means a permission', () => {
    const REFUSED = { code: -2015, msg: 'Invalid API-key, IP, or permissions for action.' };
    const refused = sending(400, REFUSED);
    const spot = (session: ExchangeSession) =>
      read(session, 'fetchBalance', [{ type: 'spot' }], { scope: 'wallet=SPOT' });
    const usdm = (session: ExchangeSession) =>
      read(session, 'fetchBalance', [{ type: 'future' }], { scope: 'wallet=USDM' });
    const isUsdm: Route = (request, response) =>
      request.host.startsWith('fapi') && request.path.endsWith('/account')
        ? refused(request, response)
        : undefined;

    for (const order of ['before', 'after']) {
      it(`loses USD-M only, when spot is read ${order} it`, async () => {
        const session = await start(binance, [isUsdm, ...binanceRoutes(clock)]);
        if (order === 'after') await spot(session);
        const error = await rejection(usdm(session));
        expect(error).to.include({ code: 'PERMISSION_DENIED' });
        await spot(session);
        expect(await rejection(usdm(session))).to.include({ code: 'PERMISSION_DENIED' });
        expect(server.requests.filter(({ path }) => path.startsWith('/fapi/v3/account'))).to.have.lengthOf(1);
        expect(managed.events).to.deep.equal([]);
      });
    }

    it('suspends the account when spot is refused too', async () => {
      const session = await start(binance, [isUsdm, at('/api/v3/account', refused), ...binanceRoutes(clock)]);
      expect(await rejection(usdm(session))).to.include({ code: 'AUTHENTICATION_FAILED' });
      expect(await rejection(spot(session))).to.include({ code: 'ACCOUNT_SUSPENDED' });
      expect(managed.events.map(([name]) => name)).to.deep.equal(['account:suspended']);
    });

    it('decides nothing while the deciding read fails for another reason', async () => {
      const session = await start(binance, [
        isUsdm,
        at('/api/v3/account', sending(503, '<html>'), 1),
        ...binanceRoutes(clock),
      ]);
      expect(await rejection(usdm(session))).to.include({ code: 'AUTHENTICATION_FAILED' });
      expect(managed.events).to.deep.equal([]);
      await spot(session);
      expect(await rejection(usdm(session))).to.include({ code: 'PERMISSION_DENIED' });
    });
  });
});
