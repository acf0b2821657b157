import { expect } from 'chai';
import type { Credentials } from '#src/credentials/credentials.js';
import { type Clock, systemClock } from '#src/domain/clock.js';
import type { AccountClient, ReadContext } from '#src/exchange/exchange-client.js';
import { ExchangeManager } from '#src/exchange/exchange-manager.js';
import { exchangeReaders } from '#src/exchange/exchange-readers.js';
import { silentLogger } from '../../support/silent-logger.js';
import { ANSWERED, ExchangeServer, send } from '../support/exchange-server.js';
import { answer, failure, KRAKEN_KEY, KRAKEN_SECRET, KrakenRules } from '../support/kraken-rules.js';
import { rejection } from '../support/managed.js';
import { readContext } from './passing-session.js';

const NOW_MS = 1_758_190_052_000;
/** It stands still, and whoever sleeps is not kept waiting for it. */
const clock: Clock = { now: () => NOW_MS, sleep: (ms, signal) => systemClock.sleep(ms, signal) };

const ORDER = {
  refid: null,
  userref: 0,
  status: 'open',
  opentm: 1_758_190_000.1234,
  starttm: 0,
  expiretm: 0,
  descr: {
    pair: 'XBTEUR',
    type: 'buy',
    ordertype: 'limit',
    price: '50000.0',
    price2: '0',
    leverage: 'none',
    order: 'buy 0.30000000 XBTEUR @ limit 50000.0',
    close: '',
  },
  vol: '0.30000000',
  vol_exec: '0.10000000',
  cost: '4999.00000',
  fee: '10.00000',
  price: '49990.0',
  stopprice: '0.00000',
  limitprice: '0.00000',
  misc: '',
  oflags: 'fciq',
};

