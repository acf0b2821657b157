import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from 'chai';
import { Agent } from 'undici';
import { systemClock } from '#src/domain/clock.js';
import { inCall } from '#src/exchange/ccxt/call-context.js';
import { createExchange } from '#src/exchange/ccxt/create-exchange.js';
import { loadExchangeClass } from '#src/exchange/ccxt/exchange-class.js';
import { CCXT_INTERNALS, type RawExchange, type RawExchangeClass } from '#src/exchange/ccxt/raw-exchange.js';
import { profileOf } from '#src/exchange/profiles/index-of-profiles.js';
import { at, ExchangeServer, sending } from '../support/exchange-server.js';
import { rejection } from '../support/managed.js';

const CREDENTIALS = {
  apiKey: 'key-canary',
  secret: 'c2VjcmV0LWNhbmFyeQ==',
  password: 'pass-canary',
  uid: '1',
};

/** Exchanges whose ccxt client reads a body that is no JSON as an empty account, or as garbage rows. */
const EXCHANGES = [
  'bybit',
  'binance',
  'okx',
  'kraken',
  'kucoin',
  'gate',
  'bitget',
  'mexc',
  'htx',
  'bitfinex',
  'deribit',
];
const READS = ['fetchBalance', 'fetchPositions', 'fetchOpenOrders'];
const BODIES = { 'a page': '<html>maintenance</html>', nothing: '', 'half of it': '[{"a":1},{"a"' };

describe('a hardened ccxt client', () => {
  let server: ExchangeServer;
  let dispatcher: Agent;

  before(async () => {
    server = await ExchangeServer.start();
    dispatcher = new Agent();
  });

  after(async () => {
    await dispatcher.destroy();
    await server.close();
  });

  async function create(id: string, Class?: RawExchangeClass): Promise<RawExchange> {
    const ExchangeClass = Class ?? (await loadExchangeClass(id));
    const exchange = createExchange(ExchangeClass, {
      profile: profileOf(id, () => new ExchangeClass({})),
      connection: { testnet: false, proxyUrl: server.url },
      credentials: CREDENTIALS,
      transport: { dispatcher, clock: systemClock, timeoutMs: 10_000 },
      limiter: { acquire: async () => undefined, observe: () => undefined },
    });
    (exchange as unknown as { setMarkets(markets: object[]): void }).setMarkets([
      { id: 'BTCUSDT', symbol: 'BTC/USDT', base: 'BTC', quote: 'USDT', type: 'spot', spot: true },
    ]);
    exchange.options.warnOnFetchOpenOrdersWithoutSymbol = false;
    return exchange;
  }

  function call(work: () => Promise<unknown>): Promise<unknown> {
    const { signal } = new AbortController();
    const context = { signal, deadlineAtMs: Date.now() + 10_000, meter: { requests: 0 } };
    return inCall({ ...context, priority: 'schedule' }, async () => work());
  }

  for (const id of EXCHANGES) {
    it(`of ${id} never takes a body that is no JSON for an empty account`, async () => {
      const exchange = await create(id);
      for (const [what, body] of Object.entries(BODIES)) {
        server.route((request, response) => sending(200, body)(request, response));
        for (const method of READS.filter((name) => exchange.has[name])) {
          const read = exchange[method] as () => Promise<unknown>;
          const error = await rejection(call(() => read.call(exchange)));
          // Some reads need a symbol and say so without a request.
          const expected = /requires a symbol/.test(error.message) ? undefined : 'EXCHANGE_BAD_RESPONSE';
          expect(error.code, `${id} ${method} of ${what}: ${error.message}`).to.equal(expected);
        }
      }
    });
  }

  it('gives numbers as strings, expands exponents exactly, and takes junk for unknown', async () => {
    const exchange = await create('bybit');
    const cases = [
      ['1.234567890123456789e-7', '0.0000001234567890123456789'],
      ['800.00', '800.00'],
      [1e-7, '0.0000001'],
      ['', undefined],
      ['abc', undefined],
      [undefined, undefined],
      [null, undefined],
    ] as const;
    for (const [given, expected] of cases)
      expect(exchange.parseNumber(given), String(given)).to.equal(expected);
  });

  it('gives no nonce twice within a millisecond, and follows a clock that was set back', async () => {
    const exchange = await create('kraken');
    let nowMs = 1_700_000_000_000;
    exchange.milliseconds = () => nowMs;
    expect([exchange.nonce(), exchange.nonce(), exchange.nonce()]).to.deep.equal([
      nowMs,
      nowMs + 1,
      nowMs + 2,
    ]);
    nowMs += 1;
    expect(exchange.nonce()).to.equal(nowMs + 2);
    nowMs -= 30_000;
    expect(exchange.nonce()).to.equal(nowMs);
  });

  it('does not follow a redirect, which would carry a signature to another host', async () => {
    const exchange = await create('bybit');
    const location = `${server.url}https%3A%2F%2Felsewhere.example%2Fv5%2Fcaught`;
    server.route(at('/v5/account/wallet-balance', sending(307, '', { location })));
    const error = await rejection(call(() => exchange.fetchBalance({ type: 'unified' })));
    expect(error).to.include({ code: 'EXCHANGE_BAD_RESPONSE' });
    expect(error.message).to.include('redirect');
    expect(server.paths()).to.not.include('/v5/caught');
  });

  for (const name of CCXT_INTERNALS) {
    it(`is refused where ccxt has no ${name}()`, async () => {
      const bybit = await loadExchangeClass('bybit');
      class Without extends bybit {
        constructor(config: Readonly<Record<string, unknown>>) {
          super(config);
          Object.assign(this, { [name]: undefined });
        }
      }
      const error = await rejection(create('bybit', Without));
      expect(error).to.include({ code: 'INTERNAL' });
      expect(error.message).to.include(`no ${name}()`);
    });
  }

  it('is made from exactly the version that was examined', () => {
    const require = createRequire(import.meta.url);
    const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
    const entry = require.resolve('ccxt');
    const installed = JSON.parse(
      readFileSync(`${entry.slice(0, entry.lastIndexOf('/ccxt/'))}/ccxt/package.json`, 'utf8'),
    );
    expect(manifest.dependencies.ccxt).to.equal('4.5.84');
    expect(installed.version).to.equal(manifest.dependencies.ccxt);
    expect(manifest.dependencies.undici, "ccxt's own undici").to.equal(installed.dependencies.undici);
  });
});
