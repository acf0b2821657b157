import { expect } from 'chai';
import type { Context } from 'mocha';
import type { SyncReport } from '#src/domain/report.js';
import { compare } from '#src/ledger/decimal.js';
import { recorded } from '../exchange/readers/recorded.js';
import { ExchangeServer, type Route, type SeenRequest } from '../exchange/support/exchange-server.js';
import { useSandbox } from './support/sandbox.js';

interface BybitList {
  readonly result: { readonly list: readonly Record<string, unknown>[] };
}

/** Answers as real exchanges sent them, through the program, into rows. */
describe('recorded answers', function () {
  this.timeout(60_000);
  const sandbox = useSandbox({ exchanges: [] });
  let server: ExchangeServer | undefined;

  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  async function sync(exchange: string, ...routes: Route[]): Promise<readonly SyncReport[]> {
    server = await ExchangeServer.start(...routes);
    const name = exchange.toUpperCase();
    const env = {
      [`${name}_PROXY_URL`]: server.url,
      [`${name}_API_KEY`]: 'invented-key',
      [`${name}_API_SECRET`]: 'invented-secret',
    };
    const { stdout, stderr } = await sandbox.run(['run', '--one-time', '--json', '--exchanges', exchange], {
      env,
    });
    expect(stdout, stderr).to.match(/^\[/);
    return JSON.parse(stdout) as SyncReport[];
  }

  function expectOk(reports: readonly SyncReport[], ...dataTypes: string[]): void {
    const found = reports.filter(({ dataType }) => dataTypes.includes(dataType));
    expect(found.map(({ dataType, status, errors }) => ({ dataType, status, errors }))).to.have.deep.members(
      dataTypes.map((dataType) => ({ dataType, status: 'ok', errors: [] })),
    );
  }

  it('of bybit become its rows, 640 prices among them', async function () {
    const wire = (name: string) => recorded<BybitList>(this, `wire/bybit/http_get_${name}.json`);
    const { http_response: tickers } = recorded<{ http_response: BybitList }>(
      this,
      'public/bybit-spot-tickers.json',
    );
    const balances = wire('wallet_balance');
    const positions = wire('positions');
    const reports = await sync('bybit', bybit(this, { tickers, balances, positions }));
    expectOk(reports, 'balances', 'positions', 'prices');

    const mirror = await sandbox.stored.mirror();
    const prices = Object.fromEntries(mirror.prices.map(({ base, quote, price }) => [base + quote, price]));
    expect(Object.keys(prices)).to.have.length(640);
    for (const { symbol, lastPrice } of tickers.result.list) {
      expect(compare(prices[String(symbol)] ?? '', String(lastPrice)), String(symbol)).to.equal(0);
    }

    expect(mirror.balances.map(({ currency, total }) => [currency, total])).to.have.deep.members([
      ['BTC', '0'],
      ['USDT', '1000.50'],
      // Borrowed, and owed.
      ['ETH', '-0.06142'],
    ]);
    const held = positions.result.list.filter(({ size }) => size !== '0');
    expect(mirror.positions.map(({ symbol, side, entryPrice }) => [symbol, side, entryPrice])).to.deep.equal([
      ['BTC/USDT:USDT', 'long', '50000.00'],
      ['ETH/USDT:USDT', 'short', '3000.00'],
    ]);
    for (const [index, { size, unrealisedPnl }] of held.entries()) {
      expect(compare(mirror.positions[index]?.contracts ?? '', String(size))).to.equal(0);
      expect(compare(mirror.positions[index]?.unrealizedPnl ?? '', String(unrealisedPnl))).to.equal(0);
    }
  });

  it('of binance become its rows', async function () {
    const spot = recorded<object>(this, 'wire/binance/spot/account_response.json');
    const futures = recorded<object>(this, 'wire/binance/futures/account_info_v2.json');
    const exchangeInfo = recorded<object>(this, 'wire/binance/spot/exchange_info_response.json');
    const bodies: Readonly<Record<string, object>> = {
      '/api/v3/exchangeInfo': exchangeInfo,
      '/fapi/v1/exchangeInfo': { symbols: [] },
      '/dapi/v1/exchangeInfo': { symbols: [] },
      '/api/v3/time': { serverTime: Date.now() },
      '/api/v3/account': spot,
      '/fapi/v3/account': futures,
      '/fapi/v2/account': futures,
      '/dapi/v1/account': { assets: [], positions: [] },
    };
    const reports = await sync('binance', ({ path }) => bodies[path] ?? []);
    expectOk(reports, 'balances');
    const { balances } = await sandbox.stored.mirror();
    const found = balances.filter(({ exchange }) => exchange === 'binance');
    expect(found.map(({ wallet, currency, total }) => [wallet, currency, total])).to.have.deep.members([
      ['MAIN', 'BTC', '4723846.89208129'],
      ['MAIN', 'LTC', '4763368.68006011'],
      ['UMFUTURE', 'USDT', '23.72469206'],
    ]);
  });
});

interface BybitBodies {
  readonly tickers: BybitList;
  readonly balances: BybitList;
  readonly positions: BybitList;
}

/** What the recorded markets are quoted in. */
const QUOTES = 'USDT USDC USDE USD1 RLUSD XUSD MNT BTC ETH SOL EUR BRL PLN TRY DAI'.split(' ');

function marketOf(symbol: string): {
  readonly symbol: string;
  readonly baseCoin: string;
  readonly quoteCoin: string;
} {
  const quoteCoin = QUOTES.find((quote) => symbol.endsWith(quote)) ?? '';
  return { symbol, baseCoin: symbol.slice(0, symbol.length - quoteCoin.length), quoteCoin };
}

function bybit(test: Context, { tickers, balances, positions }: BybitBodies): Route {
  // Markets that were not recorded look like the one that was; the recorder left the category out.
  const instruments = (category: string, markets: readonly object[] = [{}]) => {
    const body = recorded<BybitList>(test, `wire/bybit/http_get_instruments_${category}.json`);
    const list = markets.map((market) => ({ ...body.result.list[0], ...market }));
    return { ...body, result: { ...body.result, category, list } };
  };
  const markets: Readonly<Record<string, readonly object[]>> = {
    spot: tickers.result.list.map(({ symbol }) => marketOf(String(symbol))),
    linear: ['BTC', 'ETH', 'SOL'].map((baseCoin) => ({ symbol: `${baseCoin}USDT`, baseCoin })),
  };
  const empty = (category: string) => ({
    retCode: 0,
    retMsg: 'OK',
    result: { category, list: [], nextPageCursor: '', balance: [] },
    retExtInfo: {},
    time: Date.now(),
  });
  const answers: Readonly<Record<string, (query: SeenRequest['query']) => object | undefined>> = {
    '/v5/market/time': () => {
      const nowMs = Date.now();
      const result = { timeSecond: String(Math.floor(nowMs / 1000)), timeNano: `${nowMs}000000` };
      return { ...empty(''), result };
    },
    '/v5/market/instruments-info': (query) => {
      const category = query.get('category') ?? '';
      return instruments(category, markets[category]);
    },
    '/v5/market/tickers': () => tickers,
    '/v5/account/wallet-balance': () => balances,
    '/v5/position/list': (query) => (query.get('settleCoin') === 'USDT' ? positions : undefined),
  };
  return ({ path, query }) => answers[path]?.(query) ?? empty(query.get('category') ?? '');
}