describe('reading kraken', () => {
  let server: ExchangeServer;
  let manager: ExchangeManager;
  let rules: KrakenRules;
  let context: ReadContext;

  async function account(credentials: Credentials = {}): Promise<AccountClient> {
    rules = new KrakenRules(clock.now);
    server = await ExchangeServer.start(rules.route);
    context = readContext();
    manager = new ExchangeManager({
      settings: [
        { id: 'kraken', connection: { testnet: false, proxyUrl: server.url }, accountConnections: {} },
      ],
      credentials: {
        resolve: async () => ({
          credentials: { apiKey: KRAKEN_KEY, secret: KRAKEN_SECRET, ...credentials },
          source: 'test',
        }),
      },
      readers: exchangeReaders,
      clock,
      logger: silentLogger,
      emit: () => undefined,
      random: () => 0,
      callDeadlineMs: 4_000,
    });
    return manager.account({ exchange: 'kraken', account: 'main' }, context);
  }

  afterEach(async () => {
    await manager.close();
    await server.close();
  });

  const sent = (path: string) =>
    server.requests
      .filter((request) => request.path === `/0/private/${path}`)
      .map(({ body }) => {
        const { nonce: _, ...rest } = Object.fromEntries(new URLSearchParams(body));
        return rest;
      });

  describe('balances', () => {
    const balances = async (result: unknown) => {
      const client = await account();
      rules.private.BalanceEx = answer(result);
      return client.readBalances('wallet=spot', context);
    };

    it('are of one wallet per product, under the names that other exchanges use', async () => {
      const { records, rejected } = await balances({
        XXBT: { balance: '1.2435000000', hold_trade: '0.8423000000' },
        'XBT.M': { balance: '0.5000000000', hold_trade: '0.0000000000' },
        'XBT.F': { balance: '0.0100000000', hold_trade: '0.0000000000' },
        ZEUR: { balance: '25435.2100', hold_trade: '8249.7600' },
        'EUR.HOLD': { balance: '100.0000', hold_trade: '0.0000' },
        'DOT.S': { balance: '3.0000000000', hold_trade: '0.0000000000' },
        'DOT28.S': { balance: '7.0000000000', hold_trade: '0.0000000000' },
        'C98.S': { balance: '9.00000000', hold_trade: '0.00000000' },
        'AAPLx.T': { balance: '2.00000000', hold_trade: '0.00000000' },
        USDT: { balance: '0.00000000', hold_trade: '0.00000000' },
      });
      expect(sent('BalanceEx')).deep.equal([{}]);
      expect(rejected).deep.equal([]);
      expect(records.map(({ wallet, currency, total }) => [wallet, currency, Number(total)])).deep.equal([
        ['spot', 'BTC', 1.2435],
        ['spot.M', 'BTC', 0.5],
        ['spot.F', 'BTC', 0.01],
        ['spot', 'EUR', 25435.21],
        ['spot.HOLD', 'EUR', 100],
        ['spot.S', 'DOT', 3],
        ['spot.28.S', 'DOT', 7],
        ['spot.S', 'C98', 9],
        ['spot', 'AAPLX.T', 2],
        ['spot', 'USDT', 0],
      ]);
      const [bitcoin, rewards] = records;
      expect([bitcoin?.available, bitcoin?.locked].map(Number)).deep.equal([0.4012, 0.8423]);
      expect([rewards?.available, rewards?.locked]).deep.equal([undefined, undefined]);
    });

    it('owe what was drawn of a credit line', async () => {
      const { records } = await balances({
        ZEUR: { balance: '100.0000', hold_trade: '0.0000', credit: '1000.0000', credit_used: '250.0000' },
      });
      expect(Number(records[0]?.total)).equal(-150);
    });

    it('of an account that holds nothing are none', async () => {
      expect((await balances({})).records).deep.equal([]);
    });

    it('are unknown where the answer has none', async () => {
      const client = await account();
      rules.private.BalanceEx = { error: [] };
      const error = await rejection(client.readBalances('wallet=spot', context));
      expect(error).property('code', 'EXCHANGE_BAD_RESPONSE');
    });
  });

  describe('orders', () => {
    it('that are open are asked for at once, and have their own trigger and limit', async () => {
      const client = await account();
      const stop = { pair: 'XBTEUR', type: 'sell', price: '45000.0', leverage: 'none', close: '' };
      rules.private.OpenOrders = answer({
        open: {
          'OA-1': ORDER,
          'OA-2': {
            ...ORDER,
            vol_exec: '0.00000000',
            price: '0.00000',
            descr: { ...stop, ordertype: 'stop-loss-limit', price2: '44900.0', order: 'sell …' },
          },
          'OA-3': {
            ...ORDER,
            oflags: 'fciq,viqc',
            vol: '500.00000000',
            vol_exec: '0.00000000',
            price: '0.00000',
            descr: { ...ORDER.descr, ordertype: 'market', price: '0', order: 'buy 500 XBTEUR @ market' },
          },
        },
      });
      const { records, rejected } = await client.readOpenOrders('spot', context);
      expect(sent('OpenOrders')).deep.equal([{}]);
      expect(rejected).deep.equal([]);
      const byId = new Map(records.map((record) => [record.orderId, record]));
      expect(byId.get('OA-1')).deep.equal({
        symbol: 'BTC/EUR',
        orderId: 'OA-1',
        orderType: 'limit',
        side: 'buy',
        price: '50000.0',
        triggerPrice: undefined,
        average: '49990.0',
        amount: '0.30000000',
        filled: '0.10000000',
        remaining: '0.2',
        status: 'open',
        rawStatus: 'open',
        timestampMs: 1_758_190_000_123,
      });
      expect(byId.get('OA-2')).includes({ price: '44900.0', triggerPrice: '45000.0', average: undefined });
      expect(byId.get('OA-3')).includes({ price: undefined, amount: undefined, remaining: undefined });
    });

    it('are unknown where the answer has no list of them', async () => {
      const client = await account();
      rules.private.OpenOrders = answer({});
      const error = await rejection(client.readOpenOrders('spot', context));
      expect(error).property('code', 'EXCHANGE_BAD_RESPONSE');
    });

    it('that ended within a day are followed by offset, by when they ended', async () => {
      const client = await account();
      const page = (from: number, count: number) =>
        Object.fromEntries(
          Array.from({ length: count }, (_, index) => [
            `OC-${from + index}`,
            { ...ORDER, status: index % 2 === 0 ? 'canceled' : 'closed', closetm: 1_758_190_050.5 },
          ]),
        );
      rules.private.ClosedOrders = (form: URLSearchParams) =>
        answer({ closed: form.get('ofs') === '50' ? page(50, 7) : page(0, 50), count: 57 });
      const { records, pages } = await client.readRecentOrders('recent:spot', [], context);
      const start = String(Math.floor((clock.now() - 86_400_000) / 1000));
      expect(sent('ClosedOrders')).deep.equal([
        { closetime: 'close', start },
        { closetime: 'close', start, ofs: '50' },
      ]);
      expect(pages).equal(2);
      expect(records).lengthOf(57);
      expect(new Set(records.map(({ status }) => status))).deep.equal(new Set(['canceled', 'closed']));
    });

    it('that vanished are asked for by their id, and one that is unknown is none', async () => {
      const client = await account();
      rules.private.QueryOrders = (form: URLSearchParams) =>
        form.get('txid') === 'OA-1'
          ? answer({ 'OA-1': { ...ORDER, status: 'expired' } })
          : failure('EOrder:Unknown order');
      expect(await client.readOrder('spot', 'BTC/EUR', 'OA-1', context)).includes({ status: 'expired' });
      expect(await client.readOrder('spot', 'BTC/EUR', 'OA-9', context)).equal(undefined);
    });
  });

  it('gets the prices of all markets with one request', async () => {
    await account();
    const market = await manager.marketData('kraken', context);
    const { records } = await market.readPrices('spot', context);
    expect(records.map(({ base, quote, price, source }) => [base, quote, price, source])).deep.equal([
      ['BTC', 'EUR', '50005.5', 'last'],
      ['DOT', 'EUR', '4.1', 'mid'],
    ]);
  });

  it('sends the requests of a key one after the other, so that their nonces arrive in order', async () => {
    const client = await account();
    const held: (() => void)[] = [];
    server.route((request, response) => {
      if (!request.path.startsWith('/0/private/')) return undefined;
      held.push(() => send(response, rules.route(request, response)));
      return ANSWERED;
    });
    rules.private.BalanceEx = answer({});
    rules.private.OpenOrders = answer({ open: {} });
    const reads = [0, 1, 2].flatMap(() => [
      client.readBalances('wallet=spot', context),
      client.readOpenOrders('spot', context),
    ]);
    const arrived = () => server.requests.filter(({ path }) => path.startsWith('/0/private/')).length;
    const roundTrip = async () => {
      const answered = await fetch(`${server.url}https://api.kraken.com/0/public/Time`, {
        headers: { connection: 'close' },
      });
      await answered.text();
    };
    for (const [index, read] of reads.entries()) {
      while (arrived() <= index) await roundTrip();
      // Whatever else was sent with it has arrived when a request that begins later comes back.
      await roundTrip();
      expect(arrived()).equal(index + 1);
      held.shift()?.();
      await read;
    }
    expect(rules.nonces).lengthOf(6);
  });

  const ERRORS: [string, string, RegExp][] = [
    ['EAPI:Invalid key', 'AUTHENTICATION_FAILED', /API key/],
    ['EAPI:Invalid signature', 'AUTHENTICATION_FAILED', /KRAKEN_API_SECRET/],
    ['EAPI:Invalid nonce', 'CLOCK_SKEW', /no other program/],
    ['EGeneral:Permission denied', 'PERMISSION_DENIED', /Query Funds/],
    ['EGeneral:Temporary lockout', 'BANNED', /quarter of an hour/],
    ['EAPI:Rate limit exceeded', 'RATE_LIMITED', /wait/],
    ['EService:Unavailable', 'EXCHANGE_UNAVAILABLE', /Unavailable/],
    ['ETrade:User Locked', 'PERMISSION_DENIED', /support/],
  ];
  for (const [sentence, code, advice] of ERRORS) {
    it(`takes ${sentence} for ${code}`, async () => {
      const client = await account();
      rules.private.BalanceEx = failure(sentence);
      const error = await rejection(client.readBalances('wallet=spot', context));
      expect(error).property('code', code);
      expect(error.message).match(advice);
    });
  }

  it('says of a secret that is not Base64 what is wrong with it', async () => {
    const client = await account({ secret: 'canary!' });
    const error = await rejection(client.readBalances('wallet=spot', context));
    expect(error).property('code', 'AUTHENTICATION_FAILED');
    expect(error.message).not.include('canary');
  });

  it('names the variable of a secret that is wrong, and repeats nothing of it', async () => {
    const client = await account({ secret: Buffer.from('other-canary').toString('base64') });
    const error = await rejection(client.readBalances('wallet=spot', context));
    expect(error).property('code', 'AUTHENTICATION_FAILED');
    expect(error.message).include('KRAKEN_API_SECRET').and.not.include('canary');
  });
});
