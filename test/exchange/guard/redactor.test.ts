import { inspect } from 'node:util';
import { expect } from 'chai';
import { systemClock } from '#src/domain/clock.js';
import { Redactor } from '#src/exchange/guard/redactor.js';
import { binance } from '#src/exchange/profiles/binance.js';
import { bybit } from '#src/exchange/profiles/bybit.js';
import type { ExchangeProfile } from '#src/exchange/profiles/profile.js';
import { ANSWERED, ExchangeServer, type Route, type SeenRequest, send } from '../support/exchange-server.js';
import { Managed, read, rejection } from '../support/managed.js';
import { binanceRoutes, bybitRoutes } from '../support/small-exchanges.js';

const CREDENTIALS = { apiKey: 'KEY-canary/1', secret: 'SECRET-canary+2' };

describe('errors of an exchange', () => {
  const exchanges: [ExchangeProfile, Route[], string][] = [
    [bybit, bybitRoutes(systemClock), 'unified'],
    [binance, binanceRoutes(systemClock), 'spot'],
  ];
  const answers: [string, (request: SeenRequest) => [number, string]][] = [
    ['that repeat the request', (request) => [400, JSON.stringify(echo(request))]],
    [
      'of a page that repeats the request',
      (request) => [503, `<html>${JSON.stringify(echo(request))}</html>`],
    ],
    ['of a huge body', (request) => [500, `${'x'.repeat(300_000)}${JSON.stringify(echo(request))}`]],
    [
      'of a status that nobody expects',
      (request) => [499, JSON.stringify({ msg: request.query.toString() })],
    ],
  ];
  for (const [profile, routes, type] of exchanges) {
    for (const [what, answer] of answers) {
      it(`${what} hold no key, secret or signature (${profile.exchange})`, async () => {
        const server = await ExchangeServer.start(...routes);
        const { exchange } = profile;
        const managed = new Managed({
          exchange,
          clock: systemClock,
          profile,
          connection: { proxyUrl: server.url },
          credentials: { [`${exchange}/main`]: CREDENTIALS },
        });
        const session = await managed.session();
        let signed: SeenRequest | undefined;
        server.route((request, response) => {
          if (!isSigned(request)) return undefined;
          signed = request;
          const [status, body] = answer(request);
          send(response, body, status);
          return ANSWERED;
        });
        const error = await rejection(read(session, 'fetchBalance', [{ type }]));
        await managed.manager.close();
        await server.close();

        const shown = everythingOf(error);
        expect(signed, 'a signed request').to.not.equal(undefined);
        for (const secret of [...secretsIn(signed!), 'canary']) expect(shown).to.not.include(secret);
        expect(error.message.length).to.be.lessThan(1_000);
        expect(shown).to.include(exchange);
      });
    }
  }
});

describe('the redactor', () => {
  const redactor = new Redactor(['SECRET/value+1', '-----BEGIN KEY-----\nabc\n', 'x', undefined]);

  it('takes out secrets as they are, in JSON and in URLs', () => {
    for (const text of ['a SECRET/value+1 b', 'a SECRET%2Fvalue%2B1 b', '"-----BEGIN KEY-----\\nabc\\n"']) {
      expect(redactor.text(text))
        .to.include('<redacted>')
        .and.not.match(/SECRET|BEGIN/);
    }
  });

  it('takes the query out of URLs, also when the URL is inside another', () => {
    const plain = redactor.text('GET https://api.example.com/v3/account?timestamp=1&signature=abcdef failed');
    expect(plain).to.equal('GET https://api.example.com/v3/account?<redacted> failed');
    const inside = redactor.text(
      'http://127.0.0.1:1/https%3A%2F%2Fa.example%2Fv3%3Fsignature%3Dabcdef failed',
    );
    expect(inside).to.include('a.example').and.not.include('abcdef');
  });

  it('takes user and password out of URLs', () => {
    expect(redactor.text('proxy http://user:password@host:80 failed')).to.equal(
      'proxy http://<redacted>@host:80 failed',
    );
  });

  it('cuts long text, but no secret in two', () => {
    const text = redactor.text(`${'x'.repeat(295)}SECRET/value+1${'y'.repeat(300_000)}`);
    expect(text).to.have.lengthOf(300).and.not.include('SEC');
  });

  it('takes out what looks like a signature or a token', () => {
    const hex = 'ab12'.repeat(16);
    const base64 = `${'aB3/'.repeat(21)}w==`;
    const jwt = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJrZXkifQ.c2lnbmF0dXJl';
    expect(redactor.text(`sign=${hex} or "${base64}" or ${jwt}`)).to.equal(
      'sign=<redacted> or "<redacted>" or <redacted>',
    );
    expect(redactor.text('/v5/asset/transfer/query-account-coins-balance')).to.include('coins-balance');
  });

  it('does not take long for long text', () => {
    const startedAtMs = performance.now();
    for (const text of ['x', 'ab', 'https', 'eyJ.']) redactor.text(text.repeat(300_000));
    expect(performance.now() - startedAtMs).to.be.lessThan(1_000);
  });

  it('leaves short values alone, which are in every sentence', () => {
    expect(redactor.text('an exchange')).to.equal('an exchange');
  });
});

function isSigned({ headers, query }: SeenRequest): boolean {
  return 'x-bapi-sign' in headers || query.has('signature');
}

/** As bybit does for 10004, and as CDNs do on their error pages. */
function echo({ headers, query, path }: SeenRequest): object {
  return { code: -1, retCode: -1, msg: `https://host${path}?${query} ${JSON.stringify(headers)}`, headers };
}

function secretsIn({ headers, query }: SeenRequest): string[] {
  const signature = query.get('signature') ?? String(headers['x-bapi-sign']);
  expect(signature).to.have.length.greaterThan(20);
  return [signature, CREDENTIALS.apiKey, CREDENTIALS.secret];
}

function everythingOf(error: Error): string {
  return [
    error.message,
    error.stack,
    inspect(error, { depth: 20, showHidden: true }),
    inspect(error.cause, { depth: 20, showHidden: true }),
    JSON.stringify(error),
    JSON.stringify(error.cause),
    JSON.stringify(Object.getOwnPropertyDescriptors(error)),
    String((error.cause as Error | undefined)?.stack),
  ].join('\n');
}
