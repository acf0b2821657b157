import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { systemClock } from '#src/domain/clock.js';
import { bybit as profile } from '#src/exchange/profiles/bybit.js';
import { ManualClock } from '../../support/manual-clock.js';
import { ANSWERED, at, ExchangeServer, type Route, sending } from '../support/exchange-server.js';
import { Managed, read, readContext, rejection } from '../support/managed.js';
import { bybitRoutes } from '../support/small-exchanges.js';

const BALANCE = '/v5/account/wallet-balance';

describe('answers of an exchange', () => {
  let clock: ManualClock;
  let server: ExchangeServer;
  let managed: Managed;

  beforeEach(async () => {
    clock = new ManualClock();
    server = await ExchangeServer.start(...bybitRoutes(clock));
    managed = new Managed({ exchange: 'bybit', clock, profile, connection: { proxyUrl: server.url } });
  });

  afterEach(async () => {
    await managed.manager.close();
    await server.close();
    expect(clock.sleepers, 'timers left behind').to.equal(0);
  });

  const bad: [string, Route][] = [
    ['a maintenance page', sending(200, '<html>maintenance</html>', { 'content-type': 'text/html' })],
    ['an empty body', sending(200, '')],
    ['truncated JSON', sending(200, '{"retCode":0,"result":{"list":[{"coin":[')],
    ['another envelope', sending(200, { success: true, data: [] })],
    ['no list where one must be', sending(200, { retCode: 0, retMsg: 'OK', result: {} })],
    ['a bare value', sending(200, '[]'.slice(0, 0).concat('0'))],
    ['a redirect', sending(302, '', { location: 'http://127.0.0.1:9/elsewhere' })],
    ['a body that is not compressed as it says', sending(200, 'plain', { 'content-encoding': 'gzip' })],
  ];
  for (const [what, route] of bad) {
    it(`that are ${what} are errors and never empty`, async () => {
      server.route(at(BALANCE, route));
      const session = await managed.session();
      const error = await rejection(read(session, 'fetchBalance'));
      expect(error).to.include({ code: 'EXCHANGE_BAD_RESPONSE' });
      expect(error.message).to.match(/^bybit\/main: fetchBalance of a scope failed: The answer /);
    });
  }

  it('are tried again when they were bad', async () => {
    server.route(at(BALANCE, sending(200, '<html>'), 2));
    const balance = await read(await managed.session(), 'fetchBalance');
    expect(balance).to.have.nested.property('BTC.total', '1.5');
    expect(server.count(BALANCE)).to.equal(3);
  });

  it('are read to the last byte within the deadline', async () => {
    const session = await managed.session();
    const stalled = serveOnce(server, BALANCE, (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"retCode":0,');
    });
    const reading = rejection(read(session, 'fetchBalance'));
    const response = await stalled;
    server.route(at(BALANCE, sending(200, '<html>')));
    await clock.advance(30_000);
    await once(response, 'close');
    await reading;
    expect(server.count(BALANCE), 'the attempt that timed out was repeated').to.be.greaterThan(1);
  });

  it('that never end end the call at its deadline', async () => {
    const session = await managed.session();
    server.route(
      at(BALANCE, (_request, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' });
        response.write(gzipSync('{"retCode":0,').subarray(0, 12));
        return ANSWERED;
      }),
    );
    const reading = rejection(read(session, 'fetchBalance'));
    let error: Error | undefined;
    void reading.then((rejected) => {
      error = rejected;
    });
    while (error === undefined) await clock.advance(5_000);
    expect(error).to.include({ code: 'EXCHANGE_TIMEOUT' });
  });

  for (const encoding of [undefined, 'gzip']) {
    it(`that break off in the middle (${encoding ?? 'plain'}) are no answers`, async () => {
      server.route(
        at(BALANCE, (_request, response) => {
          const body =
            encoding === 'gzip' ? gzipSync('{"retCode":0,"result":{}}') : Buffer.from('{"retCode":0}');
          response.writeHead(200, {
            'content-length': 1000,
            ...(encoding && { 'content-encoding': encoding }),
          });
          response.write(body.subarray(0, 12), () => response.destroy());
          return ANSWERED;
        }),
      );
      const error = await rejection(read(await managed.session(), 'fetchBalance'));
      expect(error.code).to.be.oneOf(['EXCHANGE_UNAVAILABLE', 'EXCHANGE_BAD_RESPONSE']);
    });
  }

  it('are left when the caller gives up in the middle of a body', async () => {
    const session = await managed.session();
    const caller = new AbortController();
    const stalled = serveOnce(server, BALANCE, (response) => response.write('{"retCode":0,'));
    const context = readContext({ signal: caller.signal });
    const reading = rejection(read(session, 'fetchBalance', [], { context }));
    const response = await stalled;
    caller.abort();
    expect(await reading).to.include({ code: 'ABORTED' });
    await once(response, 'close');
    expect(server.count(BALANCE)).to.equal(1);
  });

  it('give their status, headers and code to the error of the same answer', async () => {
    const session = await managed.session();
    const answers = [
      { status: 429, code: 10006, headers: { 'retry-after': '3600' } },
      { status: 500, code: 10016, headers: {} },
    ];
    server.route((request, response) => {
      const answer = answers[request.query.get('accountType') === 'UNIFIED' ? 0 : 1]!;
      if (!request.path.endsWith('balance')) return undefined;
      const body = { retCode: answer.code, retMsg: `said ${answer.code}` };
      return sending(answer.status, body, answer.headers)(request, response);
    });
    const [limited, failed] = await Promise.all([
      rejection(read(session, 'fetchBalance', [{ type: 'unified' }])),
      rejection(read(session, 'fetchBalance', [{ type: 'funding' }])),
    ]);
    expect(limited.details).to.include({ httpStatus: 429, exchangeCode: '10006' });
    expect(failed.details).to.include({ exchange: 'bybit' });
    expect(failed.code).to.be.oneOf(['EXCHANGE_UNAVAILABLE', 'RATE_LIMITED']);
  });

  it('keep every digit of their numbers, as strings', async () => {
    const list =
      '[{"accountType":"UNIFIED","coin":[{"coin":"BTC","walletBalance":0.1234567890123456789,"locked":1e-18,"equity":1}]}]';
    server.route(at(BALANCE, `{"retCode":0,"retMsg":"OK","result":{"list":${list}}}`));
    const balance = await read(await managed.session(), 'fetchBalance');
    expect(balance).to.have.nested.property('BTC.total', '0.1234567890123456789');
    expect(balance).to.have.nested.property('BTC.used', '0.000000000000000001');
  });

  it('cost one request each on the meter, no matter how they end', async () => {
    const context = readContext();
    const session = await managed.session(context);
    expect(context.meter.requests).to.equal(server.requests.length);
    server.route(at(BALANCE, sending(200, ''), 1));
    const second = readContext();
    const before = server.requests.length;
    await read(session, 'fetchBalance', [], { context: second });
    expect(second.meter.requests).to.equal(server.requests.length - before);
    expect(server.count(BALANCE)).to.equal(2);
  });
});

describe('an exchange that cannot be reached', () => {
  it('is unavailable, in words that hold no address of a proxy', async () => {
    const proxyUrl = 'http://127.0.0.1:9/token-canary/';
    const managed = new Managed({ exchange: 'bybit', clock: systemClock, profile, connection: { proxyUrl } });
    const error = await rejection(managed.session());
    await managed.manager.close();
    expect(error).to.include({ code: 'EXCHANGE_UNAVAILABLE' });
    expect(error.message).to.include('ECONNREFUSED').and.not.include('token-canary');
  });
});

/** Resolves with the response that `serve` began and that nobody ends. */
function serveOnce(
  server: ExchangeServer,
  path: string,
  serve: (response: ServerResponse) => unknown,
): Promise<ServerResponse> {
  return new Promise((resolve) => {
    const route: Route = (_request, response) => {
      serve(response);
      resolve(response);
      return ANSWERED;
    };
    server.route(at(path, route, 1));
  });
}
