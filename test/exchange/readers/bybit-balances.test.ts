import { expect } from 'chai';
import { systemClock } from '#src/domain/clock.js';
import type { AccountClient } from '#src/exchange/exchange-client.js';
import { bybit } from '#src/exchange/profiles/bybit.js';
import { createAccountClient } from '#src/exchange/readers/account-client.js';
import { ExchangeServer } from '../support/exchange-server.js';
import { answering } from './answering.js';
import { passingSession, readContext } from './passing-session.js';
import { recorded } from './recorded.js';

interface RecordedBalances {
  methods: {
    fetchBalance: [
      {
        httpResponse: { result: { list: [{ coin: { coin: string; walletBalance: string }[] }] } };
        parsedResponse: Record<string, { free: number; used: number }>;
      },
    ];
  };
}

const WALLET = '/v5/account/wallet-balance';
const FUND = '/v5/asset/transfer/query-account-coins-balance';

describe('balances of bybit', () => {
  let server: ExchangeServer;
  afterEach(() => server?.close());

  async function client(path: string, body: unknown): Promise<AccountClient> {
    server = await ExchangeServer.start(answering(path, body));
    const session = await passingSession({ exchange: 'bybit', server, profile: bybit, markets: [] });
    const account = { exchange: 'bybit', account: 'main' };
    return createAccountClient({ session, profile: bybit, account, clock: systemClock });
  }

  const unified = (coin: unknown) => ({
    retCode: 0,
    result: { list: [{ accountType: 'UNIFIED', coin }] },
  });

  it('are read from the unified wallet with one request that needs no transfer permission', async function () {
    const { httpResponse, parsedResponse } = recorded<RecordedBalances>(this, 'ccxt-static/bybit.json')
      .methods.fetchBalance[0];
    const account = await client(WALLET, httpResponse);
    const { records, rejected, pages } = await account.readBalances('wallet=UNIFIED', readContext());

    expect(server.requests.map(({ path, query }) => [path, query.get('accountType')])).deep.equal([
      [WALLET, 'UNIFIED'],
    ]);
    expect(rejected).deep.equal([]);
    expect(pages).equal(1);
    const coins = httpResponse.result.list[0].coin;
    expect(records).length(coins.length);
    for (const { coin, walletBalance } of coins) {
      const record = records.find(({ currency }) => currency === coin);
      expect(record?.total, coin).equal(walletBalance);
      expect(Number(record?.available), coin).closeTo(Number(parsedResponse[coin]?.free), 1e-9);
      expect(Number(record?.locked), coin).closeTo(Number(parsedResponse[coin]?.used), 1e-9);
    }
  });

  it('are negative where coins were borrowed and sold', async function () {
    const account = await client(
      WALLET,
      recorded(this, 'wire/bybit/http_get_wallet_balance_spot_short.json'),
    );
    const { records } = await account.readBalances('wallet=UNIFIED', readContext());
    expect(records.map(({ currency, total }) => [currency, total])).deep.equal([
      ['ETH', '-0.06142'],
      ['USDT', '2500.00'],
    ]);
  });

  it('do not count borrowed coins that are still there as owned', async () => {
    const account = await client(
      WALLET,
      unified([
        { coin: 'USDT', walletBalance: '100.5', locked: '0', borrowAmount: '40.1', spotBorrow: '40' },
      ]),
    );
    const { records } = await account.readBalances('wallet=UNIFIED', readContext());
    expect(records[0]?.total).equal('60.5');
  });

  it('keep a debt that bybit itself made, and zero', async () => {
    const account = await client(
      WALLET,
      unified([
        {
          coin: 'BTC',
          walletBalance: '-0.10000001',
          locked: '0',
          borrowAmount: '0.10000001',
          spotBorrow: '0',
        },
        { coin: 'USDT', walletBalance: '0', locked: '0', borrowAmount: '0', spotBorrow: '0' },
      ]),
    );
    const { records } = await account.readBalances('wallet=UNIFIED', readContext());
    expect(records.map(({ total }) => total)).deep.equal(['-0.10000001', '0']);
  });

  it('are read from the funding wallet', async () => {
    const account = await client(FUND, {
      retCode: 0,
      result: {
        accountType: 'FUND',
        balance: [{ coin: 'USDC', transferBalance: '1010.5', walletBalance: '1012.25', bonus: '' }],
      },
    });
    const { records } = await account.readBalances('wallet=FUND', readContext());
    expect(server.requests[0]?.query.get('accountType')).equal('FUND');
    expect(records).deep.equal([
      { wallet: 'FUND', currency: 'USDC', available: '1010.5', locked: '1.75', total: '1012.25' },
    ]);
  });

  it('of an empty account are empty', async () => {
    const account = await client(WALLET, unified([]));
    const { records, rejected } = await account.readBalances('wallet=UNIFIED', readContext());
    expect([records, rejected]).deep.equal([[], []]);
  });

  for (const [what, body] of Object.entries({
    'no result': { retCode: 0 },
    'a result without a list': { retCode: 0, result: {} },
    'a list without an account': { retCode: 0, result: { list: [] } },
    'a list without coins': { retCode: 0, result: { list: [{ accountType: 'UNIFIED' }] } },
  })) {
    it(`are unknown, not empty, after an answer with ${what}`, async () => {
      const account = await client(WALLET, body);
      const outcome = await account.readBalances('wallet=UNIFIED', readContext()).catch((error) => error);
      expect(outcome).property('code', 'EXCHANGE_BAD_RESPONSE');
    });
  }

  it('set aside two coins that are one for ccxt, which knows the last of them only', async () => {
    const account = await client(
      WALLET,
      unified([
        { coin: 'BTC', walletBalance: '1', locked: '0' },
        { coin: 'XBT', walletBalance: '2', locked: '0' },
        { coin: 'ETH', walletBalance: '3', locked: '0' },
      ]),
    );
    const { records, rejected } = await account.readBalances('wallet=UNIFIED', readContext());
    expect(records.map(({ currency, total }) => [currency, total])).deep.equal([['ETH', '3']]);
    expect(rejected.map(({ row }) => row)).deep.equal(['balance of BTC', 'balance of BTC']);
  });

  it('set a row aside whose total is missing', async () => {
    const account = await client(
      WALLET,
      unified([
        { coin: 'BTC', walletBalance: '' },
        { coin: 'ETH', walletBalance: '1E-10' },
      ]),
    );
    const { records, rejected } = await account.readBalances('wallet=UNIFIED', readContext());
    expect(records.map(({ currency, total }) => [currency, total])).deep.equal([['ETH', '0.0000000001']]);
    expect(rejected).deep.equal([{ row: 'balance of BTC', reason: 'total: the exchange did not say it' }]);
  });
});
